using Fovea.Execution;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>
/// Zeroed memory that native code may hold the address of and that spans keep alive: whoever has one can neither read nor write freed memory.
/// </summary>
internal sealed unsafe class PinnedBytes
{
    private const int Alignment = 64;

    private readonly byte[] _array;
    private readonly int _start;

    /// <param name="bytes">The size, at most <see cref="MaxBytes"/>.</param>
    /// <param name="margin">Bytes on either side that belong to it as well.</param>
    internal PinnedBytes(long bytes, int margin = 0)
    {
        var all = bytes + (2L * margin) + Alignment;
        if (all > Array.MaxLength) throw new NativeException($"an input or output of {bytes} bytes; wanted at most {MaxBytes}: compile for fewer images");
        _array = GC.AllocateArray<byte>((int)all, pinned: true);
        fixed (byte* first = _array) _start = (int)(-(nint)first & (Alignment - 1)) + margin;
        (Length, Margin) = ((int)bytes, margin);
        fixed (byte* first = _array) Pointer = (nint)(first + _start);
    }

    internal static long MaxBytes => Array.MaxLength - Alignment;

    internal int Length { get; }

    internal int Margin { get; }

    /// <summary>The address of the first byte, a multiple of 64 if the margin is one; valid for as long as this or a span of it lives.</summary>
    internal nint Pointer { get; }

    internal Span<byte> Span => _array.AsSpan(_start, Length);

    /// <summary>The bytes with their margins.</summary>
    internal Span<byte> Whole => _array.AsSpan(_start - Margin, Length + (2 * Margin));
}
