using Fovea.Options;

namespace Fovea.Training.RateFinding;

/// <summary>Which learning rates a range test goes through, and how its losses are smoothed.</summary>
public sealed record RateRange : IOptions
{
    /// <summary>The most steps of a test.</summary>
    public const int MostSteps = 10_000;

    /// <summary>The most that a learning rate may be.</summary>
    public const double LargestRate = 1e6;

    /// <summary>The first rate; above 0, 1e-30 to 1e6. Default 1e-7.</summary>
    public double Lowest { get; init; } = 1e-7;

    /// <summary>The last rate; above <see cref="Lowest"/>, at most 1e6. Default 10.</summary>
    public double Highest { get; init; } = 10;

    /// <summary>The updates of the test; 10–10 000. Default 100.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Whether the rate grows by as much from step to step (Smith 2017), and not by the same factor; default false.</summary>
    public bool IsLinear { get; init; }

    /// <summary>β of the smoothed loss, m = β·m + (1 − β)·loss over 1 − βᵗ; at least 0, below 1. Default 0.98, as fastai has it.</summary>
    public double Smoothing { get; init; } = 0.98;

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">From 0 to <see cref="Steps"/> − 1; what follows stays at the highest.</param>
    public double RateAt(long step)
    {
        var share = Math.Min(1, step / (Steps - 1.0));
        return IsLinear ? Lowest + ((Highest - Lowest) * share) : Lowest * Math.Pow(Highest / Lowest, share);
    }

    /// <inheritdoc/>
    public void Check(OptionChecks checks)
    {
        checks.Positive(Lowest, LargestRate);
        checks.Positive(Highest, LargestRate);
        if (Highest <= Lowest)
            checks.Fail(nameof(Highest), FormattableString.Invariant($"{Highest}"), FormattableString.Invariant($"more than lowest, {Lowest}"));
        checks.AtLeast(Steps, 10, MostSteps);
        checks.Below(Smoothing, 0, 1);
    }
}
