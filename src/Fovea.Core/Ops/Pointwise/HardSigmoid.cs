using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>min(max(x + 3, 0), 6)/6 (Howard et al. 2019, arXiv:1905.02244); the derivative is 0 on the bounds.</summary>
/// <remarks>PyTorch: F.hardsigmoid. ONNX: HardSigmoid.</remarks>
public sealed record HardSigmoid : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "hard_sigmoid";

    /// <inheritdoc/>
    public override bool DerivativeOfResult => true;

    /// <inheritdoc/>
    public override double Function(double x) => Math.Clamp((x / 6) + 0.5, 0, 1);

    /// <inheritdoc/>
    public override double Derivative(double x) => x is > 0 and < 1 ? 1.0 / 6 : 0;
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.HardSigmoid"/>.</summary>
    public static Value HardSigmoid(this Value x) => x.Graph.Add(new HardSigmoid(), x);
}
