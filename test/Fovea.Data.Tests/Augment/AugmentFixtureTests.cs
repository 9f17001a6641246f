using System.Text.Json;
using Fovea.Data.Augment;
using Fovea.Data.Augment.Pixels;
using Fovea.Data.Decoding;
using Fovea.Images;

namespace Fovea.Data.Tests.Augment;

/// <summary>Every case of the fixtures that torchvision and Pillow made, byte for byte.</summary>
public sealed class AugmentFixtureTests
{
    private static readonly Dictionary<string, Action<Canvas, JsonElement>> s_operations = new()
    {
        ["resize"] = (canvas, p) => canvas.Resize(Number(p, "width"), Number(p, "height"), Way(p)),
        ["resize_short_side"] = (canvas, p) => canvas.ResizeShorter(Number(p, "size"), Way(p)),
        ["center_crop"] = (canvas, p) => canvas.CropMiddle(Number(p, "size"), Number(p, "size")),
        ["resized_crop"] = (canvas, p) =>
        {
            canvas.Crop(Number(p, "left"), Number(p, "top"), Number(p, "width"), Number(p, "height"));
            canvas.Resize(Number(p, "out"), Number(p, "out"), Way(p));
        },
        ["pad"] = (canvas, p) => canvas.Pad(Number(p, "padding"), Number(p, "padding"), Number(p, "padding"), Number(p, "padding")),
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
        ["hue"] = (canvas, p) => Hues.Turn(canvas.Edit(), p.GetProperty("hue").GetDouble()),
        ["gamma"] = (canvas, p) => PointOperations.Gamma(canvas.Edit(), p.GetProperty("gamma").GetDouble()),
        ["grayscale"] = (canvas, _) => Enhancements.Color(canvas.Edit(), 0),
        ["erase"] = (canvas, p) => Erase(canvas.Edit(), Number(p, "left"), Number(p, "top"), Number(p, "width"), Number(p, "height")),
    };

    public static TheoryData<string> Operations => [.. s_operations.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Pixels_are_those_of_torchvision_and_Pillow(string operation)
    {
        var wrong = new List<string>();
        var cases = Cases("components", "augment.json").Concat(Cases("augment", "pillow.json")).Where(test => test.Operation == operation).ToArray();
        foreach (var test in cases)
        {
            var (canvas, result) = (new Canvas(new()), new RgbImage());
            canvas.Load(Canvas.ViewOf(test.Image), "a");
            s_operations[operation](canvas, test.Parameters);
            canvas.CopyTo(result);
            var pixels = operation == "grayscale" ? [.. result.Pixels.ToArray().Where((_, i) => i % 3 == 0)] : result.Pixels.ToArray();
            if (!pixels.SequenceEqual(test.Pixels)) wrong.Add($"{test.Name}: {pixels.Zip(test.Pixels).Count(pair => pair.First != pair.Second)} samples");
        }

        Assert.NotEmpty(cases);
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_case_of_the_fixtures_is_left_out() => Assert.Equal(
        s_operations.Keys.Order(StringComparer.Ordinal),
        Cases("components", "augment.json").Concat(Cases("augment", "pillow.json")).Select(test => test.Operation).Distinct().Order(StringComparer.Ordinal));

    internal static RgbImage Read(JsonElement image)
    {
        var size = image.GetProperty("size");
        var result = new RgbImage(size[1].GetInt32(), size[0].GetInt32());
        Convert.FromHexString(image.GetProperty("hex").GetString()!).CopyTo(result.Pixels);
        return result;
    }

    private static List<Case> Cases(string folder, string file)
    {
        using var json = Fixtures.Json(folder, file);
        using var sources = Fixtures.Json("components", "augment.json");
        var images = sources.RootElement.GetProperty("images").EnumerateObject().ToDictionary(entry => entry.Name, entry => Read(entry.Value));
        return
        [
            .. json.RootElement.GetProperty("cases").EnumerateArray().Select(test => new Case(
                test.GetProperty("op").GetString()!, images[test.GetProperty("image").GetString()!], test.GetProperty("params").Clone(),
                Convert.FromHexString(test.GetProperty("hex").GetString()!), $"{test.GetProperty("image")} {test.GetProperty("params").GetRawText()}")),
        ];
    }

    private static int Number(JsonElement parameters, string name) => parameters.GetProperty(name).GetInt32();

    private static double Magnitude(JsonElement parameters) => parameters.GetProperty("magnitude").GetDouble();

    private static Interpolation Way(JsonElement parameters) => Enum.Parse<Interpolation>(parameters.GetProperty("interpolation").GetString()!, ignoreCase: true);

    private static Colour Fill(JsonElement parameters) => parameters.GetProperty("fill").GetString() == "128" ? new(128, 128, 128) : Colour.Black;

    private static void Draw(Canvas canvas, JsonElement parameters, AffineMap map) =>
        Affine.Draw(canvas.Pixels, canvas.Redraw(canvas.Width, canvas.Height), map, Way(parameters), Fill(parameters));

    private static void Erase(RgbImage image, int left, int top, int width, int height)
    {
        for (var y = top; y < top + height; y++) image.Row(y).Slice(3 * left, 3 * width).Clear();
    }

    private sealed record Case(string Operation, RgbImage Image, JsonElement Parameters, byte[] Pixels, string Name);
}
