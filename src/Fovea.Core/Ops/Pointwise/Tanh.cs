using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>The hyperbolic tangent; the derivative is that of the result, 1 − y². ONNX: Tanh.</summary>
public sealed record Tanh : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "tanh";

    /// <inheritdoc/>
    public override bool DerivativeOfResult => true;

    /// <inheritdoc/>
    public override double Function(double x) => Math.Tanh(x);

    /// <inheritdoc/>
    public override double Derivative(double x) => 1 - (x * x);
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Tanh"/>.</summary>
    public static Value Tanh(this Value x) => x.Graph.Add(new Tanh(), x);
}
