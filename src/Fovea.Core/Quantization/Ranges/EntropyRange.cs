namespace Fovea.Quantization.Ranges;

/// <summary>
/// The range whose integers keep most of what the distribution of magnitudes tells: the least Kullback–Leibler divergence from it (Migacz 2017, 8-bit inference
/// with TensorRT). Where there are negative numbers, both sides reach as far, but for what was never seen.
/// </summary>
public sealed record EntropyRange : RangeRule
{
    /// <summary>Bins that are joined into one, so that counts are not too few.</summary>
    private const int Join = 2;

    /// <inheritdoc/>
    public override (double Low, double High) Of(ValueHistogram numbers, int levels)
    {
        var all = All(numbers);
        if (all.Low == all.High) return all;
        var magnitudes = Magnitudes(numbers);
        var used = Array.FindLastIndex(magnitudes, count => count > 0) + 1;
        var sides = all.Low < 0 && all.High > 0 ? 2 : 1;
        var (least, parts) = (levels / sides / 2, levels / sides);
        if (used <= least) return all;
        var best = Enumerable.Range(least, used - least + 1).MinBy(bins => Divergence(magnitudes, bins, parts));
        var reach = best * Join * numbers.Width;
        return (Math.Max(all.Low, -reach), Math.Min(all.High, reach));
    }

    private static double[] Magnitudes(ValueHistogram numbers)
    {
        var counts = numbers.Counts;
        var sums = new double[ValueHistogram.Half / Join];
        for (var i = 0; i < ValueHistogram.Half; i++) sums[i / Join] += counts[ValueHistogram.Half + i] + counts[ValueHistogram.Half - 1 - i];
        return sums;
    }

    /// <summary>Of the first bins, the last with all beyond it, from the same in as many parts as there are integers.</summary>
    private static double Divergence(double[] counts, int bins, int parts)
    {
        var (beyond, total) = (counts.AsSpan(bins).ToArray().Sum(), counts.Sum());
        var (divergence, kept) = (0.0, total - beyond);
        if (kept == 0) return double.PositiveInfinity;
        for (var part = 0; part < Math.Min(parts, bins); part++)
        {
            var (from, to) = ((int)((long)part * bins / Math.Min(parts, bins)), (int)((long)(part + 1) * bins / Math.Min(parts, bins)));
            var (sum, filled) = (0.0, 0);
            for (var i = from; i < to; i++)
            {
                sum += counts[i];
                if (counts[i] > 0) filled++;
            }

            for (var i = from; i < to; i++)
            {
                var p = (counts[i] + (i == bins - 1 ? beyond : 0)) / total;
                if (p == 0) continue;
                // A last bin that is empty but for what lies beyond it has nothing to stand for it.
                if (counts[i] == 0) return double.PositiveInfinity;
                divergence += p * Math.Log(p / (sum / filled / kept));
            }
        }

        return divergence;
    }
}
