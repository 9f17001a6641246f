using System.Runtime.InteropServices;
using Fovea.Execution;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>Zeroed memory outside the garbage collector's heap, aligned to 2 MiB and backed by huge pages where the kernel grants them.</summary>
internal sealed class HugeArena : IDisposable
{
    internal const int Alignment = 2 << 20;

    private readonly Mapping _mapping;

    private HugeArena(Mapping mapping, nint pointer, long bytes)
    {
        _mapping = mapping;
        Pointer = pointer;
        Bytes = bytes;
    }

    /// <summary>The first byte; a multiple of <see cref="Alignment"/>.</summary>
    internal nint Pointer { get; }

    /// <summary>The size: what was asked for, rounded up to a multiple of <see cref="Alignment"/>.</summary>
    internal long Bytes { get; }

    /// <summary>Whether the kernel backs the arena by huge pages where it can; without them it works, slower.</summary>
    internal bool HasHugePages { get; private init; }

    /// <summary>Reserves at least <paramref name="bytes"/>; pages take memory when they are first touched.</summary>
    /// <exception cref="NativeException">The system refuses.</exception>
    internal static HugeArena Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        var size = (bytes + Alignment - 1) / Alignment * Alignment;
        var mapping = new Mapping((nuint)size + Alignment);
        var pointer = (mapping.Start + Alignment - 1) / Alignment * Alignment;
        return new(mapping, pointer, size) { HasHugePages = LibC.madvise(pointer, (nuint)size, LibC.MADV_HUGEPAGE) == 0 };
    }

    public void Dispose() => _mapping.Dispose();

    private sealed class Mapping : DnnlHandle
    {
        private readonly nuint _bytes;

        internal Mapping(nuint bytes)
        {
            _bytes = bytes;
            var start = LibC.mmap(0, bytes, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS, fd: -1, offset: 0);
            if (start == -1)
                throw new NativeException($"mmap of {bytes} bytes failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
            SetHandle(start);
        }

        internal nint Start => handle;

        protected override bool ReleaseHandle() => LibC.munmap(handle, _bytes) == 0;
    }
}
