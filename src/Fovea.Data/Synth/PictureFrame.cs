using Fovea.Data.Decoding;

namespace Fovea.Data.Synth;

/// <summary>A picture's size and how it is stored: PNG, or JPEG of some quality (1–100) and chroma subsampling.</summary>
internal readonly record struct PictureFrame(int Width, int Height, bool IsPng, int Quality, ChromaSubsampling Subsampling)
{
    private const float SmallestSide = 40;
    private const float LargestSide = 360;

    /// <summary>The first draws of a picture's stream.</summary>
    public static PictureFrame Draw(Dice dice)
    {
        // The reciprocal of the longer side is uniform: half the pictures are under 72 pixels, 90 % under 200.
        var longer = SmallestSide / (1 - (dice.Uniform() * (1 - (SmallestSide / LargestSide))));
        var shorter = longer * dice.Between(0.72f, 1);
        var (width, height) = dice.Chance(0.5f) ? ((int)longer, (int)shorter) : ((int)shorter, (int)longer);
        var subsampling = dice.Integer(5) switch { 0 => ChromaSubsampling.None, 1 => ChromaSubsampling.Horizontal, _ => ChromaSubsampling.Both };
        return new(width, height, dice.Chance(0.08f), 35 + dice.Integer(61), subsampling);
    }
}
