using Fovea.Data.Augment.Pixels;
using Fovea.Data.Augment.Resampling;
using Fovea.Data.Decoding;

namespace Fovea.Data.Augment;

/// <summary>Puts images into larger ones.</summary>
internal static class Borders
{
    /// <summary>Copies an image to a place in another, and fills the rest.</summary>
    public static unsafe void Fill(PixelView source, RgbImage target, int left, int top, Border border)
    {
        if (border == Border.Black) target.Pixels.Clear();
        var inner = Canvas.ViewOf(target);
        source.CopyTo(inner.Pixels + ((nint)top * inner.Stride) + (3 * (nint)left), inner.Stride);
        if (border == Border.Black) return;
        for (var y = top; y < top + source.Height; y++) Sides(target.Row(y), left, source.Width);
        for (var y = 0; y < target.Height; y++)
        {
            var from = top + Reflection.At(y - top, source.Height);
            if (from != y) target.Row(from).CopyTo(target.Row(y));
        }
    }

    private static void Sides(Span<byte> row, int left, int width)
    {
        for (var x = 0; x < row.Length / 3; x++)
        {
            if (x == left) x += width;
            if (3 * x >= row.Length) return;
            var from = left + Reflection.At(x - left, width);
            row.Slice(3 * from, 3).CopyTo(row[(3 * x)..]);
        }
    }
}
