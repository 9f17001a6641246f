using Fovea.Options;

namespace Fovea.Training.Schedules;

/// <summary>By a power: r + (η − r)·(s/w)^p, r = 0 where it is left out; Darknet's <c>burn_in</c>.</summary>
public sealed record PowerWarmupOptions : WarmupOptions
{
    private const double LargestPower = 100;

    /// <inheritdoc/>
    public override string Kind => "power";

    /// <summary>p; above 0, at most 100. Default 4, as Darknet's.</summary>
    public double Power { get; init; } = 4;

    /// <inheritdoc/>
    public override double RateAt(double? first, double full, long step, long steps)
    {
        var r = first ?? 0;
        return r + ((full - r) * Math.Pow((double)step / steps, Power));
    }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks) => checks.Positive(Power, LargestPower);
}
