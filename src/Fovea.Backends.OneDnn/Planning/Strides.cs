using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>Tensors seen with strides under other shapes.</summary>
internal static class Strides
{
    /// <summary>The strides that show a strided tensor under another shape, or null where it takes a copy.</summary>
    internal static long[]? Fold(Shape from, ReadOnlySpan<long> strides, Shape to)
    {
        var result = new long[to.Rank];
        var (i, k) = (0, 0);
        while (i < from.Rank || k < to.Rank)
        {
            var (first, start) = (i, k);
            var (own, wanted) = (i < from.Rank ? (long)from[i++] : 1, k < to.Rank ? (long)to[k++] : 1);
            while (own != wanted)
            {
                if (own < wanted && i < from.Rank) own *= from[i++];
                else if (wanted < own && k < to.Rank) wanted *= to[k++];
                else return null;
            }

            if (!IsEven(from, strides, first, i, out var step)) return null;
            for (var axis = k - 1; axis >= start; axis--)
            {
                result[axis] = step;
                step *= to[axis];
            }
        }

        return result;
    }

    /// <summary>Whether axes from first to last are one: each moves by the extent of the next times its stride. Axes of extent 1 do not matter.</summary>
    private static bool IsEven(Shape shape, ReadOnlySpan<long> strides, int first, int last, out long step)
    {
        (step, var next) = (1, -1L);
        for (var axis = last - 1; axis >= first; axis--)
        {
            if (shape[axis] == 1) continue;
            if (next < 0) step = strides[axis];
            else if (strides[axis] != next) return false;
            next = strides[axis] * shape[axis];
        }

        return true;
    }
}
