using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>x·σ(x) with σ(x) = 1/(1 + e⁻ˣ), also called swish (Ramachandran et al. 2017, arXiv:1710.05941).</summary>
/// <remarks>PyTorch: F.silu. ONNX: x · Sigmoid(x).</remarks>
public sealed record Silu : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "silu";

    /// <inheritdoc/>
    public override double Function(double x) => x / (1 + Math.Exp(-x));

    /// <inheritdoc/>
    public override double Derivative(double x)
    {
        var s = 1 / (1 + Math.Exp(-x));
        return s * (1 + (x * (1 - s)));
    }
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Silu"/>.</summary>
    public static Value Silu(this Value x) => x.Graph.Add(new Silu(), x);
}
