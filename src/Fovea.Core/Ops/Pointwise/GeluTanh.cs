using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>x·(1 + tanh u)/2 with u = √(2/π)·(x + 0.044715·x³), near <see cref="Gelu"/> (arXiv:1606.08415).</summary>
/// <remarks>PyTorch: F.gelu(approximate="tanh"). ONNX: by Tanh.</remarks>
public sealed record GeluTanh : Pointwise
{
    /// <summary>The factor of x³.</summary>
    public const double Cubic = 0.044715;

    private static readonly double s_scale = Math.Sqrt(2 / Math.PI);

    /// <inheritdoc/>
    public override string Name => "gelu_tanh";

    /// <inheritdoc/>
    public override double Function(double x) => 0.5 * x * (1 + Math.Tanh(Inner(x)));

    /// <inheritdoc/>
    public override double Derivative(double x)
    {
        var t = Math.Tanh(Inner(x));
        return (0.5 * (1 + t)) + (0.5 * x * (1 - (t * t)) * s_scale * (1 + (3 * Cubic * x * x)));
    }

    private static double Inner(double x) => s_scale * (x + (Cubic * x * x * x));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.GeluTanh"/>.</summary>
    public static Value GeluTanh(this Value x) => x.Graph.Add(new GeluTanh(), x);
}
