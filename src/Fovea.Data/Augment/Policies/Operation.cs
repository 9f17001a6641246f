using Fovea.Data.Augment.Pixels;

namespace Fovea.Data.Augment;

/// <summary>A change of an image by a magnitude, whose meaning is the operation's: degrees, pixels, a factor less 1, bits, a threshold.</summary>
/// <param name="Name">As torchvision and timm call it.</param>
/// <param name="Change">What it does; the colour is that of what comes from outside.</param>
internal sealed record Operation(string Name, Action<Canvas, double, Colour> Change)
{
    /// <summary>Nothing.</summary>
    public static Operation Identity { get; } = new("Identity", static (_, _, _) => { });

    /// <summary>Shears along the rows about the upper left corner, by pixels per pixel.</summary>
    public static Operation ShearX { get; } = new("ShearX", static (canvas, by, fill) => Draw(canvas, Sheared(Degrees(by), 0), fill));

    /// <summary>The same along the columns.</summary>
    public static Operation ShearY { get; } = new("ShearY", static (canvas, by, fill) => Draw(canvas, Sheared(0, Degrees(by)), fill));

    /// <summary>Shifts along the rows by whole pixels.</summary>
    public static Operation TranslateX { get; } = new("TranslateX", static (canvas, by, fill) => Draw(canvas, Shifted(canvas, (int)by, 0), fill));

    /// <summary>The same along the columns.</summary>
    public static Operation TranslateY { get; } = new("TranslateY", static (canvas, by, fill) => Draw(canvas, Shifted(canvas, 0, (int)by), fill));

    /// <summary>Turns about the middle by degrees, against the clock.</summary>
    public static Operation Rotate { get; } = new(
        "Rotate", static (canvas, by, fill) => Affine.Rotate(canvas.Pixels, canvas.Redraw(canvas.Width, canvas.Height), by, canvas.Input.Interpolation, fill));

    public static Operation Brightness { get; } = new("Brightness", static (canvas, by, _) => Enhancements.Brightness(canvas.Edit(), 1 + by));

    public static Operation Color { get; } = new("Color", static (canvas, by, _) => Enhancements.Color(canvas.Edit(), 1 + by));

    public static Operation Contrast { get; } = new("Contrast", static (canvas, by, _) => Enhancements.Contrast(canvas.Edit(), 1 + by));

    public static Operation Sharpness { get; } = new(
        "Sharpness", static (canvas, by, _) => Enhancements.Sharpness(canvas.Pixels, canvas.Redraw(canvas.Width, canvas.Height), 1 + by));

    public static Operation Posterize { get; } = new("Posterize", static (canvas, bits, _) => PointOperations.Posterize(canvas.Edit(), (int)bits));

    public static Operation Solarize { get; } = new("Solarize", static (canvas, least, _) => PointOperations.Solarize(canvas.Edit(), least));

    public static Operation SolarizeAdd { get; } = new("SolarizeAdd", static (canvas, by, _) => PointOperations.SolarizeAdd(canvas.Edit(), (int)by));

    public static Operation AutoContrast { get; } = new("AutoContrast", static (canvas, _, _) => Histograms.AutoContrast(canvas.Edit()));

    public static Operation Equalize { get; } = new("Equalize", static (canvas, _, _) => Histograms.Equalize(canvas.Edit()));

    public static Operation Invert { get; } = new("Invert", static (canvas, _, _) => PointOperations.Invert(canvas.Edit()));

    /// <summary>Blurs by a Gaussian of σ in pixels.</summary>
    public static Operation GaussianBlur { get; } = new(
        "GaussianBlur", static (canvas, sigma, _) => Blurs.Gaussian(canvas.Pixels, canvas.Redraw(canvas.Width, canvas.Height), sigma));

    /// <summary>timm's shears and shifts: a map that is given as it is.</summary>
    public static Operation ShearXRaw { get; } = new("ShearX", static (canvas, by, fill) => Draw(canvas, new(1, by, 0, 0, 1, 0), fill));

    public static Operation ShearYRaw { get; } = new("ShearY", static (canvas, by, fill) => Draw(canvas, new(1, 0, 0, by, 1, 0), fill));

    public static Operation TranslateXRel { get; } = new(
        "TranslateXRel", static (canvas, by, fill) => Draw(canvas, new(1, 0, by * canvas.Width, 0, 1, 0), fill));

    public static Operation TranslateYRel { get; } = new(
        "TranslateYRel", static (canvas, by, fill) => Draw(canvas, new(1, 0, 0, 0, 1, by * canvas.Height), fill));

    private static double Degrees(double slope) => Math.Atan(slope) * (180 / Math.PI);

    private static AffineMap Sheared(double x, double y) => AffineMap.Of(0, (0, 0), 1, (x, y), (0, 0));

    private static AffineMap Shifted(Canvas canvas, int x, int y) => AffineMap.Of(0, (x, y), 1, (0, 0), (canvas.Width * 0.5, canvas.Height * 0.5));

    private static void Draw(Canvas canvas, in AffineMap map, Colour fill) =>
        Affine.Draw(canvas.Pixels, canvas.Redraw(canvas.Width, canvas.Height), map, canvas.Input.Interpolation, fill);
}
