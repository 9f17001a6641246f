using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Channels;

/// <summary>Channels that are planes: whole runs of neighbours are copied at once.</summary>
internal sealed unsafe class PlaneGather : GatherKernel
{
    private readonly nint* _from;
    private readonly Work _work;
    private readonly long _elements;

    internal PlaneGather(ChannelMap map, MemoryDesc[] sources, MemoryDesc result)
    {
        var plane = result.Dims.H * (long)result.Dims.W * result.DType.Size;
        var runs = map.Runs().Select(run => new PlaneRun
        {
            Source = run.From.Source,
            Image = run.From.Source < 0 ? 0 : sources[run.From.Source].Dims.C * plane,
            From = run.From.Channel * plane,
            To = run.To * plane,
            Bytes = run.Count * plane,
        }).ToArray();
        _elements = result.Dims.Elements;
        _from = Own(new nint[sources.Length + 1].AsSpan());
        _work = new() { At = _from, Runs = Own<PlaneRun>(runs), Count = runs.Length, Sources = sources.Length, Images = result.Dims.N,
            Image = result.Dims.C * plane };
    }

    internal override void Run(ReadOnlySpan<nint> at)
    {
        at.CopyTo(new Span<nint>(_from, at.Length));
        var work = _work;
        GompTeam.Run(Math.Min(work.Images * work.Count, Chunks.Parts(_elements)), &Part, (nint)(&work));
    }

    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var total = (long)work.Images * work.Count;
        for (var i = total * part / parts; i < total * (part + 1) / parts; i++)
        {
            ref var run = ref work.Runs[i % work.Count];
            var image = i / work.Count;
            var to = work.At[work.Sources] + (nint)((image * work.Image) + run.To);
            if (run.Source < 0) NativeMemory.Clear((void*)to, (nuint)run.Bytes);
            else Unsafe.CopyBlockUnaligned((void*)to, (void*)(work.At[run.Source] + (nint)((image * run.Image) + run.From)), checked((uint)run.Bytes));
        }
    }

    private struct PlaneRun
    {
        internal int Source;
        internal long Image;
        internal long From;
        internal long To;
        internal long Bytes;
    }

    private struct Work
    {
        internal nint* At;
        internal PlaneRun* Runs;
        internal int Count;
        internal int Sources;
        internal int Images;
        internal long Image;
    }
}
