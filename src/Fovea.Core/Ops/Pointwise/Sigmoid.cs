using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>1/(1 + e⁻ˣ); the derivative is that of the result, y(1 − y). ONNX: Sigmoid.</summary>
public sealed record Sigmoid : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "sigmoid";

    /// <inheritdoc/>
    public override bool DerivativeOfResult => true;

    /// <inheritdoc/>
    public override double Function(double x) => 1 / (1 + Math.Exp(-x));

    /// <inheritdoc/>
    public override double Derivative(double x) => x * (1 - x);
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Sigmoid"/>.</summary>
    public static Value Sigmoid(this Value x) => x.Graph.Add(new Sigmoid(), x);
}
