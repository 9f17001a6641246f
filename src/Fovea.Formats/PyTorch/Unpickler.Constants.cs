using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Fovea.Formats.PyTorch;

internal sealed partial class Unpickler
{
    private const int HighestProtocol = 5;
    private const int LongestInteger = 256;

    /// <summary>The characters that a string of .NET can have.</summary>
    private const int LongestText = 0x3FFFFFDF;

    private bool Constant(char op)
    {
        switch (op)
        {
            case '\x80': CheckProtocol(input.Byte()); break;
            case '\x95': input.Number(8); break;   // FRAME: a hint for buffered readers
            case 'N': Push(null); break;
            case '\x88': Push(true); break;
            case '\x89': Push(false); break;
            case 'K': Push((long)input.Number(1)); break;
            case 'M': Push((long)input.Number(2)); break;
            case 'J': Push((long)(int)input.Number(4)); break;
            case '\x8a': Push(Long(input.Number(1))); break;
            case '\x8b': Push(Long(input.Number(4))); break;
            case 'G': Push(BinaryPrimitives.ReadDoubleBigEndian(input.Bytes(8))); break;
            case 'I': Push(IntegerOrBool(input.Line())); break;
            case 'L': Push(Narrow(BigInteger(input.Line().TrimEnd('L')))); break;
            case 'F': Push(Double(input.Line())); break;
            default: return false;
        }

        return true;
    }

    private bool Text(char op)
    {
        switch (op)
        {
            case '\x8c': Push(Utf8(input.Number(1))); break;
            case 'X': Push(Utf8(input.Number(4))); break;
            case '\x8d': Push(Utf8(input.Number(8))); break;
            case 'U': Push(Utf8(input.Number(1))); break;    // a byte string of Python 2
            case 'T': Push(Utf8(input.Number(4))); break;
            case 'C': Push(input.Bytes(input.Number(1))); break;
            case 'B': Push(input.Bytes(input.Number(4))); break;
            case '\x8e' or '\x96': Push(input.Bytes(input.Number(8))); break;
            case 'V': Push(input.Line()); break;
            case 'S': Push(input.Line().Trim('\'', '"')); break;
            default: return false;
        }

        return true;
    }

    private void CheckProtocol(byte protocol)
    {
        if (protocol > HighestProtocol) throw input.Fail($"is pickled with protocol {protocol}; protocols up to {HighestProtocol} are known");
    }

    private string Utf8(ulong bytes)
    {
        var utf8 = input.Bytes(bytes);
        return utf8.Length <= LongestText
            ? Encoding.UTF8.GetString(utf8)
            : throw input.Fail($"has a text of {utf8.Length} bytes; at most {LongestText} are read");
    }

    private object Long(ulong bytes)
    {
        if (bytes > LongestInteger) throw input.Fail($"holds an integer of {bytes} bytes; at most {LongestInteger} are read");
        return Narrow(new BigInteger(input.Bytes(bytes)));
    }

    private static object Narrow(BigInteger x)
    {
        if (x < long.MinValue || x > long.MaxValue) return x;
        var narrow = (long)x;
        return narrow;
    }

    private object IntegerOrBool(string line) => line switch { "00" => false, "01" => true, _ => Narrow(BigInteger(line)) };

    private long Integer(string line) =>
        long.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var x) ? x : throw input.Fail($"'{line}' is not an integer");

    private BigInteger BigInteger(string line) =>
        line.Length <= LongestInteger && System.Numerics.BigInteger.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var x)
            ? x
            : throw input.Fail("wants an integer in decimal");

    private double Double(string line) =>
        double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) ? x : throw input.Fail($"'{line}' is not a number");
}
