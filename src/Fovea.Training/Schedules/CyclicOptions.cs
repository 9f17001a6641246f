using Fovea.Options;

namespace Fovea.Training.Schedules;

/// <summary>Triangles between a base rate and η (arXiv:1506.01186); PyTorch's CyclicLR. The momentum goes the other way.</summary>
public sealed record CyclicOptions : ScheduleOptions
{
    private static readonly string[] s_momentum = [Momentum];

    /// <inheritdoc/>
    public override string Kind => "cyclic";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Drives => CycleMomentum ? s_momentum : [];

    /// <summary>The rate at the foot of a triangle; 0 to 1e30. Default 0.</summary>
    public double BaseLearningRate { get; init; }

    /// <summary>How long the rate rises; above 0, at most 1e9. Default 5.</summary>
    public double Up { get; init; } = 5;

    /// <summary>How long it falls; above 0, at most 1e9. Left out (null, the default): as long as it rises.</summary>
    public double? Down { get; init; }

    /// <summary>How high the triangles are. Default: triangular.</summary>
    public CyclicMode Mode { get; init; }

    /// <summary>The factor of mode exponential; above 0, at most 1. Default 0.99.</summary>
    public double Gamma { get; init; } = 0.99;

    /// <summary>Whether the optimiser's momentum changes too; default true.</summary>
    public bool CycleMomentum { get; init; } = true;

    /// <summary>The momentum at the tip of a triangle; at least 0, below 1. Default 0.8.</summary>
    public double BaseMomentum { get; init; } = 0.8;

    /// <summary>The momentum at its foot; at least <see cref="BaseMomentum"/>, below 1. Default 0.9.</summary>
    public double MaxMomentum { get; init; } = 0.9;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(BaseLearningRate, 0, OptionChecks.LargestScale);
        checks.Positive(Up, MostUnits);
        if (Down is { } down) checks.Positive(down, MostUnits, nameof(Down));
        checks.Positive(Gamma, 1);
        checks.Below(BaseMomentum, 0, 1);
        checks.Below(MaxMomentum, BaseMomentum, 1);
    }

    /// <inheritdoc/>
    protected override double Rate(double full, SchedulePosition at) => BaseLearningRate + ((full - BaseLearningRate) * Height(at));

    /// <inheritdoc/>
    protected override double Number(string name, SchedulePosition at) => MaxMomentum - ((MaxMomentum - BaseMomentum) * Height(at));

    private double Height(SchedulePosition at)
    {
        var period = Up + (Down ?? Up);
        var cycle = Math.Floor(at.Time / period);
        var time = at.Time - (cycle * period);
        var height = time <= Up ? time / Up : (period - time) / (period - Up);
        return Mode switch
        {
            CyclicMode.Halving => height * Math.Pow(0.5, cycle),
            CyclicMode.Exponential => height * Math.Pow(Gamma, at.Time),
            _ => height,
        };
    }
}
