using Fovea.Data.Augment.Pixels;
using Fovea.Data.Augment.Resampling;
using Fovea.Data.Decoding;

namespace Fovea.Data.Augment;

/// <summary>Puts images into others, with what lies around them.</summary>
internal static class Borders
{
    /// <summary>Copies what falls into the target of an image whose corner lies there, which may be outside, and fills the rest.</summary>
    public static void Fill(PixelView source, RgbImage target, int left, int top, Border border)
    {
        var (height, stride) = (target.Height, target.Stride);
        for (var y = 0; y < height; y++)
        {
            var row = target.Pixels.Slice(y * stride, stride);
            var isInside = (uint)(y - top) < (uint)source.Height;
            if (isInside || border == Border.Reflect) Fill(source.Row(isInside ? y - top : Reflection.At(y - top, source.Height)), row, left, border);
            else row.Clear();
        }
    }

    private static void Fill(ReadOnlySpan<byte> source, Span<byte> target, int left, Border border)
    {
        var (first, last) = (Math.Clamp(3 * left, 0, target.Length), Math.Clamp((3 * left) + source.Length, 0, target.Length));
        if (first < last) source.Slice(first - (3 * left), last - first).CopyTo(target[first..]);
        Around(source, target, 0, first, left, border);
        Around(source, target, last, target.Length, left, border);
    }

    private static void Around(ReadOnlySpan<byte> source, Span<byte> target, int from, int to, int left, Border border)
    {
        if (border == Border.Black)
            target[from..to].Clear();
        else
            for (var x = from; x < to; x += 3) source.Slice(3 * Reflection.At((x / 3) - left, source.Length / 3), 3).CopyTo(target[x..]);
    }
}
