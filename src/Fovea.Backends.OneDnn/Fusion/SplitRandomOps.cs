using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>Makes random branches arithmetic, which joins what is around it: a product with drawn factors in training, with a constant in evaluation.</summary>
internal sealed class SplitRandomOps : Pass
{
    public override string Name => "split_random_ops";

    protected override Value[]? Rewrite(Node node, Remap to) => node.Op switch
    {
        RandomScale scale => Scaled(node, scale, to),
        RandomBranch { Evaluated: 1 } => [to[node.Inputs[0]]],
        RandomBranch branch => [to[node.Inputs[0]].Times(branch.Evaluated)],
        ShakeShake => [to[node.Inputs[0]].Plus(to[node.Inputs[1]]).Times(0.5)],
        _ => null,
    };

    private static Value[] Scaled(Node node, RandomScale scale, Remap to)
    {
        var (x, step) = (to[node.Inputs[0]], to[node.Inputs[1]]);
        var factors = new Shape([.. Enumerable.Range(0, x.Shape.Rank).Select(axis => axis == 0 ? x.Shape.N : 1)]);
        return [to.Graph.Add(new ScaleImages(), x, to.Graph.Add(new RandomFactors(scale, factors), step))];
    }
}

/// <summary>x [N, …] times factors f32 [N, 1, …], in the type of x.</summary>
internal sealed record ScaleImages : Op
{
    public override string Name => "scale_images";

    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.That(inputs.Length == 2 && inputs[1].DType == DType.Float32 && inputs[1].Shape.N == inputs[0].Shape.N, this,
            $"wanted x [N, …] and factors f32[N, 1, …]");
        return [inputs[0]];
    }

    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => throw Fused.NoGradient(node);

    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(results[0].Shape.Elements, inputs, results);

    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results) => new Multiply().Evaluate(inputs, results);
}
