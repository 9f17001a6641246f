using Fovea.Options;
using Fovea.Tensors;

namespace Fovea.Training.Schedules;

/// <summary>η·uᵖ with a new random number u, 0–1, at each step; Darknet's <c>random</c>.</summary>
public sealed record RandomOptions : ScheduleOptions
{
    private const double LargestPower = 100;

    private static readonly ulong s_stream = Philox.Stream("schedule", "random");

    /// <inheritdoc/>
    public override string Kind => "random";

    /// <summary>p; above 0, at most 100. Default 4, as Darknet's.</summary>
    public double Power { get; init; } = 4;

    /// <summary>The key of the random numbers; 0 to 2⁶⁴ − 1. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Power, LargestPower);
    }

    /// <inheritdoc/>
    protected override double Rate(double full, SchedulePosition at) =>
        full * Math.Pow(new Philox(Seed, s_stream).Uniform((ulong)at.Run.Step), Power);
}
