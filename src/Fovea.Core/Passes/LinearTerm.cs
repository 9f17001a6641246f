using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>Multiplies a tensor whose first axis is the output channels by what stands between it and the end of a linear map.</summary>
internal delegate Value ChannelScale(Remap to, Value tensor);

/// <summary>One way of a <see cref="LinearMap"/> from its source: a convolution, a fully connected layer, a mean over windows, or the identity.</summary>
/// <remarks>A norm directly before a kernel of one tap without padding is part of the way: w∗(a·x + c) = (w·a)∗x + w·c.</remarks>
internal sealed class LinearTerm
{
    private readonly Op? _op;
    private readonly Value? _weight;
    private readonly Node? _before;
    private readonly ChannelScale? _scale;

    internal LinearTerm(Value source, ChannelScale? scale, Op? op = null, Value? weight = null, Node? before = null)
    {
        (Source, _scale, _op, _weight, _before) = (source, scale, op, weight, before);
        (Kernel, Window) = op switch
        {
            Conv2d conv => ((weight!.Shape.H, weight.Shape.W), conv.Window),
            AvgPool pool => ((pool.KernelH, pool.KernelW), pool.Window),
            _ => ((1, 1), Window2d.Of()),
        };
    }

    /// <summary>What the way starts from.</summary>
    internal Value Source { get; }

    /// <summary>Rows and columns of the kernel.</summary>
    internal (int H, int W) Kernel { get; }

    /// <summary>How the kernel moves.</summary>
    internal Window2d Window { get; }

    /// <summary>Whether the way has a weight of its own: a convolution or a fully connected layer.</summary>
    internal bool HasWeight => _weight is not null;

    /// <summary>Whether it is a fully connected layer.</summary>
    internal bool IsMatrix => _op is MatMul;

    /// <summary>The groups of a convolution, otherwise 1.</summary>
    internal int Groups => _op is Conv2d conv ? conv.Groups : 1;

    /// <summary>The name of the weight; null where it has none.</summary>
    internal string? WeightLabel => _weight is null ? null : LinearMap.Label(_weight);

    /// <summary>Whether anything but a bias can be folded into the weight.</summary>
    internal bool IsScaled => _scale is not null || _before is not null;

    /// <summary>Applies the way's operation with another weight.</summary>
    internal Value Apply(Value x, Value weight) => _op is Conv2d conv ? x.Conv2d(weight, conv.Window, conv.Groups) : x.MatMul(weight, transposeB: true);

    /// <summary>The weight of the way in the graph that is built, at its place in a kernel as large as that of <paramref name="frame"/>.</summary>
    internal Value Weight(Remap to, LinearTerm frame)
    {
        var w = _weight is null ? UnitKernel(to.Graph, frame) : to[_weight];
        if (_before is not null) w = w.Times(LinearMap.NormScale(_before, to).Reshape(Along(axis: 1, w.Shape)));
        if (_scale is not null) w = _scale(to, w);
        if (Kernel == frame.Kernel) return w;
        var (row, column) = frame.Place(this);
        return w.Pad(new Padding(new Shape(0, 0, row, column), new Shape(0, 0, frame.Kernel.H - Kernel.H - row, frame.Kernel.W - Kernel.W - column)));
    }

    /// <summary>What the way adds to the bias: w·c for a norm before the kernel; null where there is none.</summary>
    internal Value? Bias(Remap to)
    {
        if (_before is null) return null;
        var w = to[_weight!].Reshape(new Shape(_weight!.Shape[0], _weight.Shape[1]));
        var c = LinearMap.NormShift(_before, to);
        var bias = w.MatMul(c.Reshape(new Shape(c.Shape[0], 1))).Reshape(new Shape(w.Shape[0]));
        return _scale is null ? bias : _scale(to, bias);
    }

    /// <summary>Whether the kernel of <paramref name="small"/> is this one with zeros in some places.</summary>
    internal bool Covers(LinearTerm small)
    {
        if (IsMatrix || small.IsMatrix) return small.IsMatrix == IsMatrix || (IsMatrix && small._op is null);
        var (l, s) = (Window, small.Window);
        if ((l.StrideH, l.StrideW) != (s.StrideH, s.StrideW) || (small.HasWeight && small.Groups != Groups)) return false;
        var sameTaps = (l.DilationH, l.DilationW) == (s.DilationH, s.DilationW) || small.Kernel == (1, 1);
        if (!sameTaps || (l.Top - s.Top) % l.DilationH != 0 || (l.Left - s.Left) % l.DilationW != 0) return false;
        var (row, column) = Place(small);
        return row >= 0 && column >= 0 && row + small.Kernel.H <= Kernel.H && column + small.Kernel.W <= Kernel.W;
    }

    private (int Row, int Column) Place(LinearTerm small) =>
        ((Window.Top - small.Window.Top) / Window.DilationH, (Window.Left - small.Window.Left) / Window.DilationW);

    /// <summary>The weight of the identity, or of a mean over windows, in the groups of <paramref name="frame"/>.</summary>
    private Value UnitKernel(Graph graph, LinearTerm frame)
    {
        var (channels, inputs, taps) = (Source.Shape[1], Source.Shape[1] / frame.Groups, Kernel.H * Kernel.W);
        var shape = frame.IsMatrix ? new Shape(channels, inputs) : new Shape(channels, inputs, Kernel.H, Kernel.W);
        var kernel = new HostTensor(new TensorType(DType.Float32, shape));
        for (var k = 0; k < channels; k++) kernel.Floats.Slice(((k * inputs) + (k % inputs)) * taps, taps).Fill(1);
        var ones = graph.Constant(kernel);
        return taps == 1 ? ones : ones.Times(1.0 / taps);
    }

    /// <summary>The shape of a vector that varies along one axis of a tensor.</summary>
    internal static Shape Along(int axis, Shape shape)
    {
        var extents = new int[shape.Rank];
        for (var i = 0; i < extents.Length; i++) extents[i] = i == axis ? shape[i] : 1;
        return new Shape(extents);
    }
}
