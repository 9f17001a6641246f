using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>1/x; the derivative is that of the result, −y². ONNX: Reciprocal.</summary>
public sealed record Reciprocal : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "reciprocal";

    /// <inheritdoc/>
    public override bool DerivativeOfResult => true;

    /// <inheritdoc/>
    public override double Function(double x) => 1 / x;

    /// <inheritdoc/>
    public override double Derivative(double x) => -x * x;
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Reciprocal"/>.</summary>
    public static Value Reciprocal(this Value x) => x.Graph.Add(new Reciprocal(), x);
}
