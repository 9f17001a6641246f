using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>eˣ; the derivative is the result. ONNX: Exp.</summary>
public sealed record Exp : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "exp";

    /// <inheritdoc/>
    public override bool DerivativeOfResult => true;

    /// <inheritdoc/>
    public override double Function(double x) => Math.Exp(x);

    /// <inheritdoc/>
    public override double Derivative(double x) => x;
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Exp"/>.</summary>
    public static Value Exp(this Value x) => x.Graph.Add(new Exp(), x);
}
