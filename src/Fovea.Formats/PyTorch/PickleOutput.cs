using System.Buffers.Binary;
using System.Text;

namespace Fovea.Formats.PyTorch;

/// <summary>The few opcodes of pickle protocol 2 that a state dict takes.</summary>
internal sealed class PickleOutput
{
    private readonly List<byte> _bytes = [0x80, 2];

    internal ReadOnlySpan<byte> Finish()
    {
        Op('.');
        return _bytes.ToArray();
    }

    internal void Op(char op) => _bytes.Add((byte)op);

    internal void Global(string module, string name) => _bytes.AddRange(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    internal void EmptyOrderedDict()
    {
        Global("collections", "OrderedDict");
        Op(')');
        Op('R');
    }

    internal void Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Op('X');
        Number(utf8.Length);
        _bytes.AddRange(utf8);
    }

    internal void Integer(long x)
    {
        if (x is >= int.MinValue and <= int.MaxValue)
        {
            Op('J');
            Number((int)x);
            return;
        }

        Op('\x8a');
        _bytes.Add(8);
        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(wide, x);
        _bytes.AddRange(wide);
    }

    internal void Tuple(ReadOnlySpan<long> items)
    {
        Op('(');
        foreach (var item in items) Integer(item);
        Op('t');
    }

    private void Number(int x)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, x);
        _bytes.AddRange(number);
    }
}
