using Fovea.Data.Decoding;

namespace Fovea.Data.Sources;

/// <summary>Bytes in memory that is reused from image to image, and given back after a large one.</summary>
public sealed class ByteBuffer
{
    private byte[] _bytes = [];

    /// <summary>The number of bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes.</summary>
    public Span<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>Takes another length; the bytes are undefined afterwards.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative or above 2 GiB.</exception>
    public void SetLength(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength);
        _bytes = ReusedMemory.Fit(_bytes, length);
        Length = (int)length;
    }
}
