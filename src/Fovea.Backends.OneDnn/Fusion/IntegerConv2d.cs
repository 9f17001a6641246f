using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>
/// A convolution of integers with what its primitive does before it stores: x, w s8[, b][, s] → activation(conv(x, w) + b + s), of the fractions that the
/// integers stand for, as integers again or in f32.
/// </summary>
/// <param name="Conv">The convolution and what follows it.</param>
/// <param name="Source">What x stands for.</param>
/// <param name="Weights">The scales of w, f32 [K]; its zero points are 0.</param>
/// <param name="MostWeight">The greatest magnitude in w.</param>
/// <param name="Sum">What s stands for; null where it is fractions.</param>
/// <param name="Result">What the result stands for; null where it is fractions.</param>
internal sealed record IntegerConv2d(FusedConv2d Conv, IntegerType Source, Constant Weights, int MostWeight, IntegerType? Sum, IntegerType? Result) : Op
{
    /// <summary>Whether two products fit into 16 bits together.</summary>
    internal bool HasSmallPairs => 2L * Source.Most * MostWeight <= short.MaxValue;

    public override string Name => "integer_conv2d";

    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var y = Conv.Infer(Fractions(inputs))[0];
        return [y with { DType = Result?.Type ?? DType.Float32 }];
    }

    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => throw Fused.NoGradient(node);

    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => Conv.Conv.Cost(inputs[..2], results);

    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (scales, fractions) = (OracleTensor.From(Weights.Tensor), inputs.ToArray());
        var perFilter = inputs[1].Elements.Length / scales.Elements.Length;
        fractions[0] = Each(inputs[0], (x, _) => (x - Source.Zero) * Source.Scale);
        fractions[1] = Each(inputs[1], (w, i) => w * scales[i / perFilter]);
        if (Sum is { } sum) fractions[^1] = Each(inputs[^1], (s, _) => (s - sum.Zero) * sum.Scale);
        Conv.Evaluate(fractions, results);
        if (Result is not { } result) return;
        var range = Quantize.To(result.Type);
        var y = results[0].Elements;
        for (var i = 0; i < y.Length; i++) y[i] = Math.Clamp(Math.Round(y[i] / result.Scale) + result.Zero, range.Low, range.High);
    }

    public override void Print(AttributeWriter to)
    {
        Conv.Print(to);
        to.Add("source", $"{Source.Type.ShortName}·{Source.Scale:R}");
        if (Result is { } result) to.Add("result", $"{result.Type.ShortName}·{result.Scale:R}");
    }

    private static TensorType[] Fractions(ReadOnlySpan<TensorType> inputs) => Array.ConvertAll(inputs.ToArray(), input => input with { DType = DType.Float32 });

    private static OracleTensor Each(OracleTensor x, Func<double, int, double> function)
    {
        var result = new OracleTensor(x.Shape);
        for (var i = 0; i < result.Elements.Length; i++) result[i] = function(x[i], i);
        return result;
    }
}
