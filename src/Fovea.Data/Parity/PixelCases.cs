using System.Globalization;
using Fovea.Data.Augment;
using Fovea.Data.Augment.Pixels;
using Fovea.Data.Decoding;
using Fovea.Images;

namespace Fovea.Data.Parity;

/// <summary>Cases of operations on images, byte for byte as torchvision and Pillow do them.</summary>
internal static class PixelCases
{
    private const int LargestSide = 65535;
    private const int SolarizeThreshold = 128;

    private static readonly Dictionary<string, Action<Canvas, FixtureNode>> s_operations = new(StringComparer.Ordinal)
    {
        ["resize"] = (canvas, p) => canvas.Resize(Number(p, "width"), Number(p, "height"), Way(p)),
        ["resize_short_side"] = (canvas, p) => canvas.ResizeShorter(Number(p, "size"), Way(p)),
        ["center_crop"] = (canvas, p) => canvas.CropMiddle(Number(p, "size"), Number(p, "size")),
        ["resized_crop"] = (canvas, p) =>
        {
            canvas.Crop(Number(p, "left"), Number(p, "top"), Number(p, "width"), Number(p, "height"));
            canvas.Resize(Number(p, "out"), Number(p, "out"), Way(p));
        },
        ["pad"] = (canvas, p) => canvas.Pad(Number(p, "padding"), Number(p, "padding"), Number(p, "padding"), Number(p, "padding"), Black(p)),
        ["pad_reflect"] = (canvas, p) => canvas.Pad(Number(p, "padding"), Number(p, "padding"), Number(p, "padding"), Number(p, "padding"), Border.Reflect),
        ["hflip"] = (canvas, _) => canvas.Mirror(),
        ["vflip"] = (canvas, _) => canvas.Flip(),
        ["Rotate"] = (canvas, p) => Affine.Rotate(canvas.Pixels, canvas.Redraw(canvas.Width, canvas.Height), Magnitude(p), Way(p), Fill(p)),
        ["TranslateX"] = (canvas, p) => Draw(canvas, p, AffineMap.Of(0, ((int)Magnitude(p), 0), 1, (0, 0), (canvas.Width * 0.5, canvas.Height * 0.5))),
        ["TranslateY"] = (canvas, p) => Draw(canvas, p, AffineMap.Of(0, (0, (int)Magnitude(p)), 1, (0, 0), (canvas.Width * 0.5, canvas.Height * 0.5))),
        ["ShearX"] = (canvas, p) => Draw(canvas, p, AffineMap.Of(0, (0, 0), 1, (Math.Atan(Magnitude(p)) * (180 / Math.PI), 0), (0, 0))),
        ["ShearY"] = (canvas, p) => Draw(canvas, p, AffineMap.Of(0, (0, 0), 1, (0, Math.Atan(Magnitude(p)) * (180 / Math.PI)), (0, 0))),
        ["affine"] = (canvas, p) =>
        {
            var m = p["map"].Numbers(6);
            Draw(canvas, p, new(m[0], m[1], m[2], m[3], m[4], m[5]));
        },
        ["Brightness"] = (canvas, p) => Enhancements.Brightness(canvas.Edit(), 1 + Magnitude(p)),
        ["Color"] = (canvas, p) => Enhancements.Color(canvas.Edit(), 1 + Magnitude(p)),
        ["Contrast"] = (canvas, p) => Enhancements.Contrast(canvas.Edit(), 1 + Magnitude(p)),
        ["Sharpness"] = (canvas, p) => Enhancements.Sharpness(canvas.Pixels, canvas.Redraw(canvas.Width, canvas.Height), 1 + Magnitude(p)),
        ["Posterize"] = (canvas, p) => PointOperations.Posterize(canvas.Edit(), p["magnitude"].Integer(0, 8)),
        ["Solarize"] = (canvas, p) => PointOperations.Solarize(canvas.Edit(), Within(p["magnitude"], 0, 256)),
        ["SolarizeAdd"] = (canvas, p) =>
        {
            if (p.Find("threshold") is { } threshold && threshold.Number() != SolarizeThreshold)
                throw threshold.Wrong($"is another; samples are added to below {SolarizeThreshold}");
            PointOperations.SolarizeAdd(canvas.Edit(), Number(p, "add"));
        },
        ["AutoContrast"] = (canvas, p) => Plain(canvas, p, Histograms.AutoContrast),
        ["Equalize"] = (canvas, p) => Plain(canvas, p, Histograms.Equalize),
        ["Invert"] = (canvas, p) => Plain(canvas, p, PointOperations.Invert),
        ["Identity"] = (canvas, p) => Plain(canvas, p, _ => { }),
        ["hue"] = (canvas, p) => Hues.Turn(canvas.Edit(), Within(p["hue"], -0.5, 0.5)),
        ["gamma"] = (canvas, p) => PointOperations.Gamma(canvas.Edit(), p["gamma"].Number()),
        ["grayscale"] = (canvas, _) => Enhancements.Color(canvas.Edit(), 0),
        ["erase"] = (canvas, p) => Erase(canvas.Edit(), p),
    };

    /// <summary>The result of each case, by the name of its operation.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="images">The images that they are about, by name.</param>
    /// <exception cref="FixtureException">A field is missing, or is none that can be compared with.</exception>
    internal static IEnumerable<(string Id, string? Failure)> Compare(FixtureNode cases, IReadOnlyDictionary<string, RgbImage> images) =>
        cases.Items.Select(test => AugmentFixture.Result(test, test["op"].Text(), () => Difference(test["op"].Text(), images, test)));

    /// <summary>The images of a fixture: size [H, W] and bytes, [H, W, 3], in hexadecimal.</summary>
    internal static IReadOnlyDictionary<string, RgbImage> Images(FixtureNode images) =>
        images.Fields.ToDictionary(entry => entry.Name, entry => Read(entry.Value), StringComparer.Ordinal);

    /// <summary>The image that a field names.</summary>
    internal static RgbImage Named(FixtureNode name, IReadOnlyDictionary<string, RgbImage> images) => images.TryGetValue(name.Text(), out var image)
        ? image
        : throw name.Wrong($"is '{name.Text()}'; wanted an image of the fixture: {string.Join(", ", images.Keys)}");

    private static RgbImage Read(FixtureNode image)
    {
        var size = image["size"].Integers(1, LargestSide);
        if (size.Length != 2) throw image["size"].Wrong($"has {size.Length} numbers; wanted height and width");
        var (result, bytes) = (new RgbImage(size[1], size[0]), image["hex"].Bytes());
        if (bytes.Length != result.Pixels.Length) throw image["hex"].Wrong($"has {bytes.Length} bytes; the size wants {result.Pixels.Length}");
        bytes.CopyTo(result.Pixels);
        return result;
    }

    private static string? Difference(string operation, IReadOnlyDictionary<string, RgbImage> images, FixtureNode test)
    {
        if (!s_operations.TryGetValue(operation, out var change)) return $"there is no operation of the name '{operation}'";
        var (canvas, result, p, image) = (new Canvas(new()), new RgbImage(), test["params"], Named(test["image"], images));
        canvas.Load(Canvas.ViewOf(image), operation);
        change(canvas, p);
        canvas.CopyTo(result);
        if (p.Unknown() is { } unknown) return unknown;
        var (expected, channels) = (test["hex"].Bytes(), operation == "grayscale" ? 1 : 3);
        if ((channels == 1 ? test["channels"] : test.Find("channels"))?.Integer() is { } given && given != channels)
            return $"{test.Where}: the result has {channels} channels; wanted {given}";
        if (test["size"].Integers(1, LargestSide) is not [var height, var width] || (height, width) != (result.Height, result.Width))
            return $"{test.Where}: the result is {result.Height}×{result.Width}; wanted {string.Join("×", test["size"].Flat())}";
        byte[] pixels = channels == 1 ? [.. result.Pixels.ToArray().Where((_, i) => i % 3 == 0)] : result.Pixels.ToArray();
        if (pixels.Length != expected.Length) return $"{test.Where}: the result has {pixels.Length} bytes; wanted {expected.Length}";
        var wrong = pixels.Zip(expected).Count(pair => pair.First != pair.Second);
        return wrong == 0 ? null : $"{test.Where}: {wrong} of {pixels.Length} bytes are others";
    }

    private static int Number(FixtureNode p, string name) => p[name].Integer(-LargestSide, LargestSide);

    private static double Magnitude(FixtureNode p) => p["magnitude"].Number();

    private static double Within(FixtureNode number, double least, double most) => number.Number() is var value && value >= least && value <= most
        ? value
        : throw number.Wrong(FormattableString.Invariant($"is {value}; wanted {least} to {most}"));

    /// <summary>An operation without a magnitude, for which the fixtures give 0.</summary>
    private static void Plain(Canvas canvas, FixtureNode p, Action<RgbImage> change)
    {
        if (p.Find("magnitude") is { } magnitude) Within(magnitude, 0, 0);
        change(canvas.Edit());
    }

    private static Interpolation Way(FixtureNode p)
    {
        var name = p["interpolation"].Text();
        var ways = Enum.GetValues<Interpolation>().Where(way => way.ToString().Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray();
        return ways.Length == 1 ? ways[0] : throw p["interpolation"].Wrong(
            $"is '{name}'; wanted {string.Join(", ", Enum.GetNames<Interpolation>()).ToLowerInvariant()}");
    }

    /// <summary>The colour of what comes from outside: none, or one number for all channels.</summary>
    private static Colour Fill(FixtureNode p)
    {
        var fill = p["fill"];
        if (fill.IsText && fill.Text() == "none") return Colour.Black;
        if (!fill.IsText) return Grey((byte)fill.Integer(0, byte.MaxValue));
        return byte.TryParse(fill.Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var grey)
            ? Grey(grey)
            : throw fill.Wrong($"is '{fill.Text()}'; wanted none, or a number from 0 to 255");

        static Colour Grey(byte grey) => new(grey, grey, grey);
    }

    private static Border Black(FixtureNode p) => p.Find("fill") is { } fill && fill.Number() != 0
        ? throw fill.Wrong("is another than 0; borders are black, or what they mirror")
        : Border.Black;

    private static void Draw(Canvas canvas, FixtureNode p, AffineMap map) =>
        Affine.Draw(canvas.Pixels, canvas.Redraw(canvas.Width, canvas.Height), map, Way(p), Fill(p));

    private static void Erase(RgbImage image, FixtureNode p)
    {
        var (left, top) = (p["left"].Integer(0, image.Width), p["top"].Integer(0, image.Height));
        var (width, height) = (p["width"].Integer(0, image.Width - left), p["height"].Integer(0, image.Height - top));
        var value = (byte)(p.Find("value")?.Integer(0, byte.MaxValue) ?? 0);
        for (var y = top; y < top + height; y++) image.Row(y).Slice(3 * left, 3 * width).Fill(value);
    }
}
