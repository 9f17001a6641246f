using Fovea.Training.Metrics;

namespace Fovea.Runs;

/// <summary>What an epoch of a run knows of the validation images.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Metrics">What its evaluation found.</param>
public sealed record EpochEvaluation(int Epoch, EvaluationMetrics Metrics);
