using Fovea.Models.Building;
using Fovea.Tensors;

namespace Fovea.Models.Parity;

/// <summary>The generator that fills the tensors of fixtures: SplitMix64 seeded with the FNV-1a-64 hash of a name.</summary>
/// <remarks>Element i of a tensor, in row-major order, is a function of the seed and i; it is computed in double and rounded once.</remarks>
public static class FixtureTensors
{
    private const int BlockGrid = 4;

    /// <summary>The seed of what is called <paramref name="name"/>: the hash of <c>salt/name</c>.</summary>
    public static ulong Seed(string salt, string name) => Philox.Hash($"{salt}/{name}");

    /// <summary>The 64-bit number at <paramref name="index"/>.</summary>
    public static ulong Bits(ulong seed, ulong index)
    {
        var z = seed + (index * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The number at <paramref name="index"/>, uniform in [0, 1) with 24 bits.</summary>
    public static double Unit(ulong seed, ulong index) => (Bits(seed, index) >> 40) * (1.0 / (1 << 24));

    /// <summary>The number at <paramref name="index"/>, uniform in [−1, 1); exact in float32.</summary>
    public static double Signed(ulong seed, ulong index) => (2 * Unit(seed, index)) - 1;

    /// <summary>A tensor filled by one of the rules.</summary>
    /// <param name="fill"><c>weight</c>, <c>norm_weight</c>, <c>var</c>, <c>mean</c>, <c>bias</c>, <c>scale</c>, <c>embed</c> or <c>input</c>.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="weightGain">Scales the rule <c>weight</c>.</param>
    /// <exception cref="ModelException">There is no such rule.</exception>
    public static HostTensor Filled(string fill, Shape shape, ulong seed, double weightGain = 1)
    {
        var fanIn = shape.Rank < 2 ? 1 : shape.Elements / shape[0];
        var weight = weightGain * Math.Sqrt(3.0 / fanIn);
        return Made(shape, fill switch
        {
            "weight" => i => Signed(seed, i) * weight,
            "norm_weight" => i => 1 + (0.2 * Signed(seed, i)),
            "var" => i => 0.5 + Unit(seed, i),
            "mean" or "bias" or "scale" => i => 0.1 * Signed(seed, i),
            "embed" => i => 0.02 * Signed(seed, i),
            "input" => i => Signed(seed, i),
            _ => throw new ModelException($"'{fill}' is no rule that fills a tensor; wanted weight, norm_weight, var, mean, bias, scale, embed or input"),
        });
    }

    /// <summary>Noise images.</summary>
    /// <param name="shape">[N, C, H, W].</param>
    /// <param name="salt">The fixture's.</param>
    /// <param name="name"><c>input</c> for evaluation, <c>input4</c> for training.</param>
    public static HostTensor Noise(Shape shape, string salt, string name) => Filled("input", shape, Seed(salt, name));

    /// <summary>Images with large-scale structure: the mean of a 4×4 grid of blocks and of the noise images.</summary>
    /// <param name="shape">[N, C, H, W].</param>
    /// <param name="salt">The fixture's.</param>
    public static HostTensor Blocks(Shape shape, string salt)
    {
        var (noise, seed) = (Seed(salt, "input"), Seed(salt, "blocks"));
        return Made(shape, i =>
        {
            var (plane, y, x) = ((int)i / shape.W / shape.H, (int)i / shape.W % shape.H, (int)i % shape.W);
            var block = (((plane * BlockGrid) + (y * BlockGrid / shape.H)) * BlockGrid) + (x * BlockGrid / shape.W);
            return 0.5 * (Signed(seed, (ulong)block) + Signed(noise, i));
        });
    }

    private static HostTensor Made(Shape shape, Func<ulong, double> element)
    {
        var tensor = new HostTensor(new TensorType(DType.Float32, shape));
        var floats = tensor.Floats;
        for (var i = 0; i < floats.Length; i++) floats[i] = (float)element((ulong)i);
        return tensor;
    }
}
