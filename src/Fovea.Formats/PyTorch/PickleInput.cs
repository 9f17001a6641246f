using System.Buffers.Binary;
using System.Text;
using Fovea.Formats.Storage;

namespace Fovea.Formats.PyTorch;

/// <summary>The bytes of a pickle, read in order from a part of a file that has a name of its own in messages.</summary>
internal sealed class PickleInput
{
    /// <summary>Names, numbers in decimal and dotted globals: nothing that stands in a line of its own is longer.</summary>
    private const int LongestLine = 4096;

    private readonly InputFile _file;
    private readonly long _begin;
    private readonly long _end;
    private readonly string _part;
    private readonly byte[] _window = new byte[4096];
    private long _windowBegin;
    private int _windowBytes;

    internal PickleInput(InputFile file, long begin, long end, string part)
    {
        (_file, _begin, _end, _part, Position) = (file, begin, end, part, begin);
    }

    internal long Position { get; private set; }

    internal byte Byte()
    {
        if (Position < _windowBegin || Position >= _windowBegin + _windowBytes) Refill();
        return _window[(int)(Position++ - _windowBegin)];
    }

    internal byte[] Bytes(ulong count)
    {
        if (count > (ulong)(_end - Position)) throw Fail($"wants {count} bytes, but {_end - Position} are left; the file may be truncated");
        var bytes = _file.Read(Position, (long)count, _part);
        Position += (long)count;
        return bytes;
    }

    internal ulong Number(int bytes)
    {
        Span<byte> number = stackalloc byte[8];
        number.Clear();
        for (var i = 0; i < bytes; i++) number[i] = Byte();
        return BinaryPrimitives.ReadUInt64LittleEndian(number);
    }

    /// <summary>The bytes up to the next line feed, as text.</summary>
    internal string Line()
    {
        var line = new List<byte>();
        for (var b = Byte(); b != '\n'; b = Byte())
        {
            if (line.Count == LongestLine) throw Fail($"has a line of more than {LongestLine} bytes");
            line.Add(b);
        }

        return Encoding.UTF8.GetString([.. line]);
    }

    internal ModelFormatException Fail(string problem) => _file.Fail($"{_part}, byte {Position - _begin}", problem);

    private void Refill()
    {
        if (Position >= _end) throw Fail("the pickle ends before its STOP; the file may be truncated");
        _windowBytes = (int)Math.Min(_window.Length, _end - Position);
        _file.Read(Position, _window.AsSpan(0, _windowBytes), _part);
        _windowBegin = Position;
    }
}
