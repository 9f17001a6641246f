using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Batch normalisation with running statistics, as a model is evaluated (Ioffe and Szegedy 2015, arXiv:1502.03167).</summary>
/// <remarks>
/// x [N, C, …], γ, β, μ, σ² [C] → y = γ·(x − μ)/√(σ² + ε) + β. This is what model builders write; the pass <c>EnterTraining</c> turns it
/// into <see cref="BatchNormTraining"/> and updates of μ and σ². ONNX: BatchNormalization.
/// </remarks>
/// <param name="Epsilon">ε; PyTorch's default is 1e-5.</param>
/// <param name="Momentum">The weight of a batch in the running statistics, in PyTorch's convention: new = (1 − m)·old + m·batch.</param>
public sealed record BatchNorm(double Epsilon = 1e-5, double Momentum = 0.1) : Op
{
    /// <inheritdoc/>
    public override string Name => "batch_norm";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(5, inputs.Length, this);
        BatchNormShapes.CheckEpsilon(this, Epsilon);
        Check.Finite(Momentum, this, "momentum");
        for (var i = 1; i < 5; i++) BatchNormShapes.CheckChannels(this, inputs[0], inputs[i]);
        return [inputs[0]];
    }

    /// <inheritdoc/>
    /// <remarks>Of x, γ and β; running statistics are constants to it, as those of frozen norms are.</remarks>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy)
    {
        var (graph, x) = (node.Graph, node.Inputs[0]);
        var (gamma, mean, variance) = (node.Inputs[1], node.Inputs[3], node.Inputs[4]);
        var zeros = graph.Add(new Constant(HostTensor.Filled(gamma.Shape, 0)));
        var ones = graph.Add(new Constant(HostTensor.Filled(gamma.Shape, 1)));
        var pixels = new Reduce(ReduceKind.Sum, AxisSet.Of([.. Enumerable.Range(0, x.Shape.Rank).Where(axis => axis != 1)]));
        var (gradient, normalised) = (dy[0]!.Cast(DType.Float32), graph.Add(this, x, ones, zeros, mean, variance).Cast(DType.Float32));
        return
        [
            graph.Add(this, dy[0]!, gamma, zeros, zeros, variance),
            graph.Add(pixels, gradient.Times(normalised)),
            graph.Add(pixels, gradient),
            null,
            null,
        ];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(2 * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, gamma, beta, mean, variance) = (inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]);
        var y = results[0];
        BatchNormShapes.Walk(x.Shape, (c, i) => y[i] = (gamma[c] * (x[i] - mean[c]) / Math.Sqrt(variance[c] + Epsilon)) + beta[c]);
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("epsilon", Epsilon);
        to.Add("momentum", Momentum);
    }

    internal static BatchNorm Parse(AttributeReader from) => new(from.Number("epsilon"), from.Number("momentum"));
}

/// <summary>Batch normalisation with the statistics of the batch: x, γ, β → y, mean, variance.</summary>
/// <remarks>The variance is the biased one that normalises; running statistics take n/(n − 1) of it, as in PyTorch.</remarks>
/// <param name="Epsilon">ε.</param>
public sealed record BatchNormTraining(double Epsilon) : Op
{
    /// <inheritdoc/>
    public override string Name => "batch_norm_training";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(3, inputs.Length, this);
        BatchNormShapes.CheckEpsilon(this, Epsilon);
        for (var i = 1; i < 3; i++) BatchNormShapes.CheckChannels(this, inputs[0], inputs[i]);
        return [inputs[0], inputs[1], inputs[1]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy)
    {
        if (dy[1] is not null || dy[2] is not null) throw new NotDifferentiableException($"{node}: batch statistics are not differentiated");
        var gradient = node.Graph.AddNode(
            new BatchNormGradient(Epsilon), node.Inputs[0], node.Inputs[1], node.Inputs[2], node.Results[1], node.Results[2], dy[0]!);
        return [gradient.Results[0], gradient.Results[1], gradient.Results[2]];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(7 * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, gamma, beta) = (inputs[0], inputs[1], inputs[2]);
        var (y, mean, variance) = (results[0], results[1], results[2]);
        var n = (double)x.Shape.Elements / x.Shape.C;
        BatchNormShapes.Walk(x.Shape, (c, i) => mean[c] += x[i] / n);
        BatchNormShapes.Walk(x.Shape, (c, i) => variance[c] += (x[i] - mean[c]) * (x[i] - mean[c]) / n);
        BatchNormShapes.Walk(x.Shape, (c, i) => y[i] = (gamma[c] * (x[i] - mean[c]) / Math.Sqrt(variance[c] + Epsilon)) + beta[c]);
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("epsilon", Epsilon);

    internal static BatchNormTraining Parse(AttributeReader from) => new(from.Number("epsilon"));
}

/// <summary>The gradient of <see cref="BatchNormTraining"/>: x, γ, β, mean, variance, dy → dx, dγ, dβ.</summary>
/// <param name="Epsilon">ε.</param>
public sealed record BatchNormGradient(double Epsilon) : Op
{
    /// <inheritdoc/>
    public override string Name => "batch_norm_gradient";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(6, inputs.Length, this);
        BatchNormShapes.CheckEpsilon(this, Epsilon);
        for (var i = 1; i < 5; i++) BatchNormShapes.CheckChannels(this, inputs[0], inputs[i]);
        Check.That(inputs[5] == inputs[0], this, $"dy is {inputs[5]}, x is {inputs[0]}; wanted the same");
        return [inputs[0], inputs[1], inputs[1]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        throw new NotDifferentiableException($"{node}: second derivatives of batch normalisation are not defined");

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(11 * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, gamma, mean, variance, dy) = (inputs[0], inputs[1], inputs[3], inputs[4], inputs[5]);
        var (dx, dgamma, dbeta) = (results[0], results[1], results[2]);
        var n = (double)x.Shape.Elements / x.Shape.C;
        double Normalised(int c, long i) => (x[i] - mean[c]) / Math.Sqrt(variance[c] + Epsilon);
        BatchNormShapes.Walk(x.Shape, (c, i) =>
        {
            dgamma[c] += dy[i] * Normalised(c, i);
            dbeta[c] += dy[i];
        });
        BatchNormShapes.Walk(x.Shape, (c, i) =>
            dx[i] = gamma[c] / Math.Sqrt(variance[c] + Epsilon) * (dy[i] - (dbeta[c] / n) - (Normalised(c, i) * dgamma[c] / n)));
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("epsilon", Epsilon);

    internal static BatchNormGradient Parse(AttributeReader from) => new(from.Number("epsilon"));
}

internal static class BatchNormShapes
{
    internal static void CheckChannels(Op op, TensorType x, TensorType channels)
    {
        Check.That(x.Shape.Rank >= 2 && x.DType.IsFloat, op, $"x is {x}; wanted fractions [N, C, …]");
        Check.That(channels == TensorType.F32(x.Shape.C), op, $"x {x} has {x.Shape.C} channels; {channels} wants to be {TensorType.F32(x.Shape.C)}");
    }

    internal static void CheckEpsilon(Op op, double epsilon) =>
        Check.That(epsilon >= 0 && double.IsFinite(epsilon), op, $"epsilon {epsilon}; wanted a number from 0");

    /// <summary>Visits every element with its channel.</summary>
    internal static void Walk(Shape x, Action<int, long> visit)
    {
        var plane = x.Elements / Math.Max(1, x.N * (long)x.C);
        for (var i = 0L; i < x.Elements; i++) visit((int)(i / plane % x.C), i);
    }
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.BatchNorm"/>.</summary>
    public static Value BatchNorm(this Value x, Value gamma, Value beta, Value mean, Value variance, double epsilon = 1e-5, double momentum = 0.1) =>
        x.Graph.Add(new BatchNorm(epsilon, momentum), x, gamma, beta, mean, variance);

    /// <summary><see cref="Ops.Conv2d"/>.</summary>
    public static Value Conv2d(this Value x, Value w, Window2d window, int groups = 1) => x.Graph.Add(new Conv2d(window, groups), x, w);
}
