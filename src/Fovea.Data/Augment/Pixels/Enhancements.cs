using Fovea.Data.Decoding;

namespace Fovea.Data.Augment.Pixels;

/// <summary>
/// Pillow's <c>ImageEnhance</c>: an image is blended with a lesser form of itself, out = lesser + factor·(image − lesser). A factor of 0 is the lesser
/// form, 1 the image, more than 1 goes beyond. The arithmetic is in float32 and cut to whole numbers, as Pillow's <c>Image.blend</c>.
/// </summary>
internal static class Enhancements
{
    private const float Outer = 1f / 13;
    private const float Inner = 5f / 13;

    /// <summary>The lesser form is black.</summary>
    public static void Brightness(RgbImage image, double factor) => WithGrey(image, 0, factor);

    /// <summary>The lesser form is the mean luma, everywhere.</summary>
    public static void Contrast(RgbImage image, double factor)
    {
        var pixels = image.Pixels;
        if (pixels.IsEmpty) return;
        var sum = 0L;
        for (var i = 0; i + 2 < pixels.Length; i += 3) sum += Luma.Of(pixels[i], pixels[i + 1], pixels[i + 2]);
        WithGrey(image, (int)(((double)sum / (pixels.Length / 3)) + 0.5), factor);
    }

    /// <summary>The lesser form is grey: saturation.</summary>
    public static void Color(RgbImage image, double factor)
    {
        var pixels = image.Pixels;
        var alpha = (float)factor;
        if (alpha == 1) return;
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            int luma = Luma.Of(pixels[i], pixels[i + 1], pixels[i + 2]);
            pixels[i] = Blend(luma, pixels[i], alpha);
            pixels[i + 1] = Blend(luma, pixels[i + 1], alpha);
            pixels[i + 2] = Blend(luma, pixels[i + 2], alpha);
        }
    }

    /// <summary>
    /// The lesser form is smoothed: of the 3×3 neighbours, the middle weighs 5/13 and the others 1/13 each; the outermost pixels stay.
    /// </summary>
    /// <param name="source">The image.</param>
    /// <param name="target">Another of the same size.</param>
    /// <param name="factor">How much of the image.</param>
    public static void Sharpness(Resampling.PixelView source, RgbImage target, double factor)
    {
        var (alpha, last) = ((float)factor, source.Height - 1);
        for (var y = 0; y <= last; y++)
        {
            var row = source.Row(y);
            var write = target.Row(y);
            row.CopyTo(write);
            if (y == 0 || y == last || alpha == 1) continue;
            var above = source.Row(y - 1);
            var below = source.Row(y + 1);
            for (var i = 3; i < row.Length - 3; i++)
            {
                var smooth = 0.5f + Three(below, i, Outer) + Three(row, i, Inner) + Three(above, i, Outer);
                write[i] = Blend((int)Math.Clamp(smooth, 0, 255), row[i], alpha);
            }
        }
    }

    /// <summary>One sample of a blend.</summary>
    public static byte Blend(int from, int to, float alpha)
    {
        if (alpha == 0) return (byte)from;
        var blended = from + (alpha * (to - from));
        return blended <= 0 ? (byte)0 : blended >= 255 ? (byte)255 : (byte)blended;
    }

    private static float Three(ReadOnlySpan<byte> row, int i, float middle) => (row[i - 3] * Outer) + (row[i] * middle) + (row[i + 3] * Outer);

    private static void WithGrey(RgbImage image, int grey, double factor)
    {
        if ((float)factor == 1) return;
        Span<byte> table = stackalloc byte[256];
        for (var v = 0; v < 256; v++) table[v] = Blend(grey, v, (float)factor);
        PointOperations.Apply(image.Pixels, table);
    }
}
