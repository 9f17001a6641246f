namespace Fovea.Training.State;

/// <summary>What an evaluation found.</summary>
/// <param name="Epoch">The epoch after which it was made, counted from 1.</param>
/// <param name="Top1">The share of images recognised, 0–1.</param>
/// <param name="Loss">The mean cross-entropy.</param>
public readonly record struct EpochScore(int Epoch, double Top1, double Loss);
