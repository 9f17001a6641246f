using Fovea.Data.Decoding;
using Fovea.Tensors;

namespace Fovea.Cli.Tests;

/// <summary>Data sets of a few small pictures whose class is their colour, and a model small enough for them.</summary>
internal static class TinyData
{
    internal static readonly string[] Classes = ["blue", "green", "red"];

    /// <summary>A recipe that leaves everything as it is by default.</summary>
    internal static readonly string Plain = Repository.Path("test/Fovea.Cli.Tests/Recipes/plain.yaml");

    /// <summary>Flags of a run that takes little time: a RepVGG of four thin blocks, images of 32 pixels, batches of 6.</summary>
    internal static readonly string[] Flags =
    [
        "--model", "repvgg", "--set", "model.num_blocks=[1,1,1,1]", "--set", "model.width_multiplier=[0.125,0.125,0.0625,0.0625]",
        "--set", "data.image_size=32", "--set", "data.workers=1", "--set", "augment.transforms[0].min_scale=0.5", "--set", "train.batch_size=6",
        "--set", "train.epochs=2", "--set", "optimizer.learning_rate=0.05", "-c", Plain,
    ];

    /// <summary>A folder with train/ and val/.</summary>
    internal static string Make(TemporaryFolder folder, int train = 8, int validation = 4, string name = "data")
    {
        foreach (var c in Classes)
        {
            Add(folder.Path(name, "train", c), train, c);
            Add(folder.Path(name, "val", c), validation, c);
        }

        return folder.Path(name);
    }

    /// <summary>Pictures of one class in a folder.</summary>
    internal static void Add(string folder, int count, string colour)
    {
        Directory.CreateDirectory(folder);
        for (var i = 0; i < count; i++) File.WriteAllBytes(Path.Combine(folder, $"{i:D3}.png"), Picture(Array.IndexOf(Classes, colour), (ulong)i));
    }

    private static byte[] Picture(int channel, ulong number)
    {
        const int Side = 36;
        var noise = new Philox((ulong)channel, number);
        var pixels = new byte[3 * Side * Side];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)((noise.Uniform((ulong)i) * 120) + (i % 3 == 2 - channel ? 110 : 20));
        return PngEncoder.EncodeRgb(pixels, Side, Side);
    }
}
