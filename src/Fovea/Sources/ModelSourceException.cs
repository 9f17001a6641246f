namespace Fovea.Sources;

/// <summary>A model cannot be had from where it was said to be; the message says what is there, and what was wanted.</summary>
/// <param name="message">Where, what it is, what was wanted.</param>
/// <param name="inner">What failed.</param>
public sealed class ModelSourceException(string message, Exception? inner = null) : Exception(message, inner);
