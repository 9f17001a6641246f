using Fovea.Data.Decoding;

namespace Fovea.Data.Augment.Pixels;

/// <summary>Colours by hue, saturation and value in 8 bits each, converted as Pillow does.</summary>
internal static class Hues
{
    /// <summary>Turns the hue. torchvision: <c>adjust_hue</c>.</summary>
    /// <param name="image">The image.</param>
    /// <param name="turn">The part of a full turn, −0.5 to 0.5.</param>
    public static void Turn(RgbImage image, double turn)
    {
        var pixels = image.Pixels;
        var add = (byte)(int)(turn * 255);
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            var (h, s, v) = ToHsv(pixels[i], pixels[i + 1], pixels[i + 2]);
            (pixels[i], pixels[i + 1], pixels[i + 2]) = ToRgb((byte)(h + add), s, v);
        }
    }

    /// <summary>Turns the hue and multiplies saturation and value, in fractions. Darknet: <c>distort_image</c>.</summary>
    /// <param name="image">The image.</param>
    /// <param name="turn">The part of a full turn, −1 to 1.</param>
    /// <param name="saturation">The factor of saturation.</param>
    /// <param name="value">The factor of value.</param>
    public static void Distort(RgbImage image, double turn, double saturation, double value)
    {
        var pixels = image.Pixels;
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            var (r, g, b) = (pixels[i] / 255.0, pixels[i + 1] / 255.0, pixels[i + 2] / 255.0);
            var (most, range) = (Math.Max(r, Math.Max(g, b)), Math.Max(r, Math.Max(g, b)) - Math.Min(r, Math.Min(g, b)));
            var h = range == 0 ? 0 : r == most ? (g - b) / range : g == most ? 2 + ((b - r) / range) : 4 + ((r - g) / range);
            var s = most == 0 ? 0 : range / most * saturation;
            var v = most * value;
            for (var c = 0; c < 3; c++) pixels[i + c] = (byte)Math.Clamp((int)Math.Round(255 * Channel(h + (6 * turn), s, v, 5 - (2 * c))), 0, 255);
        }
    }

    /// <summary>v − v·s·max(0, min(k, 4 − k, 1)), k = (offset + hue) mod 6 with the hue in sixths: red, green and blue at 5, 3 and 1.</summary>
    private static double Channel(double hue, double s, double v, int offset)
    {
        var k = offset + hue;
        k -= 6 * Math.Floor(k / 6);
        return v - (v * s * Math.Clamp(Math.Min(k, 4 - k), 0, 1));
    }

    private static (byte H, byte S, byte V) ToHsv(byte r, byte g, byte b)
    {
        var (most, least) = (Math.Max(r, Math.Max(g, b)), Math.Min(r, Math.Min(g, b)));
        if (most == least) return (0, 0, most);
        var range = (float)(most - least);
        var saturation = range / most;
        var (rc, gc, bc) = ((most - r) / range, (most - g) / range, (most - b) / range);
        var h = r == most ? bc - gc : g == most ? (float)(2.0 + rc - bc) : (float)(4.0 + gc - rc);
        h = (float)(((h / 6.0) + 1.0) % 1.0);
        return ((byte)Math.Clamp((int)(h * 255.0), 0, 255), (byte)Math.Clamp((int)(saturation * 255.0), 0, 255), most);
    }

    private static (byte R, byte G, byte B) ToRgb(byte h, byte s, byte v)
    {
        if (s == 0) return (v, v, v);
        var sextant = (int)Math.Floor((float)h * 6.0 / 255.0);
        var f = (float)(((float)h * 6.0 / 255.0) - sextant);
        var fs = (float)(s / 255.0);
        var p = Whole(v * (1.0 - fs));
        var q = Whole(v * (1.0 - (fs * f)));
        var t = Whole(v * (1.0 - (fs * (1.0 - f))));
        return (sextant % 6) switch
        {
            0 => (v, t, p),
            1 => (q, v, p),
            2 => (p, v, t),
            3 => (p, q, v),
            4 => (t, p, v),
            _ => (v, p, q),
        };
    }

    private static byte Whole(double value) => (byte)Math.Clamp((int)Math.Round(value, MidpointRounding.AwayFromZero), 0, 255);
}
