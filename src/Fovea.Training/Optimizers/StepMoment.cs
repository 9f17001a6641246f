using Fovea.Training.Schedules;

namespace Fovea.Training.Optimizers;

/// <summary>Where a run stands at an update: what the numbers that a step is given are functions of.</summary>
/// <param name="Step">The number of the update, counted from 1.</param>
/// <param name="Rate">The learning rate; for a parameter whose rate is scaled, its own.</param>
/// <param name="Momentum">What a schedule sets for μ of momentum, or β₁ of Adam and its relatives; null for what the rule says itself.</param>
/// <param name="Run">How far the run is.</param>
public readonly record struct StepMoment(long Step, double Rate, double? Momentum = null, RunProgress Run = default);
