using System.Runtime.InteropServices;
using Fovea.Data.Augment.Resampling;
using Fovea.Data.Decoding;

namespace Fovea.Data.Batching;

/// <summary>Bytes or pixels of images in native memory, up to a budget; what does not fit is not kept.</summary>
/// <remarks>Safe to use from many threads. An image is stored once and never changes.</remarks>
internal sealed unsafe class ImageCache(int count, bool isDecoded, long budget) : IDisposable
{
    private const int ChunkBytes = 16 << 20;

    private readonly Entry[] _entries = new Entry[count];
    private readonly List<nint> _chunks = [];
    private readonly Lock _gate = new();
    private byte* _free;
    private long _left;

    public bool IsDecoded => isDecoded;

    public long UsedBytes { get; private set; }

    public bool TryBytes(int index, out ReadOnlySpan<byte> bytes)
    {
        var start = Volatile.Read(ref _entries[index].Start);
        bytes = start == 0 ? default : new((byte*)start, _entries[index].Length);
        return start != 0;
    }

    public bool TryPixels(int index, out PixelView view)
    {
        var start = Volatile.Read(ref _entries[index].Start);
        ref var entry = ref _entries[index];
        view = start == 0 ? default : new((byte*)start, entry.Width, entry.Height, 3 * entry.Width);
        return start != 0;
    }

    public void Add(int index, ReadOnlySpan<byte> bytes, int width = 0, int height = 0)
    {
        lock (_gate)
        {
            ref var entry = ref _entries[index];
            if (entry.Start != 0 || Reserve(bytes.Length) is not (var start and not 0)) return;
            bytes.CopyTo(new Span<byte>((byte*)start, bytes.Length));
            (entry.Length, entry.Width, entry.Height) = (bytes.Length, width, height);
            Volatile.Write(ref entry.Start, start);
        }
    }

    public void Dispose()
    {
        foreach (var chunk in _chunks) NativeMemory.Free((void*)chunk);
        _chunks.Clear();
        Array.Clear(_entries);
    }

    // Kernels read a little behind an image; the slack is within the chunk.
    private nint Reserve(int length)
    {
        var needed = length + RgbImage.Slack;
        if (UsedBytes + needed > budget) return 0;
        if (_left < needed)
        {
            _left = Math.Max(needed, ChunkBytes);
            _free = (byte*)NativeMemory.Alloc((nuint)_left);
            _chunks.Add((nint)_free);
        }

        var start = (nint)_free;
        _free += needed;
        (_left, UsedBytes) = (_left - needed, UsedBytes + needed);
        return start;
    }

    private struct Entry
    {
        public nint Start;
        public int Length;
        public int Width;
        public int Height;
    }
}
