using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>
/// Adaptive sharpness-aware minimisation (Kwon et al. 2021, arXiv:2102.11600): the gradient is taken at w + ρ·T²·g/|T·g| with T = |w| + η for parameters whose
/// name contains <c>weight</c>, 1 for others. Otherwise as sam.
/// </summary>
public sealed record AsamOptions : WrapperOptions
{
    /// <inheritdoc/>
    public override string Kind => "asam";

    /// <summary>ρ, how far away; above 0, 1e-30 to 1e30. Default 0.5.</summary>
    public double Rho { get; init; } = 0.5;

    /// <summary>η, added to the size of a weight; 0 to 1e30. Default 0.01.</summary>
    public double Eta { get; init; } = 0.01;

    /// <inheritdoc/>
    public override bool MovesGradient => true;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        checks.Positive(Rho, OptionChecks.LargestScale);
        checks.AtLeast(Eta, 0, OptionChecks.LargestScale);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Value> Elsewhere(IReadOnlyList<ParameterGradient> all)
    {
        const double epsilon = 1e-16;
        var scaled = all.Select(one => Size(one.Weight) is { } size ? one.Gradient.Times(size) : one.Gradient).ToArray();
        var scale = Nodes.SquaredNorm(scaled).Sqrt().Plus(epsilon).Reciprocal().Times(Rho);
        return [.. all.Select((one, i) => one.Weight.Plus((Size(one.Weight) is { } size ? scaled[i].Times(size) : scaled[i]).Times(scale)))];
    }

    /// <summary>T of a parameter; null for 1.</summary>
    private Value? Size(Value weight) => weight.Variable!.Label.Contains("weight", StringComparison.Ordinal)
        ? weight.Maximum(weight.Times(-1)).Plus(Eta)
        : null;
}
