using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>The natural logarithm. ONNX: Log.</summary>
public sealed record Log : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "log";

    /// <inheritdoc/>
    public override double Function(double x) => Math.Log(x);

    /// <inheritdoc/>
    public override double Derivative(double x) => 1 / x;
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Log"/>.</summary>
    public static Value Log(this Value x) => x.Graph.Add(new Log(), x);
}
