namespace Fovea.Runs;

/// <summary>Work takes more memory than there is, or a tensor that is larger than can be addressed; the message says what takes less.</summary>
/// <param name="message">What, how much it takes, how much there is, what was wanted.</param>
public sealed class MemoryNeedException(string message) : Exception(message);
