using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>The error function, 2/√π · ∫₀ˣ exp(−t²) dt.</summary>
/// <remarks>PyTorch: torch.erf. ONNX: Erf.</remarks>
public sealed record Erf : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "erf";

    /// <inheritdoc/>
    public override double Function(double x) => ErrorFunction.Of(x);

    /// <inheritdoc/>
    public override double Derivative(double x) => 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x);
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Erf"/>.</summary>
    public static Value Erf(this Value x) => x.Graph.Add(new Erf(), x);
}
