using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>The nearest whole number, ties to even. ONNX: Round. PyTorch: torch.round.</summary>
/// <remarks>
/// Its derivative counts as 1, the straight-through estimator (Bengio et al. 2013, arXiv 1308.3432): s · clip(round(x / s), low, high) then has the gradients
/// of quantisation-aware training, that to s included, which are those of learned step sizes (Esser et al. 2020, arXiv 1902.08153).
/// </remarks>
public sealed record Round : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "round";

    /// <inheritdoc/>
    public override double Function(double x) => Math.Round(x);

    /// <inheritdoc/>
    public override double Derivative(double x) => 1;

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [dy[0]];
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Round"/>.</summary>
    public static Value Round(this Value x) => x.Graph.Add(new Round(), x);
}
