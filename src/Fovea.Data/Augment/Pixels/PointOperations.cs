using Fovea.Data.Decoding;

namespace Fovea.Data.Augment.Pixels;

/// <summary>Operations that look at one sample at a time, in place: each a table of 256 values, as Pillow's <c>Image.point</c>.</summary>
internal static class PointOperations
{
    /// <summary>255 − v. Pillow: <c>ImageOps.invert</c>.</summary>
    public static void Invert(RgbImage image) => Apply(image, static (v, _) => (byte)(255 - v), 0);

    /// <summary>Inverts samples from a threshold on. Pillow: <c>ImageOps.solarize</c>.</summary>
    public static void Solarize(RgbImage image, double threshold) => Apply(image, static (v, least) => (byte)(v < least ? v : 255 - v), threshold);

    /// <summary>Adds to samples below 128. timm: <c>solarize_add</c>.</summary>
    public static void SolarizeAdd(RgbImage image, int add) => Apply(image, static (v, more) => (byte)(v < 128 ? Math.Min(v + (int)more, 255) : v), add);

    /// <summary>Keeps the upper bits. Pillow: <c>ImageOps.posterize</c>.</summary>
    /// <param name="image">The image.</param>
    /// <param name="bits">0 to 8; of 8, nothing changes.</param>
    public static void Posterize(RgbImage image, int bits) => Apply(image, static (v, mask) => (byte)(v & (int)mask), ~((1 << (8 - bits)) - 1) & 255);

    /// <summary>255.999·(v/255)^gamma. torchvision: <c>adjust_gamma</c>.</summary>
    public static void Gamma(RgbImage image, double gamma) => Apply(image, static (v, power) => (byte)((255 + 1 - 1e-3) * Math.Pow(v / 255.0, power)), gamma);

    /// <summary>Replaces each sample by what a table has for it.</summary>
    public static void Apply(Span<byte> samples, ReadOnlySpan<byte> table)
    {
        foreach (ref var sample in samples) sample = table[sample];
    }

    /// <summary>Replaces each sample by what its channel's table of 256 has for it.</summary>
    public static void ApplyEach(Span<byte> samples, ReadOnlySpan<byte> tables)
    {
        var red = tables[..256];
        var green = tables.Slice(256, 256);
        var blue = tables.Slice(512, 256);
        for (var i = 0; i + 2 < samples.Length; i += 3)
        {
            samples[i] = red[samples[i]];
            samples[i + 1] = green[samples[i + 1]];
            samples[i + 2] = blue[samples[i + 2]];
        }
    }

    private static void Apply(RgbImage image, Func<int, double, byte> of, double parameter)
    {
        Span<byte> table = stackalloc byte[256];
        for (var v = 0; v < 256; v++) table[v] = of(v, parameter);
        Apply(image.Pixels, table);
    }
}
