namespace Fovea.Training.Schedules;

/// <summary>By the same factor from step to step: r·(η/r)^(s/w). Where r is left out, or 0: from η/1000.</summary>
public sealed record ExponentialWarmupOptions : WarmupOptions
{
    private const double Smallest = 1e-3;

    /// <inheritdoc/>
    public override string Kind => "exponential";

    /// <inheritdoc/>
    public override double RateAt(double? first, double full, long step, long steps)
    {
        var r = first is > 0 and { } given ? given : full * Smallest;
        return r * Math.Pow(full / r, (double)step / steps);
    }
}
