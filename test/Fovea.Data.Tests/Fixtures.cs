using System.Text.Json;
using Fovea.Data.Decoding;

namespace Fovea.Data.Tests;

/// <summary>The files of test/fixtures, copied beside the tests.</summary>
internal static class Fixtures
{
    private static readonly Lazy<Dictionary<string, Expected>> s_expected = new(ReadExpected);

    public static IEnumerable<string> DecodableImages => s_expected.Value.Keys;

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "fixtures", "images", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static Expected ExpectedOf(string name) => s_expected.Value[name];

    public static JsonDocument Json(string folder, string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fixtures", folder, name)));

    /// <summary>A picture with structure at every scale.</summary>
    public static RgbImage Picture(int width, int height, ulong seed = 1)
    {
        var noise = new Fovea.Tensors.Philox(seed, 7);
        var image = new RgbImage(width, height);
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            var (x, y) = (i / 3 % width, i / 3 / width);
            var smooth = 128 + (60 * Math.Sin((x * 0.11) + (i % 3)) * Math.Cos(y * 0.07));
            image.Pixels[i] = (byte)(smooth + noise.Integer((ulong)i, 60));
        }

        return image;
    }

    private static Dictionary<string, Expected> ReadExpected()
    {
        using var json = JsonDocument.Parse(Bytes("expected.json"));
        return json.RootElement.EnumerateObject().ToDictionary(
            entry => entry.Name,
            entry => new Expected(
                entry.Value.GetProperty("width").GetInt32(),
                entry.Value.GetProperty("height").GetInt32(),
                Convert.FromHexString(entry.Value.GetProperty("hex").GetString()!)));
    }

    internal sealed record Expected(int Width, int Height, byte[] Rgb);
}
