using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>A value y as a linear function of others, read backwards from y: a sum of ways, each scaled channel by channel, and a bias.</summary>
/// <remarks>
/// y = Σ aᵢ·(wᵢ∗xᵢ) + b. Sums and differences, norms with running statistics, scales and biases of one number a channel, and factors are
/// read through; convolutions, fully connected layers and means over windows end a way, and so does every value that something else
/// reads too, or that lies too deep. Whoever reads y itself does not matter.
/// </remarks>
internal sealed class LinearMap
{
    private readonly WeightValues _weights;
    private readonly List<LinearTerm> _terms = [];
    private readonly List<Func<Remap, Value>> _shifts = [];
    private readonly List<string> _labels = [];
    private readonly List<string> _biasLabels = [];
    private readonly HashSet<Node> _nodes = [];

    private const int DeepestWay = 256;

    private int _depth;

    private LinearMap(WeightValues weights) => _weights = weights;

    /// <summary>The ways.</summary>
    internal IReadOnlyList<LinearTerm> Terms => _terms;

    /// <summary>The nodes between the sources and y, with y's.</summary>
    internal IReadOnlySet<Node> Nodes => _nodes;

    /// <summary>The names of the weights, scales and norms.</summary>
    internal IReadOnlyList<string> Labels => _labels;

    /// <summary>The names of the biases that are added.</summary>
    internal IReadOnlyList<string> BiasLabels => _biasLabels;

    /// <summary>The way whose kernel can hold those of all others; null where nothing has a weight, sources differ, or one does not fit.</summary>
    internal LinearTerm? Frame
    {
        get
        {
            var largest = _terms.Where(term => term.HasWeight).MaxBy(term => term.Kernel.H * term.Kernel.W);
            return largest is not null && _terms.TrueForAll(term => term.Source == largest.Source && largest.Covers(term)) ? largest : null;
        }
    }

    /// <summary>The map that ends in <paramref name="y"/>: the identity of y itself, if nothing else.</summary>
    /// <param name="y">[N, C, H, W] or [N, C].</param>
    /// <param name="weights">The values that are computed from parameters and state alone.</param>
    internal static LinearMap EndingIn(Value y, WeightValues weights)
    {
        var map = new LinearMap(weights);
        map.Read(y, scale: null, isRoot: true);
        return map;
    }

    /// <summary>The weight of the whole map in the graph that is built, a kernel as large as that of <paramref name="frame"/>.</summary>
    internal Value Weight(Remap to, LinearTerm frame) => Sum(_terms.Select(term => term.Weight(to, frame)))!;

    /// <summary>b [K] in the graph that is built; null when nothing is added.</summary>
    internal Value? Bias(Remap to) => Sum(_shifts.Select(shift => shift(to)).Concat(_terms.Select(term => term.Bias(to)).OfType<Value>()));

    /// <summary>γ/√(σ² + ε) [C] of a norm.</summary>
    internal static Value NormScale(Node norm, Remap to) =>
        to[norm.Inputs[1]].Times(to[norm.Inputs[4]].Plus(((BatchNorm)norm.Op).Epsilon).ReciprocalSqrt());

    /// <summary>β − μ·γ/√(σ² + ε) [C] of a norm.</summary>
    internal static Value NormShift(Node norm, Remap to) => to[norm.Inputs[2]].Minus(to[norm.Inputs[3]].Times(NormScale(norm, to)));

    /// <summary>The name that a weight has; null where it is computed.</summary>
    internal static string? Label(Value weight) => weight.Op switch
    {
        Variable variable => variable.Label,
        Named named => named.Label,
        _ => null,
    };

    private static Value? Sum(IEnumerable<Value> terms) => terms.Aggregate((Value?)null, (sum, term) => sum?.Plus(term) ?? term);

    private static ChannelScale Then(ChannelScale? outer, Func<Remap, Value, Value> inner) =>
        outer is null ? new(inner) : (to, tensor) => outer(to, inner(to, tensor));

    private static Value ByChannel(Value tensor, Value vector) => tensor.Times(vector.Reshape(LinearTerm.Along(axis: 0, tensor.Shape)));

    private void Read(Value y, ChannelScale? scale, bool isRoot = false)
    {
        _depth++;
        if ((isRoot || y.UsedOnce) && _depth <= DeepestWay && (ReadThrough(y, scale) || ReadKernel(y, scale))) _nodes.Add(y.Node);
        else _terms.Add(new(y, scale));
        _depth--;
    }

    private bool ReadThrough(Value y, ChannelScale? scale)
    {
        var inputs = y.Node.Inputs;
        switch (y.Op)
        {
            case BatchNorm:
                ReadNorm(y.Node, scale);
                return true;
            case Affine affine:
                if (affine.Beta != 0) Shift(to => Filled(to, y.Shape[1], affine.Beta), scale);
                Read(inputs[0], affine.Alpha == 1 ? scale : Then(scale, (_, tensor) => tensor.Times(affine.Alpha)));
                return true;
            case Add or Subtract when inputs[0].Type == y.Type && inputs[1].Type == y.Type && !_weights.Contains(inputs[0]) && !_weights.Contains(inputs[1]):
                Read(inputs[0], scale);
                Read(inputs[1], y.Op is Add ? scale : Then(scale, (_, tensor) => tensor.Times(-1)));
                return true;
            case Add when Vector(inputs[1], y) is { } bias:
                if (Label(bias) is { } label) _biasLabels.Add(label);
                Shift(to => Flat(to, bias), scale);
                Read(inputs[0], scale);
                return true;
            case Multiply when Vector(inputs[1], y) is { } factor:
                if (Label(factor) is { } name) _labels.Add(name);
                Read(inputs[0], Then(scale, (to, tensor) => ByChannel(tensor, Flat(to, factor))));
                return true;
            default:
                return false;
        }
    }

    private void ReadNorm(Node norm, ChannelScale? scale)
    {
        if (Label(norm.Inputs[1]) is { } label) _labels.Add(label);
        Shift(to => NormShift(norm, to), scale);
        Read(norm.Inputs[0], Then(scale, (to, tensor) => ByChannel(tensor, NormScale(norm, to))));
    }

    private bool ReadKernel(Value y, ChannelScale? scale)
    {
        switch (y.Node)
        {
            case { Op: Conv2d conv, Inputs: [var x, var w] } when IsOwnWeight(w):
                Add(w, x, mayFollowNorm: conv.Groups == 1 && (w.Shape.H, w.Shape.W) == (1, 1) && conv.Window is { Top: 0, Left: 0, Bottom: 0, Right: 0 });
                return true;
            case { Op: MatMul { TransposeA: false, TransposeB: true }, Inputs: [var x, var w] } when x.Shape.Rank == 2 && IsOwnWeight(w):
                Add(w, x, mayFollowNorm: true);
                return true;
            case { Op: AvgPool pool, Inputs: [var x] } when pool.CountPadding || pool.Window is { Top: 0, Left: 0, Bottom: 0, Right: 0 }:
                _terms.Add(new(x, scale, pool));
                return true;
            default:
                return false;
        }

        void Add(Value w, Value x, bool mayFollowNorm)
        {
            if (Label(w) is { } label) _labels.Add(label);
            var norm = mayFollowNorm && IsFreeNorm(x) ? x.Node : null;
            if (norm is not null) _nodes.Add(norm);
            if (norm is not null && Label(norm.Inputs[1]) is { } normLabel) _labels.Add(normLabel);
            _terms.Add(new(norm?.Inputs[0] ?? x, scale, y.Op, w, norm));
        }
    }

    /// <summary>Whether x is a norm that nothing else reads and that no kernel before it can take in.</summary>
    private bool IsFreeNorm(Value x) => x.Op is BatchNorm && x.UsedOnce && !EndingIn(x, _weights)._terms.Exists(term => term.HasWeight);

    /// <summary>Whether no other operation shares the weight.</summary>
    private bool IsOwnWeight(Value w) => w.UsedOnce && _weights.Contains(w);

    private void Shift(Func<Remap, Value> shift, ChannelScale? scale) => _shifts.Add(scale is null ? shift : to => scale(to, shift(to)));

    /// <summary>
    /// The weight that <paramref name="operand"/> is, reshaped or not, where it has one number for each channel of y and y's first operand is y's like.
    /// </summary>
    private Value? Vector(Value operand, Value y)
    {
        if (y.Node.Inputs[0].Type != y.Type || !_weights.Contains(operand)) return null;
        var channels = y.Shape.Rank switch
        {
            4 => operand.Shape == new Shape(1, y.Shape.C, 1, 1) || operand.Shape == new Shape(y.Shape.C, 1, 1),
            2 => operand.Shape == new Shape(y.Shape[1]) || operand.Shape == new Shape(1, y.Shape[1]),
            _ => false,
        };
        if (!channels) return null;
        return operand.Op is Reshape ? operand.Node.Inputs[0] : operand;
    }

    private static Value Flat(Remap to, Value vector) => to[vector].Reshape(new Shape((int)vector.Shape.Elements));

    private static Value Filled(Remap to, int channels, double number) =>
        to.Graph.Constant(HostTensor.Filled(new Shape(channels), 1)).Times(number);
}
