using System.Buffers;
using System.Runtime.InteropServices;

namespace Fovea.Data.Batching;

/// <summary>Memory outside the managed heap, aligned to 64 bytes.</summary>
internal sealed unsafe class NativeBuffer<T> : MemoryManager<T>
    where T : unmanaged
{
    private const int Alignment = 64;
    private readonly int _length;
    private T* _start;

    public NativeBuffer(int length)
    {
        _length = length;
        _start = (T*)NativeMemory.AlignedAlloc((nuint)length * (nuint)sizeof(T), Alignment);
    }

    public nint Address => (nint)_start;

    public override Span<T> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_start == null, this);
        return new(_start, _length);
    }

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        NativeMemory.AlignedFree(_start);
        _start = null;
    }
}
