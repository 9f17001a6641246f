namespace Fovea.Data.Decoding;

/// <summary>Conversions of samples to 8-bit RGB; the target may be where the source begins, whatever order that takes.</summary>
internal static class Samples
{
    /// <summary>R = (255 − C)(255 − K)/255, rounded as in Pillow, where the file holds 255 − C and 255 − K.</summary>
    public static void FromInvertedCmyk(ReadOnlySpan<byte> cmyk, Span<byte> rgb)
    {
        for (int i = 0, j = 0; i < rgb.Length; i += 3, j += 4)
        {
            var light = cmyk[j + 3];
            rgb[i] = Scale(cmyk[j], light);
            rgb[i + 1] = Scale(cmyk[j + 1], light);
            rgb[i + 2] = Scale(cmyk[j + 2], light);
        }
    }

    /// <summary>RGBA → RGB, whatever alpha says.</summary>
    public static void DropAlpha(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        for (int i = 0, j = 0; i < rgb.Length; i += 3, j += 4)
            (rgb[i], rgb[i + 1], rgb[i + 2]) = (rgba[j], rgba[j + 1], rgba[j + 2]);
    }

    /// <summary>The high bytes of 16-bit samples.</summary>
    public static void HighBytes(ReadOnlySpan<ushort> wide, Span<byte> rgb)
    {
        for (var i = 0; i < rgb.Length; i++) rgb[i] = (byte)(wide[i] >> 8);
    }

    /// <summary>The high bytes of 16-bit grey, replicated; from the last pixel on, since each becomes larger.</summary>
    public static void GreyHighBytes(ReadOnlySpan<ushort> grey, Span<byte> rgb)
    {
        for (var i = (rgb.Length / 3) - 1; i >= 0; i--) rgb.Slice(3 * i, 3).Fill((byte)(grey[i] >> 8));
    }

    // clip(nk − ⌊c·nk/255⌉) with c = 255 − inverted: Pillow's order of rounding.
    private static byte Scale(byte inverted, byte light)
    {
        var product = ((255 - inverted) * light) + 128;
        return (byte)(light - (((product >> 8) + product) >> 8));
    }
}
