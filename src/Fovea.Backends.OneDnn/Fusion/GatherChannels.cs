using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>An image whose channels are taken from others: concatenation, split, shuffle and their gradients, and what they make together.</summary>
/// <remarks>x1 [N, C1, H, W], x2 [N, C2, H, W], … → y [N, C, H, W] with y[n, k] = x of source k [n, channel k], or zero.</remarks>
/// <param name="Map">The channels.</param>
internal sealed record GatherChannels(ChannelMap Map) : Op
{
    public override string Name => "gather_channels";

    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.That(inputs.Length >= 1, this, $"no inputs; wanted at least one");
        foreach (var input in inputs)
            Check.That(input.DType == inputs[0].DType && input.Shape.Rank == 4 && input.Shape.With(1, 0) == inputs[0].Shape.With(1, 0), this,
                $"{input} and {inputs[0]} differ in more than channels");
        foreach (var (source, channel) in Map.Channels)
            Check.That(source < inputs.Length && (source < 0 || channel < inputs[source].Shape.C), this,
                $"channel {channel} of source {source}; wanted one that is there");
        return [inputs[0] with { Shape = inputs[0].Shape.With(1, Map.Count) }];
    }

    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => throw Fused.NoGradient(node);

    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => Graphs.Cost.OfFlops(0, inputs, results);

    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var y = results[0];
        var plane = y.Shape.H * y.Shape.W;
        for (var n = 0; n < y.Shape.N; n++)
            for (var k = 0; k < Map.Count; k++)
            {
                var (source, channel) = Map.Channels[k];
                if (source < 0) continue;
                var x = inputs[source];
                for (var p = 0; p < plane; p++) y[((((long)n * Map.Count) + k) * plane) + p] = x[((((long)n * x.Shape.C) + channel) * plane) + p];
            }
    }

    public override void Print(AttributeWriter to) => to.Add("channels", Map.ToString());
}
