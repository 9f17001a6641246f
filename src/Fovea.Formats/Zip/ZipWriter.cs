using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Fovea.Formats.Zip;

/// <summary>Writes records without compression, each aligned to 64 bytes as PyTorch does, with ZIP64 fields where an offset needs them.</summary>
/// <remarks>System.IO.Compression places no record, and PyTorch maps the records of a file into memory.</remarks>
/// <param name="stream">Where to; it must know its position and stays open.</param>
/// <param name="zip64From">The first offset that goes into a 64-bit field.</param>
internal sealed class ZipWriter(Stream stream, long zip64From = uint.MaxValue)
{
    private const int Alignment = 64;
    private const int LocalHeaderBytes = 30;
    private const ushort Zip64Id = 1;
    private const ushort PaddingId = 0x4246;
    private const ushort Utf8Names = 0x0800;
    private const ushort NewYear1980 = 0x21;
    private const ushort Version20 = 20;
    private const ushort Version45 = 45;

    private readonly long _start = stream.Position;
    private readonly List<(byte[] Name, uint Crc, uint Size, long Offset)> _records = [];

    internal void Add(string name, ReadOnlySpan<byte> bytes)
    {
        var record = (Name: Encoding.UTF8.GetBytes(name), Crc: Crc32.HashToUInt32(bytes), Size: (uint)bytes.Length, Offset: stream.Position - _start);
        _records.Add(record);
        var unpadded = record.Offset + LocalHeaderBytes + record.Name.Length + 4;
        var padding = (int)((Alignment - (unpadded % Alignment)) % Alignment);
        var header = new Fields();
        header.U32(0x04034B50);
        Common(header, Version20, record.Crc, record.Size, record.Name.Length, extra: 4 + padding);
        header.Bytes(record.Name);
        header.U16(PaddingId);
        header.U16((ushort)padding);
        header.Bytes(new byte[padding]);
        stream.Write(header.Written);
        stream.Write(bytes);
    }

    /// <summary>Writes the directory; nothing may follow.</summary>
    internal void Finish()
    {
        var offset = stream.Position - _start;
        foreach (var (name, crc, size, at) in _records)
        {
            var wide = at >= zip64From;
            var header = new Fields();
            header.U32(0x02014B50);
            header.U16(wide ? Version45 : Version20);
            Common(header, wide ? Version45 : Version20, crc, size, name.Length, extra: wide ? 12 : 0);
            header.Bytes(new byte[10]);   // comment length, disk, internal and external attributes
            header.U32(wide ? uint.MaxValue : (uint)at);
            header.Bytes(name);
            if (wide)
            {
                header.U16(Zip64Id);
                header.U16(8);
                header.U64(at);
            }

            stream.Write(header.Written);
        }

        WriteEnd(offset, stream.Position - _start - offset);
    }

    private void WriteEnd(long offset, long bytes)
    {
        var end = new Fields();
        var wide = offset >= zip64From || bytes >= zip64From || _records.Count >= ushort.MaxValue;
        if (wide)
        {
            end.U32(0x06064B50);
            end.U64(44);   // bytes that follow in this record
            end.U16(Version45);
            end.U16(Version45);
            end.Bytes(new byte[8]);   // disks
            end.U64(_records.Count);
            end.U64(_records.Count);
            end.U64(bytes);
            end.U64(offset);
            end.U32(0x07064B50);
            end.U32(0);
            end.U64(offset + bytes);
            end.U32(1);
        }

        end.U32(0x06054B50);
        end.U32(0);   // disks
        end.U16(wide ? ushort.MaxValue : (ushort)_records.Count);
        end.U16(wide ? ushort.MaxValue : (ushort)_records.Count);
        end.U32(wide ? uint.MaxValue : (uint)bytes);
        end.U32(wide ? uint.MaxValue : (uint)offset);
        end.U16(0);
        stream.Write(end.Written);
    }

    /// <summary>The part that local and central headers share.</summary>
    private static void Common(Fields header, ushort version, uint crc, uint size, int name, int extra)
    {
        header.U16(version);
        header.U16(Utf8Names);
        header.U16(0);
        header.U16(0);
        header.U16(NewYear1980);
        header.U32(crc);
        header.U32(size);
        header.U32(size);
        header.U16(checked((ushort)name));
        header.U16((ushort)extra);
    }

    private sealed class Fields
    {
        private readonly List<byte> _bytes = [];

        internal ReadOnlySpan<byte> Written => _bytes.ToArray();

        internal void U16(ushort x) => U64(x, 2);

        internal void U32(uint x) => U64(x, 4);

        internal void U64(long x, int bytes = 8)
        {
            Span<byte> field = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(field, x);
            Bytes(field[..bytes]);
        }

        internal void Bytes(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);
    }
}
