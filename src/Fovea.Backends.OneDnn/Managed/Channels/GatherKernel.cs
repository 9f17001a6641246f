using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Managed.Maps;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Channels;

/// <summary>Takes the channels of an image from those of others that have the same kind of layout.</summary>
internal abstract unsafe class GatherKernel : Kernel
{
    private readonly List<nint> _owned = [];

    internal override string Name => "fovea:gather_channels";

    /// <summary>The kernel for a layout: channel blocks of 16, whole planes, or runs of channels.</summary>
    internal static GatherKernel Of(ChannelMap map, MemoryDesc[] sources, MemoryDesc result)
    {
        if (result.IsPlain && Array.TrueForAll(sources, source => source.IsPlain)) return new PlaneGather(map, sources, result);
        if (MapGrid.BlockOf(result) == ChannelColumns.Lanes)
            return result.DType == DType.Float32
                ? new BlockGather<Float32Numbers>(map, sources, result)
                : new BlockGather<BFloat16Numbers>(map, sources, result);
        return new RunGather(map, sources, result);
    }

    /// <summary>The same for images that are given as <see cref="MixedNumbers"/>.</summary>
    internal static GatherKernel OfMixed(ChannelMap map, MemoryDesc[] sources, MemoryDesc result) =>
        MapGrid.BlockOf(result) == ChannelColumns.Lanes
            ? new BlockGather<MixedNumbers>(map, sources, result)
            : new RunGather(map, sources, result, isMixed: true);

    internal override void Release()
    {
        foreach (var block in _owned) NativeMemory.AlignedFree((void*)block);
        _owned.Clear();
    }

    /// <summary>A copy that threads can reach, freed with the kernel.</summary>
    private protected T* Own<T>(ReadOnlySpan<T> content)
        where T : unmanaged
    {
        var block = NativeMemory.AlignedAlloc((nuint)Math.Max(64, content.Length * sizeof(T)), 64);
        content.CopyTo(new Span<T>(block, content.Length));
        _owned.Add((nint)block);
        return (T*)block;
    }
}
