using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Managed.Maps;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Channels;

/// <summary>Channels last, or in small blocks: runs of neighbouring channels are copied pixel by pixel. Of planes, a run is copied at once.</summary>
internal sealed unsafe class RunGather : GatherKernel
{
    private const int TilePixels = 64;

    private readonly nint* _at;
    private readonly Work _work;

    /// <param name="map">The channels.</param>
    /// <param name="sources">The layouts of the images.</param>
    /// <param name="result">The layout of the result.</param>
    /// <param name="isMixed">Whether images are given as <see cref="MixedNumbers"/>.</param>
    internal RunGather(ChannelMap map, MemoryDesc[] sources, MemoryDesc result, bool isMixed = false)
    {
        var (block, pixels) = (MapGrid.BlockOf(result), result.Dims.H * result.Dims.W);
        var (together, steps) = result.IsPlain ? (pixels, 1) : (1, pixels);
        var moves = new List<Move>();
        foreach (var run in map.Runs())
            for (int first = 0, count; first < run.Count; first += count)
            {
                count = block > 1 ? Math.Min(run.Count - first,
                    Math.Min(block - ((run.To + first) % block), block - ((run.From.Channel + first) % block))) : run.Count;
                var from = run.From.Source < 0 ? default : Place(sources[run.From.Source], run.From.Channel + first);
                var to = Place(result, run.To + first).Start;
                moves.Add(new() { Source = run.From.Source, From = from.Start, Image = from.Image, Step = from.Step, To = to, Count = count * together });
            }

        var (_, image, step) = Place(result, 0);
        _at = Own(new nint[sources.Length + 1].AsSpan());
        _work = new()
        {
            At = _at,
            Sources = sources.Length,
            Moves = Own<Move>(CollectionsMarshal.AsSpan(moves)),
            Count = moves.Count,
            Tiles = (steps + TilePixels - 1) / TilePixels,
            Images = result.Dims.N,
            Pixels = steps,
            Image = image,
            Step = step,
            Size = result.DType.Size,
            Clears = result.PaddedElements != result.Dims.Elements,
            IsMixed = isMixed,
        };
    }

    internal override void Run(ReadOnlySpan<nint> at)
    {
        at.CopyTo(new Span<nint>(_at, at.Length));
        var work = _work;
        if (work.Clears) Clear(in work, 0, work.Images * work.Image);
        GompTeam.Run(Math.Min(work.Images * work.Tiles, Chunks.Parts(work.Images * work.Image * work.Size / sizeof(float))), &Part, (nint)(&work));
    }

    /// <summary>Where a channel begins, the distance of images and that of pixels, in elements.</summary>
    private static (long Start, long Image, long Step) Place(MemoryDesc desc, int channel)
    {
        var (block, pixels, channels) = (MapGrid.BlockOf(desc), desc.Dims.H * (long)desc.Dims.W, desc.Dims.C);
        if (desc.IsPlain) return (channel * pixels, channels * pixels, 0);
        if (block == 1) return (channel, pixels * channels, channels);
        return ((channel / block * pixels * block) + (channel % block), (channels + block - 1) / block * pixels * block, block);
    }

    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var total = (long)work.Images * work.Tiles;
        for (var i = total * part / parts; i < total * (part + 1) / parts; i++)
        {
            var (image, first) = (i / work.Tiles, (int)(i % work.Tiles) * TilePixels);
            for (var m = 0; m < work.Count; m++)
                if (work.Moves[m].Source < 0) Clear(in work, in work.Moves[m], image, first, Math.Min(TilePixels, work.Pixels - first));
                else if (work.IsMixed) CopyMixed(in work, in work.Moves[m], image, first, Math.Min(TilePixels, work.Pixels - first));
                else Copy(in work, in work.Moves[m], image, first, Math.Min(TilePixels, work.Pixels - first));
        }
    }

    private static void Clear(in Work work, in Move move, long image, int first, int pixels)
    {
        var to = (image * work.Image) + (first * work.Step) + move.To;
        for (var p = 0; p < pixels; p++, to += work.Step) Clear(in work, to, move.Count);
    }

    /// <summary>Makes elements of the result zero, in each of its copies.</summary>
    private static void Clear(in Work work, long first, long count)
    {
        var y = work.At[work.Sources];
        if (!work.IsMixed)
        {
            Elements.Clear(y + (nint)(first * work.Size), count * work.Size);
            return;
        }

        var (narrow, wide) = *(MixedOperand*)y;
        if (narrow != 0) Elements.Clear(narrow + (nint)(first * sizeof(ushort)), count * sizeof(ushort));
        if (wide != 0) Elements.Clear(wide + (nint)(first * sizeof(float)), count * sizeof(float));
    }

    private static void Copy(in Work work, in Move move, long image, int first, int pixels)
    {
        var size = work.Size;
        var to = work.At[work.Sources] + (nint)(((image * work.Image) + (first * work.Step) + move.To) * size);
        var from = work.At[move.Source] + (nint)(((image * move.Image) + (first * move.Step) + move.From) * size);
        var (step, toStep, bytes) = ((nint)(move.Step * size), (nint)(work.Step * size), move.Count * size);
        switch (bytes)
        {
            case sizeof(uint):
                for (var p = 0; p < pixels; p++, to += toStep, from += step) *(uint*)to = *(uint*)from;
                break;
            case sizeof(ushort):
                for (var p = 0; p < pixels; p++, to += toStep, from += step) *(ushort*)to = *(ushort*)from;
                break;
            default:
                for (var p = 0; p < pixels; p++, to += toStep, from += step) Unsafe.CopyBlockUnaligned((void*)to, (void*)from, (uint)bytes);
                break;
        }
    }

    private static void CopyMixed(in Work work, in Move move, long image, int first, int pixels)
    {
        var (source, target) = (*(MixedOperand*)work.At[move.Source], *(MixedOperand*)work.At[work.Sources]);
        var (from, to) = ((image * move.Image) + (first * move.Step) + move.From, (image * work.Image) + (first * work.Step) + move.To);
        if (source.Wide == 0)
        {
            if (target.Narrow != 0) Copy<BFloat16Numbers, BFloat16Numbers>(source.Narrow, from, move.Step, target.Narrow, to, work.Step, move.Count, pixels);
            if (target.Wide != 0) Copy<BFloat16Numbers, Float32Numbers>(source.Narrow, from, move.Step, target.Wide, to, work.Step, move.Count, pixels);
            return;
        }

        if (target.Narrow != 0) Copy<Float32Numbers, BFloat16Numbers>(source.Wide, from, move.Step, target.Narrow, to, work.Step, move.Count, pixels);
        if (target.Wide != 0) Copy<Float32Numbers, RoundedNumbers>(source.Wide, from, move.Step, target.Wide, to, work.Step, move.Count, pixels);
    }

    private static void Copy<TFrom, TTo>(nint source, long from, long step, nint target, long to, long toStep, int count, int pixels)
        where TFrom : struct, INumbers
        where TTo : struct, INumbers
    {
        if (count == step && count == toStep) (count, pixels) = (count * pixels, 1);
        for (var p = 0; p < pixels; p++, from += step, to += toStep) Numbers.Copy<TFrom, TTo>(source, from, target, to, count);
    }

    /// <summary>A run of neighbouring channels; places in elements.</summary>
    private struct Move
    {
        internal int Source;
        internal int Count;
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
        internal int Size;
        internal long Image;
        internal long Step;
        internal bool Clears;
        internal bool IsMixed;
    }
}
