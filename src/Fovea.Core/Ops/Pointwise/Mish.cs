using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>x·tanh(log(1 + eˣ)) (Misra 2019, arXiv:1908.08681).</summary>
/// <remarks>PyTorch: F.mish. ONNX: x · Tanh(Softplus(x)).</remarks>
public sealed record Mish : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "mish";

    /// <inheritdoc/>
    public override double Function(double x) => x * Math.Tanh(Ops.Softplus.Of(x));

    /// <inheritdoc/>
    public override double Derivative(double x)
    {
        var t = Math.Tanh(Ops.Softplus.Of(x));
        return t + (x * (1 - (t * t)) / (1 + Math.Exp(-x)));
    }
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Mish"/>.</summary>
    public static Value Mish(this Value x) => x.Graph.Add(new Mish(), x);
}
