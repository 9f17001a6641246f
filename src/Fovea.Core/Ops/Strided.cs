using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Positions in row-major tensors: what broadcasting, reduction, transposition and slicing have in common.</summary>
internal static class Strided
{
    /// <summary>start + Σ index·stride for every position of a shape, in row-major order.</summary>
    internal static long[] Offsets(Shape over, ReadOnlySpan<long> strides, long start = 0)
    {
        var offsets = new long[over.Elements];
        Span<int> extents = stackalloc int[Shape.MaxRank], index = stackalloc int[Shape.MaxRank];
        Span<long> steps = stackalloc long[Shape.MaxRank];
        var rank = Joined(over, strides, extents, steps);
        var (row, step) = (extents[rank - 1], steps[rank - 1]);
        for (var first = 0; first < offsets.Length; first += row)
        {
            for (var i = 0; i < row; i++) offsets[first + i] = start + (i * step);
            for (var axis = rank - 2; axis >= 0; axis--)
            {
                start += steps[axis];
                if (++index[axis] < extents[axis]) break;
                start -= steps[axis] * extents[axis];
                index[axis] = 0;
            }
        }

        return offsets;
    }

    /// <summary>The axes of a walk, neighbours joined where one step of the outer is a whole row of the inner; at least one.</summary>
    private static int Joined(Shape over, ReadOnlySpan<long> strides, Span<int> extents, Span<long> steps)
    {
        (extents[0], steps[0]) = (1, 0);
        var last = 0;
        for (var axis = 0; axis < over.Rank; axis++)
        {
            var (extent, stride) = (over[axis], strides[axis]);
            if (extent == 1) continue;
            if (extents[last] != 1 && steps[last] != stride * extent) last++;
            else extent *= extents[last];
            (extents[last], steps[last]) = (extent, stride);
        }

        return last + 1;
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
