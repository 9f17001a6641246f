using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>
/// Sharpness-aware minimisation (Foret et al. 2020, arXiv:2010.01412): the gradient is taken at w + ρ·g/|g|, the norm being that of all parameters. Every step
/// has two passes forward and back over the same images; running statistics follow the first. Accumulated batches look around one by one.
/// </summary>
public sealed record SamOptions : WrapperOptions
{
    /// <inheritdoc/>
    public override string Kind => "sam";

    /// <summary>ρ, how far away; above 0, 1e-30 to 1e30. Default 0.05.</summary>
    public double Rho { get; init; } = 0.05;

    /// <inheritdoc/>
    public override bool MovesGradient => true;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks) => checks.Positive(Rho, OptionChecks.LargestScale);

    /// <inheritdoc/>
    public override IReadOnlyList<Value> Elsewhere(IReadOnlyList<ParameterGradient> all)
    {
        const double epsilon = 1e-12;
        var scale = Nodes.SquaredNorm([.. all.Select(one => one.Gradient)]).Sqrt().Plus(epsilon).Reciprocal().Times(Rho);
        return [.. all.Select(one => one.Weight.Plus(one.Gradient.Times(scale)))];
    }
}
