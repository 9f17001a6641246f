using Fovea.Data.Decoding;

namespace Fovea.Data.Augment.Pixels;

/// <summary>Operations that follow from how often a channel has each value, channel by channel, in place.</summary>
internal static class Histograms
{
    /// <summary>Gives all values the same share, as far as that goes. Pillow: <c>ImageOps.equalize</c>.</summary>
    public static void Equalize(RgbImage image) => Apply(image, static (counts, table) =>
    {
        var (last, total) = (255, 0);
        foreach (var count in counts) total += count;
        while (counts[last] == 0) last--;
        var step = (total - counts[last]) / 255;
        if (step == 0) return;
        var n = step / 2;
        for (var v = 0; v < 256; v++)
        {
            table[v] = (byte)Math.Min(n / step, 255);
            n += counts[v];
        }
    });

    /// <summary>Stretches the values to black and white. Pillow: <c>ImageOps.autocontrast</c>.</summary>
    public static void AutoContrast(RgbImage image) => Apply(image, static (counts, table) =>
    {
        var (low, high) = (0, 255);
        while (counts[low] == 0) low++;
        while (counts[high] == 0) high--;
        if (high <= low) return;
        var scale = 255.0 / (high - low);
        var offset = -low * scale;
        for (var v = 0; v < 256; v++) table[v] = (byte)Math.Clamp((int)((v * scale) + offset), 0, 255);
    });

    private static void Apply(RgbImage image, Maker make)
    {
        var pixels = image.Pixels;
        if (pixels.IsEmpty) return;
        Span<int> counts = stackalloc int[3 * 256];
        Span<byte> tables = stackalloc byte[3 * 256];
        counts.Clear();
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            counts[pixels[i]]++;
            counts[256 + pixels[i + 1]]++;
            counts[512 + pixels[i + 2]]++;
        }

        for (var c = 0; c < 3; c++)
        {
            var table = tables.Slice(256 * c, 256);
            for (var v = 0; v < 256; v++) table[v] = (byte)v;
            make(counts.Slice(256 * c, 256), table);
        }

        PointOperations.ApplyEach(pixels, tables);
    }

    /// <summary>Fills the table of a channel, which is the identity as it comes.</summary>
    private delegate void Maker(ReadOnlySpan<int> counts, Span<byte> table);
}
