using Fovea.Data.Augment.Resampling;
using Fovea.Data.Decoding;
using Fovea.Images;

namespace Fovea.Data.Augment.Pixels;

/// <summary>Draws images elsewhere, byte for byte as Pillow's <c>Image.transform</c> with <c>AFFINE</c>; what comes from outside has one colour.</summary>
internal static unsafe class Affine
{
    private const double LargestFixed = 32_768;
    private const int FixedBits = 16;

    /// <summary>Turns an image about its middle, against the clock. Pillow: <c>Image.rotate</c>, which turns by whole quarters exactly.</summary>
    public static void Rotate(PixelView source, RgbImage target, double degrees, Interpolation interpolation, Colour fill)
    {
        degrees -= 360 * Math.Floor(degrees / 360);
        var isSquare = source.Width == source.Height;
        if (degrees == 0)
            for (var y = 0; y < source.Height; y++) source.Row(y).CopyTo(target.Row(y));
        else if (degrees == 180 || (isSquare && (degrees is 90 or 270))) Quarters(source, target, (int)degrees / 90);
        else Draw(source, target, AffineMap.Rotation(degrees, source.Width, source.Height), interpolation, fill);
    }

    /// <summary>Draws an image of the same size.</summary>
    /// <param name="source">The image.</param>
    /// <param name="target">The result.</param>
    /// <param name="map">Where its pixels come from.</param>
    /// <param name="interpolation">Nearest, bilinear or bicubic; others count as bilinear.</param>
    /// <param name="fill">The colour of what comes from outside.</param>
    public static void Draw(PixelView source, RgbImage target, in AffineMap map, Interpolation interpolation, Colour fill)
    {
        for (var y = 0; y < target.Height; y++) fill.Fill(target.Row(y));
        if (interpolation == Interpolation.Bicubic) Bicubic(source, target, map);
        else if (interpolation != Interpolation.Nearest) Bilinear(source, target, map);
        else if (map.B == 0 && map.D == 0) Scale(source, target, map);
        else if (IsFixed(map, target.Width, target.Height)) Fixed(source, target, map);
        else Nearest(source, target, map);
    }

    private static bool IsFixed(in AffineMap map, int width, int height) =>
        Fits(map, 0, 0) && Fits(map, width, height) && Fits(map, 0, height) && Fits(map, width, 0);

    private static bool Fits(in AffineMap m, double x, double y) =>
        Math.Abs((x * m.A) + (y * m.B) + m.C) < LargestFixed && Math.Abs((x * m.D) + (y * m.E) + m.F) < LargestFixed;

    /// <summary>Columns and rows by themselves.</summary>
    private static void Scale(PixelView source, RgbImage target, in AffineMap map)
    {
        var y0 = map.F + (map.E * 0.5);
        for (var y = 0; y < target.Height; y++, y0 += map.E)
        {
            if (y0 < 0 || (int)y0 >= source.Height) continue;
            var read = source.Row((int)y0);
            var write = target.Row(y);
            var x0 = map.C + (map.A * 0.5);
            for (var x = 0; x < target.Width; x++, x0 += map.A)
                if (x0 >= 0 && (int)x0 < source.Width) read.Slice(3 * (int)x0, 3).CopyTo(write[(3 * x)..]);
        }
    }

    private static void Fixed(PixelView source, RgbImage target, in AffineMap map)
    {
        var (a, b, d, e) = (ToFixed(map.A), ToFixed(map.B), ToFixed(map.D), ToFixed(map.E));
        var (x0, y0) = (ToFixed(map.C + (map.A * 0.5) + (map.B * 0.5)), ToFixed(map.F + (map.D * 0.5) + (map.E * 0.5)));
        for (var y = 0; y < target.Height; y++, x0 += b, y0 += e)
        {
            var (atX, atY) = (x0, y0);
            var write = target.Row(y);
            for (var x = 0; x < target.Width; x++, atX += a, atY += d)
                Copy(source, atX >> FixedBits, atY >> FixedBits, write[(3 * x)..]);
        }
    }

    private static int ToFixed(double value)
    {
        var scaled = (value * (1 << FixedBits)) + 0.5;
        return scaled < 0 ? (int)Math.Floor(scaled) : (int)scaled;
    }

    private static void Nearest(PixelView source, RgbImage target, in AffineMap map)
    {
        var (x0, y0) = (map.C + (map.A * 0.5) + (map.B * 0.5), map.F + (map.D * 0.5) + (map.E * 0.5));
        for (var y = 0; y < target.Height; y++, x0 += map.B, y0 += map.E)
        {
            var (atX, atY) = (x0, y0);
            var write = target.Row(y);
            for (var x = 0; x < target.Width; x++, atX += map.A, atY += map.D)
                Copy(source, atX < 0 ? -1 : (int)atX, atY < 0 ? -1 : (int)atY, write[(3 * x)..]);
        }
    }

    private static void Copy(PixelView source, int x, int y, Span<byte> write)
    {
        if ((uint)x >= (uint)source.Width || (uint)y >= (uint)source.Height) return;
        var read = source.Pixels + ((nint)y * source.Stride) + (3 * (nint)x);
        (write[0], write[1], write[2]) = (read[0], read[1], read[2]);
    }

    private static void Bilinear(PixelView source, RgbImage target, in AffineMap map)
    {
        for (var y = 0; y < target.Height; y++)
        {
            var write = target.Row(y);
            for (var x = 0; x < target.Width; x++)
            {
                if (!TryFind(source, map, x, y, out var atX, out var atY)) continue;
                var (left, top) = ((int)Math.Floor(atX), (int)Math.Floor(atY));
                var (dx, dy) = (atX - left, atY - top);
                var upper = Pixel(source, 0, top);
                var lower = top + 1 >= 0 && top + 1 < source.Height ? Pixel(source, 0, top + 1) : upper;
                var (x0, x1) = (3 * Within(left, source.Width), 3 * Within(left + 1, source.Width));
                for (var c = 0; c < 3; c++)
                {
                    var above = upper[x0 + c] + ((upper[x1 + c] - upper[x0 + c]) * dx);
                    var below = lower[x0 + c] + ((lower[x1 + c] - lower[x0 + c]) * dx);
                    write[(3 * x) + c] = (byte)(above + ((below - above) * dy));
                }
            }
        }
    }

    private static void Bicubic(PixelView source, RgbImage target, in AffineMap map)
    {
        byte** rows = stackalloc byte*[4];
        var columns = stackalloc int[4];
        var values = stackalloc double[4];
        for (var y = 0; y < target.Height; y++)
        {
            var write = target.Row(y);
            for (var x = 0; x < target.Width; x++)
            {
                if (!TryFind(source, map, x, y, out var atX, out var atY)) continue;
                var (left, top) = ((int)Math.Floor(atX), (int)Math.Floor(atY));
                var (dx, dy) = (atX - left, atY - top);
                for (var k = 0; k < 4; k++)
                {
                    columns[k] = 3 * Within(left - 1 + k, source.Width);
                    var row = top - 1 + k;
                    rows[k] = k == 0 || (row >= 0 && row < source.Height) ? Pixel(source, 0, row) : rows[k - 1];
                }

                for (var c = 0; c < 3; c++)
                {
                    for (var k = 0; k < 4; k++)
                        values[k] = Cubic(rows[k][columns[0] + c], rows[k][columns[1] + c], rows[k][columns[2] + c], rows[k][columns[3] + c], dx);
                    var value = Cubic(values[0], values[1], values[2], values[3], dy);
                    write[(3 * x) + c] = value <= 0 ? (byte)0 : value >= 255 ? (byte)255 : (byte)value;
                }
            }
        }
    }

    /// <summary>Keys' cubic with a = −1.</summary>
    private static double Cubic(double v1, double v2, double v3, double v4, double d) =>
        v2 + (d * (-v1 + v3 + (d * ((2 * (v1 - v2)) + v3 - v4 + (d * (-v1 + v2 - v3 + v4))))));

    private static bool TryFind(PixelView source, in AffineMap map, int x, int y, out double atX, out double atY)
    {
        var (middleX, middleY) = (x + 0.5, y + 0.5);
        (atX, atY) = ((map.A * middleX) + (map.B * middleY) + map.C, (map.D * middleX) + (map.E * middleY) + map.F);
        var isInside = atX >= 0 && atX < source.Width && atY >= 0 && atY < source.Height;
        (atX, atY) = (atX - 0.5, atY - 0.5);
        return isInside;
    }

    private static int Within(int at, int length) => Math.Clamp(at, 0, length - 1);

    private static byte* Pixel(PixelView source, int x, int y) => source.Pixels + ((nint)Within(y, source.Height) * source.Stride) + (3 * (nint)x);

    private static void Quarters(PixelView source, RgbImage target, int quarters)
    {
        var (lastX, lastY) = (source.Width - 1, source.Height - 1);
        for (var y = 0; y < target.Height; y++)
            for (var x = 0; x < target.Width; x++)
            {
                var (fromX, fromY) = quarters switch { 1 => (lastX - y, x), 2 => (lastX - x, lastY - y), _ => (y, lastY - x) };
                Copy(source, fromX, fromY, target.Row(y)[(3 * x)..]);
            }
    }
}
