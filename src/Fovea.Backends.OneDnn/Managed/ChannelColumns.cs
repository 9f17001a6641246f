using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn.Interop;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>A stretch of a tensor in which lane l of every row belongs to the same channel.</summary>
internal struct ChannelColumn
{
    /// <summary>Where row 0 begins, in elements.</summary>
    internal long Start;

    /// <summary>From one row to the next, in elements.</summary>
    internal long Step;

    /// <summary>How many rows.</summary>
    internal int Rows;

    /// <summary>How many lanes a row has: <see cref="ChannelColumns.Lanes"/>, or fewer at an end.</summary>
    internal int Lanes;

    /// <summary>Which group of channels the lanes belong to.</summary>
    internal int Group;

    /// <summary>The number of the first row, counted over all columns: where its mask lies.</summary>
    internal int FirstRow;
}

/// <summary>An image tensor cut into columns small enough for the first-level cache, whatever its layout.</summary>
/// <remarks>
/// Lane l of group g belongs to channel g·Period + l mod Period, where Period is the number of neighbouring channels in memory: 16, 8 or 4 in
/// channel blocks, 16 with channels last, 1 where channels are planes. Channels beyond the last are padding and hold zeros.
/// </remarks>
internal sealed unsafe class ChannelColumns : IDisposable
{
    internal const int Lanes = 16;
    private const int LongestColumn = 256;

    private readonly void* _columns;

    internal ChannelColumns(MemoryDesc desc)
    {
        var dims = desc.Dims;
        (Channels, Pixels) = (dims.C, (int)(dims.Elements / Math.Max(1, dims.N * (long)dims.C)));
        Images = dims.N;
        var columns = new List<ChannelColumn>();
        var blocks = desc.Layout.InnerBlocks;
        if (blocks is [4 or 8 or 16]) Blocked(columns, desc.Layout, blocks[0]);
        else if (dims.Rank == 2 || desc.IsChannelsLast) ChannelsLast(columns);
        else Planes(columns);
        Count = columns.Count;
        _columns = NativeMemory.AlignedAlloc((nuint)(Math.Max(1, Count) * sizeof(ChannelColumn)), 64);
        var rows = 0;
        for (var i = 0; i < Count; i++)
        {
            var column = columns[i];
            column.FirstRow = rows;
            rows += column.Rows;
            Columns[i] = column;
        }

        Rows = rows;
        Groups = (Channels + Period - 1) / Period;
        ChannelOf = new int[Groups * Lanes];
        for (var lane = 0; lane < ChannelOf.Length; lane++) ChannelOf[lane] = (lane / Lanes * Period) + (lane % Period);
    }

    /// <summary>Channels of the image, padding left out.</summary>
    internal int Channels { get; }

    /// <summary>How many numbers a channel has in the batch.</summary>
    internal long Population => (long)Images * Pixels;

    internal int Groups { get; }

    /// <summary>The channel of each lane of each group; from <see cref="Channels"/> on it is padding.</summary>
    internal int[] ChannelOf { get; }

    internal int Period { get; private set; }

    internal int Count { get; }

    /// <summary>Rows of all columns: how many masks of <see cref="Lanes"/> bits there are.</summary>
    internal int Rows { get; }

    internal ChannelColumn* Columns => (ChannelColumn*)_columns;

    private int Pixels { get; }

    private int Images { get; }

    /// <summary>Whether a layout can be cut into columns; others are brought to channels last first.</summary>
    internal static bool Fits(MemoryDesc desc) =>
        desc.Dims.Rank == 2 ? desc.IsPlain : desc.IsPlain || desc.IsChannelsLast
            || (desc.Layout is { InnerBlocks: [4 or 8 or 16], InnerAxes: [1], IsDense: true });

    public void Dispose() => NativeMemory.AlignedFree(_columns);

    private void Blocked(List<ChannelColumn> columns, MemoryLayout layout, int block)
    {
        Period = block;
        var perRow = Lanes / block;
        for (var n = 0; n < Images; n++)
            for (var g = 0; g * block < Channels; g++)
                Contiguous(columns, (n * layout.Strides[0]) + (g * layout.Strides[1]), (long)Pixels * block, g, perRow * block);
    }

    private void Planes(List<ChannelColumn> columns)
    {
        Period = 1;
        for (var n = 0; n < Images; n++)
            for (var c = 0; c < Channels; c++) Contiguous(columns, (((long)n * Channels) + c) * Pixels, Pixels, c, Lanes);
    }

    private static void Contiguous(List<ChannelColumn> columns, long start, long length, int group, int lanes)
    {
        var end = start + length;
        for (; end - start >= lanes; start += Math.Min((end - start) / lanes, LongestColumn) * lanes)
            columns.Add(new() { Start = start, Step = lanes, Rows = (int)Math.Min((end - start) / lanes, LongestColumn), Lanes = lanes, Group = group });
        if (start < end) columns.Add(new() { Start = start, Step = lanes, Rows = 1, Lanes = (int)(end - start), Group = group });
    }

    /// <summary>Few rows a column, so that the columns of the same pixels meet in the cache.</summary>
    private void ChannelsLast(List<ChannelColumn> columns)
    {
        Period = Lanes;
        var rows = Math.Clamp(16 * 1024 / Math.Max(1, Channels), 16, LongestColumn);
        for (var p = 0L; p < Population; p += rows)
            for (var g = 0; g * Lanes < Channels; g++)
            {
                columns.Add(new()
                {
                    Start = (p * Channels) + (g * Lanes),
                    Step = Channels,
                    Rows = (int)Math.Min(rows, Population - p),
                    Lanes = Math.Min(Lanes, Channels - (g * Lanes)),
                    Group = g,
                });
            }
    }
}
