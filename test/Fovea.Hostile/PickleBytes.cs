using System.Buffers.Binary;
using System.Text;

namespace Fovea.Hostile;

/// <summary>The bytes of a pickle in which numbers, lengths and opcodes go wrong now and then.</summary>
/// <param name="choices">What decides.</param>
/// <param name="protocol">The protocol that the pickle says it has.</param>
public abstract class PickleBytes(Choices choices, int protocol)
{
    private const int MostMemo = 256;

    private readonly Choices _choices = choices;
    private readonly List<byte> _bytes = [0x80, (byte)protocol];
    private int _memo;

    /// <summary>What decides.</summary>
    protected Choices Choices => _choices;

    /// <summary>How many values are kept for references.</summary>
    protected int Memo => _memo;

    /// <summary>The pickle, damaged in some places in one of three.</summary>
    protected byte[] Finish()
    {
        Op('.');
        for (var i = _choices.OneIn(3) ? _choices.Between(1, 3) : 0; i > 0; i--) Damage();
        return [.. _bytes];
    }

    /// <summary>A number, now and then another.</summary>
    protected long Right(long number) => _choices.OneIn(25) ? _choices.Number() : number;

    /// <summary>Keeps the last value.</summary>
    protected void Memoise()
    {
        if (_memo < MostMemo) Ops($"q{(char)_memo++}");
    }

    /// <summary>A tuple of numbers.</summary>
    protected void Integers(long[] numbers)
    {
        Op('(');
        foreach (var number in numbers) Integer(number);
        Op('t');
    }

    /// <summary>A number in the shortest way.</summary>
    protected void Integer(long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        if (number is >= 0 and < 256) Ops($"K{(char)number}");
        else if (number is >= int.MinValue and <= int.MaxValue)
        {
            Op('J');
            _bytes.AddRange(bytes[..4]);
        }
        else
        {
            Ops("\x8a\x08");
            _bytes.AddRange(bytes);
        }
    }

    /// <summary>A text, whose length is wrong now and then.</summary>
    protected void Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Op('X');
        _bytes.AddRange(BitConverter.GetBytes(_choices.OneIn(200) ? (int)_choices.Number() : utf8.Length));
        _bytes.AddRange(utf8);
    }

    /// <summary>A class or a function.</summary>
    protected void Global(string module, string name) => Ops($"c{module}\n{name}\n");

    /// <summary>Opcodes and their arguments as Latin-1.</summary>
    protected void Ops(string latin1) => _bytes.AddRange(Encoding.Latin1.GetBytes(latin1));

    /// <summary>An opcode.</summary>
    protected void Op(char op) => _bytes.Add((byte)op);

    /// <summary>Bytes as they are.</summary>
    protected void Raw(byte[] bytes) => _bytes.AddRange(bytes);

    private void Damage()
    {
        var at = _choices.Below(_bytes.Count);
        switch (_choices.Below(4))
        {
            case 0: _bytes[at] = (byte)_choices.Below(256); break;
            case 1: _bytes.RemoveAt(at); break;
            case 2:
                _bytes.Insert(
                    at,
                    (byte)_choices.Of(
                        "(0125abdeghijlmopqrstuBCDFGIJKLMNOQRSTUVX)]}\x81\x85\x86\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96".ToCharArray()));
                break;
            default: _bytes.InsertRange(at, _bytes.GetRange(at, Math.Min(_bytes.Count - at, _choices.Between(1, 40)))); break;
        }
    }
}
