using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Cross-entropy of softmax(logits) against a target: logits f32 [N, C], target → loss per sample f32 [N].</summary>
/// <remarks>
/// loss = −Σ t'·log softmax(logits), t' = (1 − s)·t + s/C with label smoothing s (Szegedy et al. 2015, arXiv:1512.00567, §7). The
/// target is s32 [N], class numbers, or f32 [N, C], a weight for each class; it counts as constant. A class number outside 0 … C − 1
/// makes the loss and gradient of its sample 0. PyTorch: F.cross_entropy with reduction='none'.
/// </remarks>
/// <param name="LabelSmoothing">s, from 0 to 1.</param>
public sealed record SoftmaxCrossEntropy(double LabelSmoothing = 0) : Op
{
    /// <inheritdoc/>
    public override string Name => "softmax_cross_entropy";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2, inputs.Length, this);
        Validate(this, inputs[0], inputs[1], LabelSmoothing);
        return [TensorType.F32(inputs[0].Shape.N)];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        [node.Graph.Add(new SoftmaxCrossEntropyGradient(LabelSmoothing), node.Inputs[0], node.Inputs[1], dy[0]!), null];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(5 * inputs[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (logits, target, loss) = (inputs[0], inputs[1], results[0]);
        var classes = logits.Shape.C;
        for (var n = 0; n < logits.Shape.N; n++)
        {
            var row = logits.Elements.AsSpan(n * classes, classes);
            var log = LogSum(row);
            for (var c = 0; c < classes; c++)
            {
                var t = Target(target, n, c, classes, LabelSmoothing);
                if (t != 0) loss[n] += t * (log - row[c]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("label_smoothing", LabelSmoothing);

    internal static SoftmaxCrossEntropy Parse(AttributeReader from) => new(from.Number("label_smoothing"));

    internal static void Validate(Op op, TensorType logits, TensorType target, double smoothing)
    {
        Check.That(smoothing is >= 0 and <= 1, op, $"label smoothing {smoothing}; wanted 0 to 1");
        Check.That(logits.DType == DType.Float32 && logits.Shape.Rank == 2, op, $"logits are {logits}; wanted f32 [N, C]");
        var labels = new TensorType(DType.Int32, new Shape(logits.Shape.N));
        Check.That(target == labels || target == logits, op,
            $"logits are {logits}, target is {target}; wanted {labels} (classes) or {logits} (a weight for each class)");
    }

    /// <summary>log Σ exp.</summary>
    internal static double LogSum(ReadOnlySpan<double> row)
    {
        var (max, sum) = (double.NegativeInfinity, 0.0);
        foreach (var x in row) max = Math.Max(max, x);
        foreach (var x in row) sum += Math.Exp(x - max);
        return max + Math.Log(sum);
    }

    /// <summary>The smoothed target t' of one sample and class.</summary>
    internal static double Target(OracleTensor target, int n, int c, int classes, double smoothing)
    {
        if (target.Shape.Rank == 2) return ((1 - smoothing) * target[(n * classes) + c]) + (smoothing / classes);
        if (target[n] < 0 || target[n] >= classes) return 0;
        return ((1 - smoothing) * (target[n] == c ? 1 : 0)) + (smoothing / classes);
    }
}

/// <summary>The gradient of <see cref="SoftmaxCrossEntropy"/>: logits, target, dloss [N] → dlogits = dloss·(softmax·Σt' − t').</summary>
/// <param name="LabelSmoothing">That of the loss.</param>
public sealed record SoftmaxCrossEntropyGradient(double LabelSmoothing = 0) : Op
{
    /// <inheritdoc/>
    public override string Name => "softmax_cross_entropy_gradient";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(3, inputs.Length, this);
        SoftmaxCrossEntropy.Validate(this, inputs[0], inputs[1], LabelSmoothing);
        var wanted = TensorType.F32(inputs[0].Shape.N);
        Check.That(inputs[2] == wanted, this, $"dloss is {inputs[2]}; wanted {wanted}");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        throw new NotDifferentiableException($"{node}: second derivatives of the loss are not defined");

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(6 * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (logits, target, dloss, dlogits) = (inputs[0], inputs[1], inputs[2], results[0]);
        var classes = logits.Shape.C;
        for (var n = 0; n < logits.Shape.N; n++)
        {
            var row = logits.Elements.AsSpan(n * classes, classes);
            var (log, total) = (SoftmaxCrossEntropy.LogSum(row), 0.0);
            for (var c = 0; c < classes; c++) total += SoftmaxCrossEntropy.Target(target, n, c, classes, LabelSmoothing);
            for (var c = 0; c < classes; c++)
            {
                var t = SoftmaxCrossEntropy.Target(target, n, c, classes, LabelSmoothing);
                dlogits[(n * classes) + c] = dloss[n] * ((Math.Exp(row[c] - log) * total) - t);
            }
        }
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("label_smoothing", LabelSmoothing);

    internal static SoftmaxCrossEntropyGradient Parse(AttributeReader from) => new(from.Number("label_smoothing"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.SoftmaxCrossEntropy"/>: the loss of each sample.</summary>
    public static Value SoftmaxCrossEntropy(this Value logits, Value target, double labelSmoothing = 0) =>
        logits.Graph.Add(new SoftmaxCrossEntropy(labelSmoothing), logits, target);
}
