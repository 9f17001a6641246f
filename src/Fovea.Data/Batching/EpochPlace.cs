namespace Fovea.Data.Batching;

/// <summary>What a place of an epoch's order shows.</summary>
/// <param name="Sample">The number of the image in its source.</param>
/// <param name="Copy">Which of its repetitions, or of its views.</param>
internal readonly record struct EpochPlace(int Sample, int Copy);
