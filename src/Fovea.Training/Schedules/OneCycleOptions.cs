using Fovea.Options;

namespace Fovea.Training.Schedules;

/// <summary>Up from η/d to η, and down to η/(d·f), while the momentum goes the other way (arXiv:1708.07120); PyTorch's OneCycleLR.</summary>
public sealed record OneCycleOptions : ScheduleOptions
{
    private static readonly string[] s_momentum = [Momentum];

    /// <inheritdoc/>
    public override string Kind => "one_cycle";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Drives => CycleMomentum ? s_momentum : [];

    /// <summary>The share of the steps in which the rate rises; above 0, below 1. Default 0.3.</summary>
    public double RisingShare { get; init; } = 0.3;

    /// <summary>d; at least 1, at most 1e30. Default 25.</summary>
    public double InitialDivisor { get; init; } = 25;

    /// <summary>f; at least 1, at most 1e30. Default 10 000.</summary>
    public double FinalDivisor { get; init; } = 1e4;

    /// <summary>Whether the rate first falls as long as it rose, to η/d, and then in what is left to η/(d·f); default false.</summary>
    public bool ThreePhases { get; init; }

    /// <summary>How the rate changes. Default: cosine.</summary>
    public Annealing Annealing { get; init; }

    /// <summary>Whether the optimiser's momentum changes too; default true.</summary>
    public bool CycleMomentum { get; init; } = true;

    /// <summary>The momentum at the full rate; at least 0, below 1. Default 0.85.</summary>
    public double BaseMomentum { get; init; } = 0.85;

    /// <summary>The momentum at both ends; at least <see cref="BaseMomentum"/>, below 1. Default 0.95.</summary>
    public double MaxMomentum { get; init; } = 0.95;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        if (!(RisingShare > 0 && RisingShare < 1)) checks.Fail(nameof(RisingShare), FormattableString.Invariant($"{RisingShare}"), "above 0 and below 1");
        checks.AtLeast(InitialDivisor, 1, OptionChecks.LargestScale);
        checks.AtLeast(FinalDivisor, 1, OptionChecks.LargestScale);
        checks.Below(BaseMomentum, 0, 1);
        checks.Below(MaxMomentum, BaseMomentum, 1);
    }

    /// <inheritdoc/>
    protected override double Rate(double full, SchedulePosition at)
    {
        var first = full / InitialDivisor;
        return Between(at, first, full, first, first / FinalDivisor);
    }

    /// <inheritdoc/>
    protected override double Number(string name, SchedulePosition at) => Between(at, MaxMomentum, BaseMomentum, MaxMomentum, MaxMomentum);

    /// <summary>The first and the last step have the ends of the curve, so that n steps are n − 1 pieces.</summary>
    private double Between(SchedulePosition at, double start, double top, double back, double end)
    {
        var last = at.Steps - 1;
        var rising = (RisingShare * at.Steps) - 1;
        if (at.Step <= rising) return Annealing.Between(start, top, rising > 0 ? at.Step / rising : 1);
        if (!ThreePhases) return Annealing.Between(top, end, Math.Min(1, (at.Step - rising) / (last - rising)));
        var falling = (2 * RisingShare * at.Steps) - 2;
        return at.Step <= falling
            ? Annealing.Between(top, back, (at.Step - rising) / (falling - rising))
            : Annealing.Between(back, end, last > falling ? Math.Min(1, (at.Step - falling) / (last - falling)) : 1);
    }
}
