using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>√x; the derivative is that of the result, 1/(2y). ONNX: Sqrt.</summary>
public sealed record Sqrt : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "sqrt";

    /// <inheritdoc/>
    public override bool DerivativeOfResult => true;

    /// <inheritdoc/>
    public override double Function(double x) => Math.Sqrt(x);

    /// <inheritdoc/>
    public override double Derivative(double x) => 0.5 / x;
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Sqrt"/>.</summary>
    public static Value Sqrt(this Value x) => x.Graph.Add(new Sqrt(), x);
}
