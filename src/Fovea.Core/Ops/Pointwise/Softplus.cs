using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>log(1 + eˣ), without overflow.</summary>
/// <remarks>PyTorch: F.softplus, which is linear above 20. ONNX: Softplus.</remarks>
public sealed record Softplus : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "softplus";

    /// <inheritdoc/>
    public override double Function(double x) => Of(x);

    /// <inheritdoc/>
    public override double Derivative(double x) => 1 / (1 + Math.Exp(-x));

    internal static double Of(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Softplus"/>.</summary>
    public static Value Softplus(this Value x) => x.Graph.Add(new Softplus(), x);
}
