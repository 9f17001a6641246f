using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>x·Φ(x) with the normal distribution Φ(x) = (1 + erf(x/√2))/2 (Hendrycks and Gimpel 2016, arXiv:1606.08415).</summary>
/// <remarks>PyTorch: F.gelu. ONNX: by Erf.</remarks>
public sealed record Gelu : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "gelu";

    /// <inheritdoc/>
    public override double Function(double x) => x * Phi(x);

    /// <inheritdoc/>
    public override double Derivative(double x) => Phi(x) + (x * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI));

    private static double Phi(double x) => 0.5 * (1 + ErrorFunction.Of(x / Math.Sqrt(2)));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Gelu"/>.</summary>
    public static Value Gelu(this Value x) => x.Graph.Add(new Gelu(), x);
}
