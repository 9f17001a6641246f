using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>A function of one or two plain tensors that are broadcast to the result, element by element: for what is small and rare.</summary>
internal sealed class StridedMap : Kernel
{
    private readonly Func<double, double, double> _function;
    private readonly int[] _extents;
    private readonly long[][] _strides;
    private readonly int[] _position;
    private readonly DType[] _types;
    private readonly long _elements;

    internal StridedMap(string name, Node node, Func<double, double, double> function)
    {
        var y = node.Result.Shape;
        (Name, _function, _elements) = (name, function, y.Elements);
        _extents = y.ToArray();
        _position = new int[y.Rank];
        _strides = [.. node.Inputs.Select(input => Strides(input.Shape, y))];
        _types = [.. node.Inputs.Append(node.Result).Select(value => value.Type.DType)];
    }

    internal override string Name { get; }

    internal override void Run(ReadOnlySpan<nint> at)
    {
        Array.Clear(_position);
        var binary = _strides.Length > 1;
        var (a, b) = (0L, 0L);
        for (var i = 0L; i < _elements; i++)
        {
            var left = Elements.Load(at[0], _types[0], a);
            var right = binary ? Elements.Load(at[1], _types[1], b) : 0;
            Elements.Store(at[^1], _types[^1], i, _function(left, right));
            for (var axis = _extents.Length - 1; axis >= 0; axis--)
            {
                a += _strides[0][axis];
                if (binary) b += _strides[1][axis];
                if (++_position[axis] < _extents[axis]) break;
                _position[axis] = 0;
                a -= _strides[0][axis] * _extents[axis];
                if (binary) b -= _strides[1][axis] * _extents[axis];
            }
        }
    }

    /// <summary>Strides of an operand along the result's axes: 0 where it is broadcast.</summary>
    private static long[] Strides(Shape x, Shape y)
    {
        var (own, lead) = (x.RowMajorStrides(), y.Rank - x.Rank);
        return [.. Enumerable.Range(0, y.Rank).Select(axis => axis < lead || x[axis - lead] == 1 ? 0 : own[axis - lead])];
    }
}
