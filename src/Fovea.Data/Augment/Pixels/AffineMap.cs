using System.Diagnostics;
using System.Globalization;

namespace Fovea.Data.Augment.Pixels;

/// <summary>Where a pixel comes from: (x, y) of the result is (A·x + B·y + C, D·x + E·y + F) of the source; pixels have their middle at ½.</summary>
internal readonly record struct AffineMap(double A, double B, double C, double D, double E, double F)
{
    /// <summary>A turn about the middle. Pillow: <c>Image.rotate</c>.</summary>
    /// <param name="degrees">Against the clock.</param>
    /// <param name="width">Of the image.</param>
    /// <param name="height">Of the image.</param>
    public static AffineMap Rotation(double degrees, int width, int height)
    {
        var angle = -degrees * (Math.PI / 180);
        var (cos, sin) = (Rounded(Math.Cos(angle)), Rounded(Math.Sin(angle)));
        var (x, y) = (width / 2.0, height / 2.0);
        return new(cos, sin, (cos * -x) + (sin * -y) + x, -sin, cos, (-sin * -x) + (cos * -y) + y);
    }

    /// <summary>A shift by whole or broken pixels: to the right and down for positive ones.</summary>
    public static AffineMap Translation(double x, double y) => new(1, 0, -x, 0, 1, -y);

    /// <summary>The inverse of torchvision's <c>affine</c>: scaling and shear, a turn, a shift, with a point that stays.</summary>
    /// <param name="degrees">The turn, with the clock.</param>
    /// <param name="translate">The shift in pixels.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="shear">The shears in degrees.</param>
    /// <param name="centre">The point that stays but for the shift.</param>
    public static AffineMap Of(double degrees, (double X, double Y) translate, double scale, (double X, double Y) shear, (double X, double Y) centre)
    {
        const double Radian = Math.PI / 180;
        var (turn, sx, sy) = (degrees * Radian, shear.X * Radian, shear.Y * Radian);
        var a = Math.Cos(turn - sy) / Math.Cos(sy);
        var b = (-Math.Cos(turn - sy) * Math.Tan(sx) / Math.Cos(sy)) - Math.Sin(turn);
        var c = Math.Sin(turn - sy) / Math.Cos(sy);
        var d = (-Math.Sin(turn - sy) * Math.Tan(sx) / Math.Cos(sy)) + Math.Cos(turn);
        var (m0, m1, m3, m4) = (d / scale, -b / scale, -c / scale, a / scale);
        var (x, y) = (-centre.X - translate.X, -centre.Y - translate.Y);
        return new(m0, m1, (m0 * x) + (m1 * y) + centre.X, m3, m4, (m3 * x) + (m4 * y) + centre.Y);
    }

    /// <summary>To 15 decimal places of the exact value; <see cref="Math.Round(double, int)"/> multiplies first, and rounds twice.</summary>
    private static double Rounded(double value)
    {
        Span<char> text = stackalloc char[24];
        return value.TryFormat(text, out var length, "F15", CultureInfo.InvariantCulture)
            ? double.Parse(text[..length], CultureInfo.InvariantCulture)
            : throw new UnreachableException();
    }
}
