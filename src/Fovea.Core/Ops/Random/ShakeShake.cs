using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Joins two branches as a model is evaluated: a, b → y = (a + b)/2.</summary>
/// <remarks>
/// Gastaldi 2017, arXiv:1705.07485: training weighs the branches by α and 1 − α, α uniform in [0, 1], and their gradients by β and 1 − β with a β
/// of its own. The pass <c>EnterTraining</c> makes the sum of two <see cref="RandomScale"/> of it.
/// </remarks>
/// <param name="Mode">Which passes draw.</param>
/// <param name="PerImage">Whether each image draws its own weights, not the batch together.</param>
public sealed record ShakeShake(ShakeMode Mode, bool PerImage) : Op
{
    private static readonly Interval s_half = new(0.5, 0.5);

    /// <inheritdoc/>
    public override string Name => "shake_shake";

    /// <summary>How training draws the weight of the first branch.</summary>
    public ScaleLaw First => Law(new(0, 1));

    /// <summary>How training draws the weight of the second branch: with the same draw, 1 less that of the first.</summary>
    public ScaleLaw Second => Law(new(1, 0));

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2, inputs.Length, this);
        Check.That(inputs[0] == inputs[1], this, $"a is {inputs[0]}, b is {inputs[1]}; wanted the same");
        Check.That(inputs[0].DType.IsFloat && inputs[0].Shape.Rank > 0, this, $"a is {inputs[0]}; wanted fractions [N, …]");
        Check.That(Mode is >= ShakeMode.None and <= ShakeMode.Both, this, $"mode {(int)Mode}; wanted 0 to 3");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy)
    {
        var half = dy[0]!.Times(0.5);
        return [half, half];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(2 * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (a, b, y) = (inputs[0], inputs[1], results[0]);
        for (var i = 0; i < y.Elements.Length; i++) y[i] = (a[i] + b[i]) / 2;
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("mode", (int)Mode);
        to.Add("per_image", PerImage);
    }

    internal static ShakeShake Parse(AttributeReader from) => new((ShakeMode)from.Integer("mode"), from.Flag("per_image"));

    private ScaleLaw Law(Interval weights) => new(
        0, 0, Mode.HasFlag(ShakeMode.Forward) ? weights : s_half, Mode.HasFlag(ShakeMode.Backward) ? weights : s_half, GatePerImage: false, PerImage);
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.ShakeShake"/>, by default as in the paper's best: both passes draw, for each image.</summary>
    public static Value ShakeShake(this Value a, Value b, ShakeMode mode = ShakeMode.Both, bool perImage = true) =>
        a.Graph.Add(new ShakeShake(mode, perImage), a, b);
}
