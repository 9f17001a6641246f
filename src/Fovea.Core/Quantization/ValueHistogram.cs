namespace Fovea.Quantization;

/// <summary>How often numbers occur: exact extremes, and counts in equal bins around 0 that double their width when a number lies beyond them.</summary>
/// <remarks>The counts follow from the numbers alone, not from the batches in which they arrive, but for the width of the bins, which only grows.</remarks>
public sealed class ValueHistogram
{
    /// <summary>The bins on each side of 0.</summary>
    public const int Half = 4096;

    private readonly long[] _counts = new long[2 * Half];
    private double _reach;

    /// <summary>The least number; +∞ where there are none.</summary>
    public double Least { get; private set; } = double.PositiveInfinity;

    /// <summary>The greatest number; −∞ where there are none.</summary>
    public double Greatest { get; private set; } = double.NegativeInfinity;

    /// <summary>How many numbers were added.</summary>
    public long Count { get; private set; }

    /// <summary>How many of them were NaN or infinite; they are in no bin.</summary>
    public long NonFinite { get; private set; }

    /// <summary>The width of a bin; 0 where all numbers are 0.</summary>
    public double Width => _reach / Half;

    /// <summary>The counts, from −<see cref="Half"/> · <see cref="Width"/> on.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>The middle of a bin.</summary>
    public double Middle(int bin) => (bin - Half + 0.5) * Width;

    /// <summary>Adds numbers.</summary>
    public void Add(ReadOnlySpan<float> numbers)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var x in numbers)
            if (float.IsFinite(x)) (low, high) = (Math.Min(low, x), Math.Max(high, x));
        Count += numbers.Length;
        if (low > high)
        {
            NonFinite += numbers.Length;
            return;
        }

        (Least, Greatest) = (Math.Min(Least, low), Math.Max(Greatest, high));
        Reach(Math.Max(-low, high));
        var scale = _reach > 0 ? Half / _reach : 0;
        foreach (var x in numbers)
        {
            if (float.IsFinite(x)) _counts[(int)Math.Floor(x * scale) + Half]++;
            else NonFinite++;
        }
    }

    /// <summary>Makes the bins reach beyond a magnitude: to the next power of two, with which products are exact.</summary>
    private void Reach(double magnitude)
    {
        if (magnitude == 0 || magnitude < _reach) return;
        var wanted = Math.Pow(2, Math.ILogB(magnitude) + 1);
        if (_reach == 0)
        {
            // All so far were 0, and lie in the bin that begins there.
            _reach = wanted;
            return;
        }

        for (; _reach < wanted; _reach *= 2) Join();
    }

    /// <summary>Two bins become one.</summary>
    private void Join()
    {
        var old = _counts.ToArray();
        Array.Clear(_counts);
        for (var bin = 0; bin < old.Length; bin++) _counts[((bin - Half) >> 1) + Half] += old[bin];
    }
}
