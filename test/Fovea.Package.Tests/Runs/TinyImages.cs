using Fovea.Data.Decoding;
using Fovea.Tensors;

namespace Fovea.Package.Tests.Runs;

/// <summary>Noisy pictures of three colours, in class folders.</summary>
internal static class TinyImages
{
    internal static readonly string[] Classes = ["blue", "green", "red"];

    private const int Side = 36;

    /// <summary>A recipe that takes little time on them: a RepVGG of four thin blocks.</summary>
    internal const string Recipe = """
        model: {name: repvgg, num_blocks: [1, 1, 1, 1], width_multiplier: [0.125, 0.125, 0.0625, 0.0625]}
        data: {image_size: 32, workers: 1}
        optimizer: {kind: sgd, learning_rate: 0.05}
        train: {epochs: 2, batch_size: 6, precision: fp32, seed: 5}

        """;

    /// <summary>A folder with train/ and val/: of the classes 8, 6 and 4 training images.</summary>
    internal static string Make(TemporaryFolder folder)
    {
        foreach (var (c, name) in Classes.Index())
        {
            Add(folder.Path($"data/train/{name}"), c, 8 - (2 * c), first: 0);
            Add(folder.Path($"data/val/{name}"), c, 3, first: 100);
        }

        return folder.Path("data");
    }

    private static void Add(string folder, int channel, int count, int first)
    {
        Directory.CreateDirectory(folder);
        for (var i = first; i < first + count; i++) File.WriteAllBytes(Path.Combine(folder, $"{i:D3}.png"), PngEncoder.Encode(Picture(channel, (ulong)i)));
    }

    private static RgbImage Picture(int channel, ulong number)
    {
        var (image, noise) = (new RgbImage(Side, Side), new Philox((ulong)channel, number));
        for (var y = 0; y < Side; y++)
            for (var i = 0; i < 3 * Side; i++)
                image.Row(y)[i] = (byte)((noise.Uniform((ulong)((3 * Side * y) + i)) * 120) + (i % 3 == 2 - channel ? 110 : 20));
        return image;
    }
}
