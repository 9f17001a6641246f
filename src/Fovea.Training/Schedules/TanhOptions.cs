using Fovea.Options;

namespace Fovea.Training.Schedules;

/// <summary>A hyperbolic tangent (arXiv:1806.01593): m + (η − m)·(1 − tanh(l + (u − l)·t/T))/2.</summary>
public sealed record TanhOptions : ScheduleOptions
{
    private const double Widest = 100;

    /// <inheritdoc/>
    public override string Kind => "tanh";

    /// <inheritdoc/>
    public override double Floor => MinLearningRate;

    /// <summary>l, the argument at the beginning; −100 to 100. Default −7.</summary>
    public double Lower { get; init; } = -7;

    /// <summary>u, the argument at the end; −100 to 100, above <see cref="Lower"/>. Default 3.</summary>
    public double Upper { get; init; } = 3;

    /// <summary>m; 0 to 1e30, and at most the full rate. Default 0.</summary>
    public double MinLearningRate { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Within(Lower, -Widest, Widest);
        checks.Within(Upper, -Widest, Widest);
        if (Upper <= Lower && !checks.IsWrong(nameof(Lower)))
            checks.Fail(nameof(Upper), FormattableString.Invariant($"{Upper}"), FormattableString.Invariant($"above lower, {Lower}"));
        checks.AtLeast(MinLearningRate, 0, OptionChecks.LargestScale);
    }

    /// <inheritdoc/>
    protected override double Rate(double full, SchedulePosition at) =>
        MinLearningRate + ((full - MinLearningRate) * 0.5 * (1 - Math.Tanh(Lower + ((Upper - Lower) * at.Share))));
}
