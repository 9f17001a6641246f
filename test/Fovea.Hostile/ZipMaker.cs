using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Fovea.Hostile;

/// <summary>Makes zip files of stored records with right checksums; sizes, places, counts, methods and names lie now and then.</summary>
/// <param name="choices">What decides.</param>
/// <param name="lies">One field in so many lies.</param>
public sealed class ZipMaker(Choices choices, int lies) : IDisposable
{
    private readonly MemoryStream _file = new();
    private readonly MemoryStream _directory = new();
    private int _records;

    /// <summary>The file of some records.</summary>
    public byte[] Make(IEnumerable<(string Name, byte[] Bytes)> records)
    {
        foreach (var (name, bytes) in records)
        {
            Add(name, bytes);
            if (choices.OneIn(lies)) Add(name, bytes);
        }

        var offset = _file.Position;
        _directory.WriteTo(_file);
        if (choices.OneIn(4)) Zip64End(offset);
        Fields(
            _file, (0x06054B50, 4), (0, 4), (Right(_records), 2), (Right(_records), 2), (Right(_directory.Length), 4), (Right(offset), 4),
            (choices.OneIn(lies) ? 5 : 0, 2));
        return choices.OneIn(lies) ? _file.ToArray()[..choices.Below((int)_file.Length)] : _file.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _directory.Dispose();
    }

    private void Add(string name, byte[] bytes)
    {
        var (utf8, offset, crc) = (Encoding.UTF8.GetBytes(name), _file.Position, Crc32.HashToUInt32(bytes));
        var (packed, method) = choices.OneIn(lies) ? (Deflated(bytes), 8) : (bytes, 0);
        Fields(
            _file, (0x04034B50, 4), (20, 2), (Right(0x800), 2), (method, 2), (0, 4), (crc, 4), (packed.Length, 4), (bytes.Length, 4), (Right(utf8.Length), 2),
            (Right(0), 2));
        _file.Write(utf8);
        _file.Write(packed);
        var wide = choices.OneIn(8);
        Fields(
            _directory, (0x02014B50, 4), (20, 2), (20, 2), (Right(0x800), 2), (method, 2), (0, 4), (Right(crc), 4),
            (wide ? uint.MaxValue : Right(packed.Length), 4), (wide ? uint.MaxValue : Right(bytes.Length), 4),
            (utf8.Length, 2), (wide ? 28 : 0, 2), (0, 2), (0, 4), (0, 4), (wide ? uint.MaxValue : Right(offset), 4));
        _directory.Write(utf8);
        if (wide) Fields(_directory, (1, 2), (24, 2), (Right(bytes.Length), 8), (Right(packed.Length), 8), (Right(offset), 8));
        _records++;
    }

    private void Zip64End(long offset)
    {
        var at = _file.Position;
        Fields(
            _file, (0x06064B50, 4), (44, 8), (45, 2), (45, 2), (0, 8), (Right(_records), 8), (Right(_records), 8), (Right(_directory.Length), 8),
            (Right(offset), 8));
        Fields(_file, (0x07064B50, 4), (0, 4), (Right(at), 8), (1, 4));
    }

    private long Right(long value) => choices.OneIn(lies) ? choices.Number() : value;

    private static byte[] Deflated(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest)) deflate.Write(bytes);
        return packed.ToArray();
    }

    private static void Fields(MemoryStream to, params ReadOnlySpan<(long Value, int Bytes)> fields)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (var (value, count) in fields)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            to.Write(bytes[..count]);
        }
    }
}
