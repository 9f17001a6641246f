using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>A way from a value to another that is linear: a convolution or the identity, then maybe a bias, then maybe a norm.</summary>
/// <remarks>
/// With a = γ/√(σ² + ε) it is y = (a·w)∗x + (β + a·(b − μ)); without a norm a = 1, β = μ = 0; for the identity w is the unit kernel 1×1.
/// Every value between the two is read once, so that nothing else loses it.
/// </remarks>
internal sealed class LinearBranch
{
    private readonly Value? _weight;
    private readonly Value? _bias;

    private LinearBranch(Value source, Value? weight, Conv2d? conv, Value? bias, Node? norm)
    {
        (Source, Convolution, _weight, _bias, Norm) = (source, conv, weight, bias, norm);
        Kernel = weight is null ? (1, 1) : (weight.Shape.H, weight.Shape.W);
    }

    /// <summary>What the branch starts from.</summary>
    internal Value Source { get; }

    /// <summary>The convolution; null for the identity.</summary>
    internal Conv2d? Convolution { get; }

    /// <summary>Rows and columns of the kernel.</summary>
    internal (int H, int W) Kernel { get; }

    /// <summary>The norm at the end; null where there is none.</summary>
    internal Node? Norm { get; }

    /// <summary>The names of the variables of the branch, the convolution's weight first.</summary>
    internal IEnumerable<string> Labels => new[] { _weight, Norm?.Inputs[1] }.OfType<Value>().Select(Label).OfType<string>();

    /// <summary>The name of the weight; null where it has none.</summary>
    internal string? WeightLabel => _weight is null ? null : Label(_weight);

    /// <summary>The name of the convolution's own bias; null where it has none.</summary>
    internal string? BiasLabel => _bias is null ? null : Label(_bias);

    /// <summary>The branch that a sum reads as <paramref name="y"/>: the identity from y itself, if nothing else.</summary>
    /// <param name="y">[N, C, H, W].</param>
    /// <param name="weights">The values that are computed from parameters and state alone.</param>
    internal static LinearBranch ReadAs(Value y, WeightValues weights) => y.UsedOnce ? EndingIn(y, weights) : new(y, null, null, null, null);

    /// <summary>The branch that ends in <paramref name="y"/>, whoever reads that.</summary>
    internal static LinearBranch EndingIn(Value y, WeightValues weights)
    {
        if (y.Op is BatchNorm)
        {
            var x = y.Node.Inputs[0];
            return x.UsedOnce && Biased(x, y.Node, weights) is { } convolution ? convolution : new(x, null, null, null, y.Node);
        }

        return Biased(y, norm: null, weights) ?? new(y, null, null, null, null);
    }

    /// <summary>w·a [K, C/groups, R, S] in the graph that is built.</summary>
    /// <param name="to">Where its values are.</param>
    /// <param name="groups">The groups that the identity is written for.</param>
    internal Value Weight(Remap to, int groups)
    {
        var w = _weight is null ? to.Graph.Constant(UnitKernel(Source.Shape.C, groups)) : to[_weight];
        return Scale(to) is { } a ? w.Times(a.Reshape(new Shape(a.Shape[0], 1, 1, 1))) : w;
    }

    /// <summary>β + a·(b − μ) [K] in the graph that is built; null when the branch adds nothing.</summary>
    internal Value? Bias(Remap to)
    {
        var b = _bias is null ? null : to[_bias];
        if (Norm is null) return b;
        var (beta, mean) = (to[Norm.Inputs[2]], to[Norm.Inputs[3]]);
        var a = Scale(to)!;
        return b is null ? beta.Minus(mean.Times(a)) : beta.Plus(b.Minus(mean).Times(a));
    }

    private Value? Scale(Remap to) => Norm is { Op: BatchNorm norm }
        ? to[Norm.Inputs[1]].Times(to[Norm.Inputs[4]].Plus(norm.Epsilon).ReciprocalSqrt())
        : null;

    private static LinearBranch? Biased(Value y, Node? norm, WeightValues weights) => y.Node switch
    {
        { Op: Conv2d conv } node when IsOwnWeight(node.Inputs[1], weights) => new(node.Inputs[0], node.Inputs[1], conv, null, norm),
        { Op: Add } node when ChannelBias(node.Inputs[1], y.Shape, weights) is { } bias
            && node.Inputs[0] is { UsedOnce: true, Node: { Op: Conv2d conv } inner } && IsOwnWeight(inner.Inputs[1], weights) =>
            new(inner.Inputs[0], inner.Inputs[1], conv, bias, norm),
        _ => null,
    };

    /// <summary>Whether no other convolution shares the weight.</summary>
    private static bool IsOwnWeight(Value w, WeightValues weights) => w.UsedOnce && weights.Contains(w);

    /// <summary>b [K] where <paramref name="added"/> is b reshaped to one number a channel.</summary>
    private static Value? ChannelBias(Value added, Shape y, WeightValues weights) =>
        added.Node is { Op: Reshape } node && weights.Contains(added) && added.Shape == new Shape(1, y.C, 1, 1) && node.Inputs[0].Shape == new Shape(y.C)
            ? node.Inputs[0]
            : null;

    private static string? Label(Value weight) => weight.Op switch
    {
        Variable variable => variable.Label,
        Named named => named.Label,
        _ => null,
    };

    private static HostTensor UnitKernel(int channels, int groups)
    {
        var kernel = new HostTensor(TensorType.F32(channels, channels / groups, 1, 1));
        for (var k = 0; k < channels; k++) kernel.Floats[(k * (channels / groups)) + (k % (channels / groups))] = 1;
        return kernel;
    }
}
