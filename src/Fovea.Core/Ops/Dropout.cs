using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Dropout as a model is evaluated: x → x. The pass <c>EnterTraining</c> turns it into <see cref="RandomDropout"/>. ONNX: Dropout.</summary>
/// <param name="Rate">The fraction of elements that training drops, from 0 to below 1.</param>
public sealed record Dropout(double Rate) : Op
{
    /// <inheritdoc/>
    public override string Name => "dropout";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        CheckRate(this, Rate);
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [dy[0]];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => default;

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results) =>
        inputs[0].Elements.CopyTo(results[0].Elements.AsSpan());

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("rate", Rate);

    internal static Dropout Parse(AttributeReader from) => new(from.Number("rate"));

    internal static void CheckRate(Op op, double rate) => Check.That(rate is >= 0 and < 1, op, $"rate {rate}; wanted 0 to below 1");
}

/// <summary>Dropout as a model is trained (Srivastava et al. 2014): x, step s32 [1] → y = mask·x/(1 − rate).</summary>
/// <remarks>
/// Element i in row-major order is kept where <c>new Philox(Seed, Philox.Stream(Stream, step)).Uniform(i)</c> is at least the rate. The
/// gradient is the same operation on dy.
/// </remarks>
/// <param name="Rate">The fraction of elements that are dropped, from 0 to below 1.</param>
/// <param name="Seed">The key of the draws.</param>
/// <param name="Stream">Which of a model's dropouts this is: the stream of its name, <see cref="Philox.Stream(string, string)"/>.</param>
public sealed record RandomDropout(double Rate, ulong Seed, ulong Stream) : Op
{
    /// <inheritdoc/>
    public override string Name => "random_dropout";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2, inputs.Length, this);
        Dropout.CheckRate(this, Rate);
        Check.That(inputs[0].DType.IsFloat, this, $"x is {inputs[0]}; wanted fractions");
        Check.That(inputs[1] == new TensorType(DType.Int32, new Shape(1)), this, $"step is {inputs[1]}; wanted s32[1]");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [node.Graph.Add(this, dy[0]!, node.Inputs[1]), null];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, y) = (inputs[0].Elements, results[0].Elements);
        var draws = new Philox(Seed, Philox.Stream(Stream, (ulong)(int)inputs[1][0]));
        for (var i = 0; i < y.Length; i++) y[i] = draws.Uniform((ulong)i) >= Rate ? x[i] / (1 - Rate) : 0;
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("rate", Rate);
        to.Add("seed", Seed);
        to.Add("stream", Stream);
    }

    internal static RandomDropout Parse(AttributeReader from) => new(from.Number("rate"), from.Unsigned("seed"), from.Unsigned("stream"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Dropout"/>.</summary>
    public static Value Dropout(this Value x, double rate) => x.Graph.Add(new Dropout(rate), x);

    /// <summary><see cref="Ops.RandomDropout"/>.</summary>
    public static Value RandomDropout(this Value x, Value step, double rate, ulong seed, ulong stream) =>
        x.Graph.Add(new RandomDropout(rate, seed, stream), x, step);
}
