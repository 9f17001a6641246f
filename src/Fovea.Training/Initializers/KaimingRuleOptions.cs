using Fovea.Options;

namespace Fovea.Training.Initializers;

/// <summary>What the rules of He et al. 2015, arXiv:1502.01852, have in common: a variance of gain² / fan.</summary>
public abstract record KaimingRuleOptions : WeightInitOptions
{
    /// <summary>Which fan keeps its variance. Default fan_in.</summary>
    public FanMode Mode { get; init; } = FanMode.FanIn;

    /// <summary>The gain, by what follows the layers; above 0, at most 1000. Default √2, for ReLU; √(2 / (1 + a²)) is for a leak of a, 1 for none.</summary>
    public double Gain { get; init; } = Math.Sqrt(2);

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Gain, 1000);
    }

    /// <summary>The deviation of a weight.</summary>
    private protected double Deviation(InitWeight weight) => Gain / Math.Sqrt(Mode == FanMode.FanIn ? weight.FanIn : weight.FanOut);
}
