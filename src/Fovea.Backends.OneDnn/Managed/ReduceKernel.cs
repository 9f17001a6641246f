using Fovea.Backends.OneDnn.Planning;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>A sum, mean or maximum over some axes of a plain tensor, accumulated in double.</summary>
internal sealed class ReduceKernel : Kernel
{
    private readonly ReduceKind _kind;
    private readonly DType _type;
    private readonly int[] _outer;
    private readonly long[] _strides;
    private readonly int[] _position;
    private readonly int _row;
    private readonly bool _rowReduced;
    private readonly double[] _sums;
    private readonly long _rows;
    private readonly double _scale;

    internal ReduceKernel(Reduce op, TensorType x)
    {
        var shape = PlanBuilder.Logical(x.Shape);
        (_kind, _type) = (op.Kind, x.DType);
        var last = shape.Rank - 1;
        _row = shape[last];
        _rowReduced = op.Axes.Contains(last) || x.Shape.Rank == 0;
        _outer = shape.ToArray()[..last];
        _position = new int[last];
        _strides = new long[last];
        var step = _rowReduced ? 1L : _row;
        for (var axis = last - 1; axis >= 0; axis--)
        {
            if (op.Axes.Contains(axis)) continue;
            _strides[axis] = step;
            step *= shape[axis];
        }

        _sums = new double[step];
        _rows = _row == 0 ? 0 : shape.Elements / _row;
        _scale = op.Kind == ReduceKind.Mean ? (double)step / shape.Elements : 1;
    }

    internal override string Name => "fovea:reduce";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        Array.Fill(_sums, _kind == ReduceKind.Max ? double.NegativeInfinity : 0);
        Array.Clear(_position);
        var target = 0L;
        for (var row = 0L; row < _rows; row++)
        {
            for (var i = 0; i < _row; i++) Add(ref _sums[target + (_rowReduced ? 0 : i)], Elements.Load(at[0], _type, (row * _row) + i));
            for (var axis = _outer.Length - 1; axis >= 0; axis--)
            {
                target += _strides[axis];
                if (++_position[axis] < _outer[axis]) break;
                _position[axis] = 0;
                target -= _strides[axis] * _outer[axis];
            }
        }

        for (var i = 0; i < _sums.Length; i++) Elements.Store(at[1], _type, i, _sums[i] * _scale);
    }

    private void Add(ref double sum, double x) => sum = _kind == ReduceKind.Max ? Math.Max(sum, x) : sum + x;
}
