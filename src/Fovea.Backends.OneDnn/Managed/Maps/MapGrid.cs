using Fovea.Backends.OneDnn.Interop;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>How a tensor moves over a <see cref="MapGrid"/>, in elements.</summary>
/// <param name="Outer">Where it stands at each outer position.</param>
/// <param name="Row">From row to row; 0 where it is repeated.</param>
/// <param name="Lane">From lane to lane; 0 where it is repeated.</param>
internal sealed record MapStrides(long[] Outer, long Row, long Lane);

/// <summary>
/// A tensor's elements in the order of memory, as outer positions of rows of lanes, such that every operand is repeated or not along whole rows and lanes.
/// </summary>
internal sealed class MapGrid
{
    private readonly List<int> _extents = [];

    /// <param name="main">The layout of the whole: plain, channels last, or channel blocks; any dense one where operands are whole or single numbers.</param>
    /// <param name="operands">What is broadcast to it, or reduced from it, with as many axes.</param>
    /// <param name="seesPadding">Whether lanes beyond the last channel must be told apart.</param>
    internal MapGrid(MemoryDesc main, IReadOnlyList<MemoryDesc> operands, bool seesPadding)
    {
        var block = Fits(main) ? BlockOf(main) : 1;
        var extents = Fits(main) ? Extents(main, block) : [checked((int)main.PaddedElements)];
        var strides = operands.Select(operand => Fits(main) ? Strides(main, operand, block) : [operand.Dims == main.Dims ? 1 : 0]).ToList();
        if (seesPadding) strides.Add([0, block, 0, 0, 1]);
        var kept = Merge(extents, strides);
        Lanes = kept.Count > 0 ? extents[kept[^1]] : 1;
        var hasRows = kept.Count > 1 && strides.TrueForAll(stride => IsRow(stride[kept[^2]], stride[kept[^1]]));
        Rows = hasRows ? extents[kept[^2]] : 1;
        var outer = kept.Take(Math.Max(0, kept.Count - (hasRows ? 2 : 1))).ToList();
        _extents = [.. outer.Select(axis => extents[axis])];
        Outers = _extents.Aggregate(1L, (product, extent) => product * extent);
        var moves = strides.Select(stride => new MapStrides(
            Offsets([.. outer.Select(axis => stride[axis])]), hasRows ? stride[kept[^2]] : 0, kept.Count > 0 ? stride[kept[^1]] : 0)).ToList();
        if (seesPadding)
        {
            Valid = [.. moves[^1].Outer.Select(first => (int)Math.Clamp(main.Dims.C - first, 0, Lanes))];
            moves.RemoveAt(moves.Count - 1);
        }

        Operands = moves;
    }

    internal long Outers { get; }

    internal int Rows { get; }

    internal int Lanes { get; }

    /// <summary>How each operand moves.</summary>
    internal IReadOnlyList<MapStrides> Operands { get; }

    /// <summary>For each outer position, how many lanes are no padding; null where all count.</summary>
    internal int[]? Valid { get; }

    /// <summary>Whether a layout has an order that the grid can follow.</summary>
    internal static bool Fits(MemoryDesc desc) =>
        desc.IsPlain || (desc.Dims.Rank == 4 && (desc.IsChannelsLast
            || desc.Layout is { InnerBlocks: [4 or 8 or 16], InnerAxes: [1], IsDense: true, Offset: 0 }));

    /// <summary>The extent of the channel blocks, or 1.</summary>
    internal static int BlockOf(MemoryDesc desc) => desc.Layout.InnerBlocks is [var block] ? block : 1;

    /// <summary>Whether several rows of an operand make one block: short rows with a gap behind each, as in a part of an image, do not.</summary>
    private bool IsRow(long row, long lane) => lane == 0 || row == 0 || row == Lanes || Lanes > MapWork.Block;

    private static int[] Extents(MemoryDesc main, int block)
    {
        var dims = main.Dims;
        if (block > 1) return [dims.N, (dims.C + block - 1) / block, dims.H, dims.W, block];
        return main.IsPlain ? dims.ToArray() : [dims.N, dims.H, dims.W, dims.C];
    }

    /// <summary>The strides of an operand along the axes of the whole, in the order of its memory.</summary>
    private static long[] Strides(MemoryDesc main, MemoryDesc operand, int block)
    {
        var (own, dims) = (operand.Layout.Strides, operand.Dims);
        var strides = new long[dims.Rank];
        for (var axis = 0; axis < strides.Length; axis++) strides[axis] = dims[axis] == 1 && main.Dims[axis] != 1 ? 0 : own[axis];
        if (block > 1)
        {
            var isBlocked = BlockOf(operand) > 1;
            var repeats = dims.C == 1 && main.Dims.C != 1;
            return [strides[0], isBlocked ? strides[1] : strides[1] * block, strides[2], strides[3], repeats ? 0 : isBlocked ? 1 : strides[1]];
        }

        return main.IsPlain ? strides : [strides[0], strides[2], strides[3], strides[1]];
    }

    /// <summary>Joins neighbouring axes over which every operand moves as over one; returns those that are left.</summary>
    private static List<int> Merge(int[] extents, List<long[]> strides)
    {
        var kept = Enumerable.Range(0, extents.Length).Where(axis => extents[axis] != 1).ToList();
        for (var i = kept.Count - 2; i >= 0; i--)
        {
            var (outer, inner) = (kept[i], kept[i + 1]);
            if (!strides.TrueForAll(stride => stride[outer] == stride[inner] * extents[inner])) continue;
            extents[inner] *= extents[outer];
            kept.RemoveAt(i);
        }

        return kept;
    }

    private long[] Offsets(long[] strides)
    {
        var offsets = new long[Outers];
        var position = new int[strides.Length];
        var at = 0L;
        for (var i = 0L; i < Outers; i++)
        {
            offsets[i] = at;
            for (var axis = strides.Length - 1; axis >= 0; axis--)
            {
                at += strides[axis];
                if (++position[axis] < _extents[axis]) break;
                position[axis] = 0;
                at -= strides[axis] * _extents[axis];
            }
        }

        return offsets;
    }
}
