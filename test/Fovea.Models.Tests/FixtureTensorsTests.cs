using System.Globalization;
using System.Text.Json;
using Fovea.Models.Building;
using Fovea.Models.Parity;
using Fovea.Tensors;

namespace Fovea.Models.Tests;

public class FixtureTensorsTests
{
    private static readonly JsonElement s_vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Fixtures.Folder, "prng_vectors.json"))).RootElement;

    [Fact]
    public void Hash_gives_the_published_values()
    {
        foreach (var pair in s_vectors.GetProperty("fnv1a64").EnumerateArray())
            Assert.Equal(Seed(pair[1]), Philox.Hash(pair[0].GetString()!));
    }

    [Fact]
    public void Stream_gives_the_published_values()
    {
        var stream = s_vectors.GetProperty("stream");
        var seed = Seed(stream.GetProperty("seed"));
        Assert.Equal(stream.GetProperty("z_0_7").EnumerateArray().Select(Seed), Enumerable.Range(0, 8).Select(i => FixtureTensors.Bits(seed, (ulong)i)));
        Assert.Equal(Seed(stream.GetProperty("z_1000000")), FixtureTensors.Bits(seed, 1_000_000));
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(stream.GetProperty("u_0_3")[i].GetDouble(), FixtureTensors.Unit(seed, (ulong)i), 9);
            Assert.Equal(stream.GetProperty("s_0_3")[i].GetDouble(), FixtureTensors.Signed(seed, (ulong)i), 9);
        }
    }

    [Fact]
    public void Fills_give_the_published_bits()
    {
        foreach (var fill in s_vectors.GetProperty("fills").EnumerateArray())
        {
            var shape = new Shape(fill.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32()).ToArray());
            var tensor = FixtureTensors.Filled(
                fill.GetProperty("fill").GetString()!, shape, Seed(fill.GetProperty("seed")), fill.GetProperty("weight_gain").GetDouble());
            Assert.Equal(Bits(fill.GetProperty("first6_float_bits")), tensor.Floats[..Math.Min(6, tensor.Floats.Length)].ToArray());
            Assert.Equal(fill.GetProperty("sum").GetDouble(), tensor.Floats.ToArray().Sum(x => (double)x), 6);
        }
    }

    [Fact]
    public void Blocks_give_the_published_bits()
    {
        var blocks = s_vectors.GetProperty("blocks");
        var tensor = FixtureTensors.Blocks(new Shape(2, 3, 12, 12), s_vectors.GetProperty("salt").GetString()!);
        Assert.Equal(Bits(blocks.GetProperty("float_bits_row_0_of_channel_1_of_image_1")), tensor.Floats.Slice(4 * 144, 12).ToArray());
        Assert.Equal(blocks.GetProperty("sum").GetDouble(), tensor.Floats.ToArray().Sum(x => (double)x), 6);
    }

    [Fact]
    public void Unknown_fill_is_refused_by_name() =>
        Assert.Contains("'noise'", Assert.Throws<ModelException>(() => FixtureTensors.Filled("noise", new Shape(1), 0)).Message, StringComparison.Ordinal);

    private static ulong Seed(JsonElement text) => ulong.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    private static float[] Bits(JsonElement words) => [.. words.EnumerateArray().Select(Bits32).Select(BitConverter.UInt32BitsToSingle)];

    private static uint Bits32(JsonElement word) => uint.Parse(word.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
