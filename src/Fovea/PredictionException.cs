namespace Fovea;

/// <summary>A model has no answer: a weight or a logit is NaN or infinite. The message says which.</summary>
public sealed class PredictionException(string message) : Exception(message);
