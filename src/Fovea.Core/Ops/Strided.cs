using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Positions in row-major tensors: what broadcasting, reduction, transposition and slicing have in common.</summary>
internal static class Strided
{
    /// <summary>start + Σ index·stride for every position of a shape, in row-major order.</summary>
    internal static long[] Offsets(Shape over, ReadOnlySpan<long> strides, long start = 0)
    {
        var offsets = new long[over.Elements];
        Span<int> index = stackalloc int[Shape.MaxRank];
        var at = start;
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = at;
            for (var axis = over.Rank - 1; axis >= 0; axis--)
            {
                at += strides[axis];
                if (++index[axis] < over[axis]) break;
                at -= strides[axis] * over[axis];
                index[axis] = 0;
            }
        }

        return offsets;
    }

    /// <summary>The strides that repeat a tensor along the axes that it lacks or has with extent 1.</summary>
    internal static long[] BroadcastStrides(Shape from, Shape to)
    {
        var (own, strides) = (from.RowMajorStrides(), new long[to.Rank]);
        var missing = to.Rank - from.Rank;
        for (var axis = 0; axis < from.Rank; axis++) strides[axis + missing] = from[axis] == 1 ? 0 : own[axis];
        return strides;
    }

    /// <summary>The shape that both broadcast to by numpy's rule, or null.</summary>
    internal static Shape? Join(Shape a, Shape b)
    {
        var rank = Math.Max(a.Rank, b.Rank);
        Span<int> extents = stackalloc int[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            var (i, j) = (axis - rank + a.Rank, axis - rank + b.Rank);
            var (m, n) = (i < 0 ? 1 : a[i], j < 0 ? 1 : b[j]);
            if (m != n && m != 1 && n != 1) return null;
            extents[axis] = m == 1 ? n : m;
        }

        return new Shape(extents);
    }

    /// <summary>An axis counted from the end, when negative, as one counted from the start.</summary>
    internal static int Axis(int axis, int rank) => axis < 0 ? axis + rank : axis;
}
