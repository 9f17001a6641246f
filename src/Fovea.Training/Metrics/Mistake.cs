namespace Fovea.Training.Metrics;

/// <summary>An image that was taken for what it is not.</summary>
/// <param name="Image">Its number in the source.</param>
/// <param name="Actual">Its class.</param>
/// <param name="Predicted">The class that it was taken for.</param>
/// <param name="Probability">The probability that the model gave to <paramref name="Predicted"/>, 0–1.</param>
/// <param name="ActualProbability">The probability that the model gave to <paramref name="Actual"/>, 0–1.</param>
public readonly record struct Mistake(int Image, int Actual, int Predicted, double Probability, double ActualProbability);
