using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>Makes batch normalisation by running statistics a product and a sum per channel, which join what is around them.</summary>
/// <remarks>y = a·(x − μ) + β with a = γ/√(σ² + ε), which is computed once for as long as the variables stay as they are.</remarks>
internal sealed class SplitBatchNorms : Pass
{
    public override string Name => "split_batch_norms";

    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (node.Op is not BatchNorm norm) return null;
        var (x, gamma, beta, mean, variance) = (to[node.Inputs[0]], to[node.Inputs[1]], to[node.Inputs[2]], to[node.Inputs[3]], to[node.Inputs[4]]);
        var line = new Shape([.. Enumerable.Range(0, x.Shape.Rank).Select(axis => axis == 1 ? x.Shape.C : 1)]);
        var a = gamma.Times(variance.Plus(norm.Epsilon).ReciprocalSqrt());
        return [As(As(x, DType.Float32).Minus(mean.Reshape(line)).Times(a.Reshape(line)).Plus(beta.Reshape(line)), x.Type.DType)];
    }

    private static Value As(Value value, DType type) => value.Type.DType == type ? value : value.Graph.Add(new Cast(type), value);
}
