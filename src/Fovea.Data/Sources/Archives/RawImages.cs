using System.Buffers.Binary;
using Fovea.Data.Decoding;

namespace Fovea.Data.Sources.Archives;

/// <summary>Images of one size, held in memory as the bytes of an archive. They are read as Windows bitmaps, which cost nothing to decode.</summary>
internal sealed class RawImages : IImageSource
{
    private const int HeaderBytes = 54;
    private const int InfoHeader = 40;
    private const int FileHeader = 14;
    private const int GreyLevels = 256;

    private readonly string _place;
    private readonly int _width;
    private readonly int _height;
    private readonly int _channels;
    private readonly RawBlock[] _blocks;
    private readonly int[] _starts;
    private readonly byte[] _header;

    /// <param name="place">What holds the blocks, for messages.</param>
    /// <param name="classNames">The classes.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">Colour planes: 1 or 3.</param>
    /// <param name="blocks">The images.</param>
    public RawImages(string place, IReadOnlyList<string> classNames, int width, int height, int channels, IReadOnlyList<RawBlock> blocks)
    {
        (_place, ClassNames, _width, _height, _channels, _blocks) = (place, classNames, width, height, channels, [.. blocks]);
        _starts = new int[_blocks.Length];
        for (var i = 0; i < _blocks.Length; i++)
        {
            _starts[i] = Count;
            Count = checked(Count + _blocks[i].Labels.Length);
        }

        _header = Header();
    }

    public int Count { get; }

    public IReadOnlyList<string> ClassNames { get; }

    private int RowBytes => ((_channels * _width) + 3) & ~3;

    public int Label(int index) => At(index, out var within).Labels[within];

    public string Key(int index) => $"{At(index, out var within).Name}/{within:D5}";

    public string Path(int index) => $"{_place}: {At(index, out var within).Name}, image {within}";

    public void Read(int index, ByteBuffer buffer)
    {
        var block = At(index, out var within);
        var samples = block.Data.AsSpan(block.Start + (within * block.Stride), _channels * _width * _height);
        buffer.SetLength(_header.Length + ((long)RowBytes * _height));
        _header.CopyTo(buffer.Span);
        for (var y = 0; y < _height; y++)
        {
            var row = buffer.Span.Slice(_header.Length + (y * RowBytes), RowBytes);
            row[(_channels * _width)..].Clear();
            if (_channels == 1) samples.Slice(y * _width, _width).CopyTo(row);
            else Interleave(samples, y * _width, row);
        }
    }

    public ImageHeader ReadHeader(int index) => new(ImageFormat.Raw, _width, _height, _channels, 8);

    private void Interleave(ReadOnlySpan<byte> samples, int first, Span<byte> row)
    {
        var plane = _width * _height;
        for (var x = 0; x < _width; x++)
        {
            row[3 * x] = samples[first + (2 * plane) + x];
            row[(3 * x) + 1] = samples[first + plane + x];
            row[(3 * x) + 2] = samples[first + x];
        }
    }

    private RawBlock At(int index, out int within)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var block = Array.BinarySearch(_starts, index);
        if (block < 0) block = ~block - 1;
        while (_blocks[block].Labels.Length == 0) block++;
        within = index - _starts[block];
        return _blocks[block];
    }

    /// <summary>The header of a bitmap whose first row is the upper one, with a palette of greys if there is one channel.</summary>
    private byte[] Header()
    {
        var header = new byte[HeaderBytes + (_channels == 1 ? 4 * GreyLevels : 0)];
        "BM"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(2), header.Length + (RowBytes * _height));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(10), header.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(FileHeader), InfoHeader);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(18), _width);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(22), -_height);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(28), (short)(8 * _channels));
        for (var level = 0; _channels == 1 && level < GreyLevels; level++) header.AsSpan(HeaderBytes + (4 * level), 3).Fill((byte)level);
        return header;
    }
}
