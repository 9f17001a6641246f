using System.Globalization;
using System.Text.Json;
using Fovea.Data.Augment;
using Fovea.Data.Augment.Pixels;
using Fovea.Data.Decoding;
using Fovea.Images;

namespace Fovea.Data.Parity;

/// <summary>Cases of operations on images, byte for byte as torchvision and Pillow do them.</summary>
internal static class PixelCases
{
    private static readonly Dictionary<string, Action<Canvas, JsonElement>> s_operations = new(StringComparer.Ordinal)
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
            var m = p.GetProperty("map").EnumerateArray().Select(x => x.GetDouble()).ToArray();
            Draw(canvas, p, new(m[0], m[1], m[2], m[3], m[4], m[5]));
        },
        ["Brightness"] = (canvas, p) => Enhancements.Brightness(canvas.Edit(), 1 + Magnitude(p)),
        ["Color"] = (canvas, p) => Enhancements.Color(canvas.Edit(), 1 + Magnitude(p)),
        ["Contrast"] = (canvas, p) => Enhancements.Contrast(canvas.Edit(), 1 + Magnitude(p)),
        ["Sharpness"] = (canvas, p) => Enhancements.Sharpness(canvas.Pixels, canvas.Redraw(canvas.Width, canvas.Height), 1 + Magnitude(p)),
        ["Posterize"] = (canvas, p) => PointOperations.Posterize(canvas.Edit(), (int)Magnitude(p)),
        ["Solarize"] = (canvas, p) => PointOperations.Solarize(canvas.Edit(), Magnitude(p)),
        ["SolarizeAdd"] = (canvas, p) => PointOperations.SolarizeAdd(canvas.Edit(), Number(p, "add")),
        ["AutoContrast"] = (canvas, _) => Histograms.AutoContrast(canvas.Edit()),
        ["Equalize"] = (canvas, _) => Histograms.Equalize(canvas.Edit()),
        ["Invert"] = (canvas, _) => PointOperations.Invert(canvas.Edit()),
        ["Identity"] = (_, _) => { },
        ["hue"] = (canvas, p) => Hues.Turn(canvas.Edit(), p.GetProperty("hue").GetDouble()),
        ["gamma"] = (canvas, p) => PointOperations.Gamma(canvas.Edit(), p.GetProperty("gamma").GetDouble()),
        ["grayscale"] = (canvas, _) => Enhancements.Color(canvas.Edit(), 0),
        ["erase"] = (canvas, p) => Erase(canvas.Edit(), p),
    };

    /// <summary>The result of each case, by the name of its operation.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="images">The images that they are about, by name.</param>
    internal static IEnumerable<(string Id, string? Failure)> Compare(JsonElement cases, JsonElement images)
    {
        var known = images.EnumerateObject().ToDictionary(entry => entry.Name, entry => Read(entry.Value), StringComparer.Ordinal);
        foreach (var test in cases.EnumerateArray())
        {
            var operation = test.GetProperty("op").GetString()!;
            yield return (operation, Failure(operation, known[test.GetProperty("image").GetString()!], test));
        }
    }

    /// <summary>An image of a fixture: its size [H, W] and its bytes, [H, W, 3], in hexadecimal.</summary>
    internal static RgbImage Read(JsonElement image)
    {
        var size = image.GetProperty("size");
        var result = new RgbImage(size[1].GetInt32(), size[0].GetInt32());
        var bytes = Convert.FromHexString(image.GetProperty("hex").GetString()!);
        if (bytes.Length != result.Pixels.Length) throw new FormatException($"an image has {bytes.Length} bytes; its size wants {result.Pixels.Length}");
        bytes.CopyTo(result.Pixels);
        return result;
    }

    private static string? Failure(string operation, RgbImage image, JsonElement test)
    {
        if (!s_operations.TryGetValue(operation, out var change)) return $"there is no operation of the name '{operation}'";
        var (canvas, result, p) = (new Canvas(new()), new RgbImage(), test.GetProperty("params"));
        canvas.Load(Canvas.ViewOf(image), operation);
        change(canvas, p);
        canvas.CopyTo(result);
        var expected = Convert.FromHexString(test.GetProperty("hex").GetString()!);
        byte[] pixels = operation == "grayscale" ? [.. result.Pixels.ToArray().Where((_, i) => i % 3 == 0)] : result.Pixels.ToArray();
        if (pixels.Length != expected.Length) return $"{p.GetRawText()}: the result has {pixels.Length} bytes; wanted {expected.Length}";
        var wrong = pixels.Zip(expected).Count(pair => pair.First != pair.Second);
        return wrong == 0 ? null : $"{p.GetRawText()}: {wrong} of {pixels.Length} bytes are others";
    }

    private static int Number(JsonElement p, string name) => p.GetProperty(name).GetInt32();

    private static double Magnitude(JsonElement p) => p.GetProperty("magnitude").GetDouble();

    private static Interpolation Way(JsonElement p) => Enum.TryParse<Interpolation>(p.GetProperty("interpolation").GetString(), ignoreCase: true, out var way)
        ? way
        : throw new FormatException($"{p.GetRawText()}: no interpolation that is known");

    /// <summary>The colour of what comes from outside: none, or one number for all channels.</summary>
    private static Colour Fill(JsonElement p)
    {
        var fill = p.GetProperty("fill");
        if (fill.ValueKind == JsonValueKind.String && fill.GetString() == "none") return Colour.Black;
        var grey = byte.Parse(fill.ToString(), NumberStyles.None, CultureInfo.InvariantCulture);
        return new(grey, grey, grey);
    }

    private static Border Black(JsonElement p) => p.TryGetProperty("fill", out var fill) && fill.GetInt32() != 0
        ? throw new FormatException($"{p.GetRawText()}: borders are black, or what they mirror")
        : Border.Black;

    private static void Draw(Canvas canvas, JsonElement p, AffineMap map) =>
        Affine.Draw(canvas.Pixels, canvas.Redraw(canvas.Width, canvas.Height), map, Way(p), Fill(p));

    private static void Erase(RgbImage image, JsonElement p)
    {
        var (left, top, width) = (Number(p, "left"), Number(p, "top"), Number(p, "width"));
        var value = p.TryGetProperty("value", out var given) ? given.GetByte() : (byte)0;
        for (var y = top; y < top + Number(p, "height"); y++) image.Row(y).Slice(3 * left, 3 * width).Fill(value);
    }
}
