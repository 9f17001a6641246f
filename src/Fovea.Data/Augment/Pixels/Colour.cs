namespace Fovea.Data.Augment.Pixels;

/// <summary>One colour.</summary>
internal readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    /// <summary>No light at all.</summary>
    public static Colour Black => default;

    /// <summary>Gives pixels this colour.</summary>
    public void Fill(Span<byte> pixels)
    {
        for (var i = 0; i + 2 < pixels.Length; i += 3) (pixels[i], pixels[i + 1], pixels[i + 2]) = (Red, Green, Blue);
    }
}
