using Fovea.Tensors;

namespace Fovea.Hostile;

/// <summary>What a maker of hostile files decides by: draws that follow from a seed and the number of the file alone.</summary>
/// <param name="seed">The key.</param>
/// <param name="round">The number of the file.</param>
public sealed class Choices(ulong seed, ulong round)
{
    private readonly Philox _draws = new(seed, round);
    private ulong _next;
    private int? _faults;

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound) => _draws.Integer(_next++, bound);

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>Whether a thing happens that happens once in <paramref name="times"/>.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    /// <summary>
    /// Whether a place goes wrong that does so once in <paramref name="times"/>: in most files few do, so that what lies behind them is reached too.
    /// </summary>
    public bool Wrong(int times)
    {
        _faults ??= Of(0, 0, 1, 1, 1, 2, 3, int.MaxValue);
        if (_faults == 0 || !OneIn(times)) return false;
        _faults--;
        return true;
    }

    /// <summary>One of several.</summary>
    public T Of<T>(params ReadOnlySpan<T> several) => several[Below(several.Length)];

    /// <summary>A number at which arithmetic breaks: about zero, about powers of two, at the ends of types, and sums of such.</summary>
    public long Number()
    {
        var power = 1L << Below(63);
        return Below(8) switch
        {
            0 => Between(-2, 4),
            1 => power,
            2 => power - 1,
            3 => power + 1,
            4 => -power,
            5 => Of(int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, uint.MaxValue, 0xFFFF, 0x7FFF, 0xFF),
            6 => Of(1L << 16, 1L << 30, 1L << 31, 1L << 32, 1L << 33) - Between(-1, 1),
            _ => Between(0, 1000),
        };
    }

    /// <summary>A fraction at which arithmetic breaks.</summary>
    public double Fraction() => Of(0, -1, 1, 0.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e308, -1e308, 1e-320, 1e39, 1e-46, -0.0);

    /// <summary>A small extent, as real ones are.</summary>
    public int Extent() => Between(1, 8);

    /// <summary>Some bytes.</summary>
    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++) bytes[i] = (byte)Below(256);
        return bytes;
    }

    /// <summary>A name that is hard to keep apart from others, to quote or to print; of <paramref name="plain"/> mostly.</summary>
    public string Name(params ReadOnlySpan<string> plain) => Wrong(12)
        ? Of("", " ", "\"", "a\nb", "\u001b[31m", "../../x", "..\\x", "%1", "{", "}", "a b", "é", "e\u0301", new string('x', 5000), "__metadata__")
        : Of(plain);
}
