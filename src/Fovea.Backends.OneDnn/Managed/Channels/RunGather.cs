using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Managed.Maps;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Channels;

/// <summary>Channels last, or in small blocks: runs of neighbouring channels are copied pixel by pixel.</summary>
internal sealed unsafe class RunGather : GatherKernel
{
    private const int TilePixels = 64;

    private readonly nint* _at;
    private readonly Work _work;

    internal RunGather(ChannelMap map, MemoryDesc[] sources, MemoryDesc result)
    {
        var (block, size) = (MapGrid.BlockOf(result), result.DType.Size);
        var moves = new List<Move>();
        foreach (var run in map.Runs())
            for (int first = 0, count; first < run.Count; first += count)
            {
                count = block > 1 ? Math.Min(run.Count - first,
                    Math.Min(block - ((run.To + first) % block), block - ((run.From.Channel + first) % block))) : run.Count;
                var from = run.From.Source < 0 ? default : Place(sources[run.From.Source], run.From.Channel + first, size);
                moves.Add(new() { Source = run.From.Source, From = from.Start, Image = from.Image, Step = from.Step,
                    To = Place(result, run.To + first, size).Start, Bytes = count * size });
            }

        var (_, image, step) = Place(result, 0, size);
        _at = Own(new nint[sources.Length + 1].AsSpan());
        _work = new()
        {
            At = _at,
            Sources = sources.Length,
            Moves = Own<Move>(CollectionsMarshal.AsSpan(moves)),
            Count = moves.Count,
            Tiles = ((result.Dims.H * result.Dims.W) + TilePixels - 1) / TilePixels,
            Images = result.Dims.N,
            Pixels = result.Dims.H * result.Dims.W,
            Image = image,
            Step = step,
            Clears = result.PaddedElements != result.Dims.Elements,
        };
    }

    internal override void Run(ReadOnlySpan<nint> at)
    {
        at.CopyTo(new Span<nint>(_at, at.Length));
        var work = _work;
        if (work.Clears) Elements.Clear(at[^1], work.Images * work.Image);
        GompTeam.Run(Math.Min(work.Images * work.Tiles, Chunks.Parts(work.Images * work.Image / sizeof(float))), &Part, (nint)(&work));
    }

    /// <summary>Where a channel begins, the distance of images and that of pixels, in bytes.</summary>
    private static (long Start, long Image, long Step) Place(MemoryDesc desc, int channel, int size)
    {
        var (block, pixels, channels) = (MapGrid.BlockOf(desc), desc.Dims.H * (long)desc.Dims.W, desc.Dims.C);
        if (block == 1) return (channel * (long)size, pixels * channels * size, channels * (long)size);
        return (((channel / block * pixels * block) + (channel % block)) * size, (channels + block - 1) / block * pixels * block * size, block * (long)size);
    }

    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var total = (long)work.Images * work.Tiles;
        for (var i = total * part / parts; i < total * (part + 1) / parts; i++)
        {
            var (image, first) = (i / work.Tiles, (int)(i % work.Tiles) * TilePixels);
            for (var m = 0; m < work.Count; m++) Copy(in work, in work.Moves[m], image, first, Math.Min(TilePixels, work.Pixels - first));
        }
    }

    private static void Copy(in Work work, in Move move, long image, int first, int pixels)
    {
        var to = work.At[work.Sources] + (nint)((image * work.Image) + (first * work.Step) + move.To);
        if (move.Source < 0)
        {
            for (var p = 0; p < pixels; p++, to += (nint)work.Step) Unsafe.InitBlockUnaligned((void*)to, 0, (uint)move.Bytes);
            return;
        }

        var from = work.At[move.Source] + (nint)((image * move.Image) + (first * move.Step) + move.From);
        switch (move.Bytes)
        {
            case sizeof(uint):
                for (var p = 0; p < pixels; p++, to += (nint)work.Step, from += (nint)move.Step) *(uint*)to = *(uint*)from;
                break;
            case sizeof(ushort):
                for (var p = 0; p < pixels; p++, to += (nint)work.Step, from += (nint)move.Step) *(ushort*)to = *(ushort*)from;
                break;
            default:
                for (var p = 0; p < pixels; p++, to += (nint)work.Step, from += (nint)move.Step)
                    Unsafe.CopyBlockUnaligned((void*)to, (void*)from, (uint)move.Bytes);
                break;
        }
    }

    private struct Move
    {
        internal int Source;
        internal int Bytes;
        internal long From;
        internal long Image;
        internal long Step;
        internal long To;
    }

    private struct Work
    {
        internal nint* At;
        internal int Sources;
        internal Move* Moves;
        internal int Count;
        internal int Tiles;
        internal int Images;
        internal int Pixels;
        internal long Image;
        internal long Step;
        internal bool Clears;
    }
}
