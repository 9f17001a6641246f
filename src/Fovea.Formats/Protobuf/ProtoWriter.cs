using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Fovea.Formats.Protobuf;

/// <summary>Fields of one protocol buffers message in the wire format, in the order they are added (protobuf.dev, «Encoding»).</summary>
internal sealed class ProtoWriter
{
    private const int VarintWire = 0;
    private const int Fixed64Wire = 1;
    private const int LengthWire = 2;
    private const int Fixed32Wire = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    internal ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    internal void Int64(int field, long x)
    {
        Tag(field, VarintWire);
        Varint((ulong)x);
    }

    internal void Float(int field, float x)
    {
        Tag(field, Fixed32Wire);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(4), x);
        _bytes.Advance(4);
    }

    internal void Double(int field, double x)
    {
        Tag(field, Fixed64Wire);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(8), x);
        _bytes.Advance(8);
    }

    internal void Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    internal void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Tag(field, LengthWire);
        Varint((ulong)bytes.Length);
        _bytes.Write(bytes);
    }

    internal void Message(int field, Action<ProtoWriter> write)
    {
        var message = new ProtoWriter();
        write(message);
        Bytes(field, message.Written);
    }

    private void Tag(int field, int wire) => Varint((ulong)((field << 3) | wire));

    private void Varint(ulong x)
    {
        var span = _bytes.GetSpan(10);
        var count = 0;
        for (; x >= 0x80; x >>= 7) span[count++] = (byte)(x | 0x80);
        span[count++] = (byte)x;
        _bytes.Advance(count);
    }
}
