using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>max(x, 0); its derivative at 0 is 0, as in PyTorch. ONNX: Relu.</summary>
public sealed record Relu : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "relu";

    /// <inheritdoc/>
    public override bool DerivativeOfResult => true;

    /// <inheritdoc/>
    public override double Function(double x) => Math.Max(x, 0);

    /// <inheritdoc/>
    public override double Derivative(double x) => x > 0 ? 1 : 0;
}

/// <summary>Builders of pointwise nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Relu"/>.</summary>
    public static Value Relu(this Value x) => x.Graph.Add(new Relu(), x);
}
