using Fovea.Options;

namespace Fovea.Training.Schedules;

/// <summary>A smooth fall around one point: m + (η − m)/(1 + exp(γ·(t − c))). Darknet's <c>sigmoid</c>.</summary>
public sealed record SigmoidOptions : ScheduleOptions
{
    private const double Steepest = 1e6;

    /// <inheritdoc/>
    public override string Kind => "sigmoid";

    /// <inheritdoc/>
    public override double Floor => MinLearningRate;

    /// <summary>γ, how steep it falls, per unit; above 0, at most 1e6. Default 0.2.</summary>
    public double Gamma { get; init; } = 0.2;

    /// <summary>c, when half of the fall is over; 0 to 1e9. Left out (null, the default): in the middle of the length.</summary>
    public double? Center { get; init; }

    /// <summary>m; 0 to 1e30, and at most the full rate. Default 0.</summary>
    public double MinLearningRate { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Gamma, Steepest);
        if (Center is { } center) checks.AtLeast(center, 0, MostUnits, nameof(Center));
        checks.AtLeast(MinLearningRate, 0, OptionChecks.LargestScale);
    }

    /// <inheritdoc/>
    protected override double Rate(double full, SchedulePosition at) =>
        MinLearningRate + ((full - MinLearningRate) / (1 + Math.Exp(Gamma * (at.Time - (Center ?? at.Length / 2)))));
}
