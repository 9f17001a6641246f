using Fovea.Images;

namespace Fovea.Data.Augment.Pixels;

/// <summary>One colour.</summary>
internal readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    /// <summary>No light at all.</summary>
    public static Colour Black => default;

    /// <summary>The mean colour of a normalisation, as timm rounds it.</summary>
    public static Colour Mean(Preprocessing input) => new(Share(input.Mean[0]), Share(input.Mean[input.Mean.Count / 2]), Share(input.Mean[^1]));

    /// <summary>That, or black.</summary>
    public static Colour Of(bool isMean, Preprocessing input) => isMean ? Mean(input) : Black;

    /// <summary>Gives pixels this colour.</summary>
    public void Fill(Span<byte> pixels)
    {
        for (var i = 0; i + 2 < pixels.Length; i += 3) (pixels[i], pixels[i + 1], pixels[i + 2]) = (Red, Green, Blue);
    }

    private static byte Share(double mean) => (byte)Math.Clamp(Math.Round(255 * mean, MidpointRounding.ToEven), 0, 255);
}
