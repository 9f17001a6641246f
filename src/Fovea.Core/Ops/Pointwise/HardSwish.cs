using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>x·min(max(x + 3, 0), 6)/6 (Howard et al. 2019, arXiv:1905.02244); the derivative at ±3 is that of the flat side.</summary>
/// <remarks>PyTorch: F.hardswish. ONNX: HardSwish.</remarks>
public sealed record HardSwish : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "hard_swish";

    /// <inheritdoc/>
    public override double Function(double x) => x * Math.Clamp((x / 6) + 0.5, 0, 1);

    /// <inheritdoc/>
    public override double Derivative(double x) => x <= -3 ? 0 : x >= 3 ? 1 : (x / 3) + 0.5;
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.HardSwish"/>.</summary>
    public static Value HardSwish(this Value x) => x.Graph.Add(new HardSwish(), x);
}
