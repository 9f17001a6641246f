using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Graphs;

public class InitializerTests
{
    // Fan-in 32·9 = 288, fan-out 64·9 = 576.
    private static readonly Shape s_weight = new(64, 32, 3, 3);

    public static TheoryData<Initializer, double> Normals => new()
    {
        { Initializer.KaimingFanIn, Math.Sqrt(2.0 / 288) },
        { Initializer.KaimingFanOut, Math.Sqrt(2.0 / 576) },
        { Initializer.XavierNormal, Math.Sqrt(2.0 / (288 + 576)) },
        { new Initializer.Normal(0.01), 0.01 },
    };

    public static TheoryData<Initializer> All =>
    [
        Initializer.Zeros, Initializer.Ones, Initializer.KaimingFanIn, Initializer.KaimingFanOut, Initializer.FanInUniform,
        new Initializer.Fill(-0.1), new Initializer.Normal(0.01), new Initializer.Normal(0.1, Mean: -0.25), new Initializer.Uniform(0.125),
        new Initializer.TruncatedNormal(0.02), Initializer.KaimingUniform, Initializer.XavierUniform, Initializer.XavierNormal,
        new Initializer.Apart(4, 2), Initializer.Dirac,
    ];

    public static TheoryData<Initializer, double> Uniforms => new()
    {
        { Initializer.FanInUniform, 1 / Math.Sqrt(288) },
        { Initializer.KaimingUniform, Math.Sqrt(6.0 / 288) },
        { Initializer.XavierUniform, Math.Sqrt(6.0 / (288 + 576)) },
    };

    [Theory]
    [InlineData(3, 4)]
    [InlineData(2, 3)]
    public void Filters_that_pass_channels_on_do_so_as_long_as_there_are_channels(int kernel, int middle)
    {
        var (w, other) = (Initializer.Dirac.Make(new Shape(6, 4, kernel, kernel), "w", seed: 1).Floats.ToArray(), Initializer.FanInUniform);
        var size = 4 * kernel * kernel;
        for (var filter = 0; filter < 4; filter++)
            Assert.Equal([(filter * kernel * kernel) + middle], Enumerable.Range(0, size).Where(i => w[(filter * size) + i] != 0));
        Assert.Equal(other.Make(new Shape(6, 4, kernel, kernel), "w", seed: 1).Floats[(4 * size)..].ToArray(), w[(4 * size)..]);
        Assert.Equal([1, 1, 1, 1], w[..(4 * size)].Where(x => x != 0));
    }

    [Theory]
    [MemberData(nameof(Normals))]
    public void Normal_weights_have_mean_0_and_their_deviation(Initializer initializer, double deviation)
    {
        var w = initializer.Make(s_weight, "w", seed: 1).Floats.ToArray();
        Assert.Equal(0, w.Average(), deviation * 0.03);
        Assert.Equal(deviation, Math.Sqrt(w.Average(x => (double)x * x)), deviation * 0.02);
        Assert.Contains(w, x => Math.Abs(x) > 3 * deviation);
    }

    [Fact]
    public void Truncated_weights_stay_within_two_deviations()
    {
        var w = new Initializer.TruncatedNormal(0.02).Make(s_weight, "w", seed: 1).Floats.ToArray();
        Assert.True(w.Max(Math.Abs) is <= 0.04f and > 0.0395f);

        // A standard normal cut at ±2 has the deviation 0.8796.
        Assert.Equal(0.02 * 0.8796, Math.Sqrt(w.Average(x => (double)x * x)), 0.0004);
    }

    [Theory]
    [MemberData(nameof(Uniforms))]
    public void Uniform_weights_fill_their_range(Initializer initializer, double bound)
    {
        var w = initializer.Make(s_weight, "w", seed: 1).Floats.ToArray();
        Assert.True(w.Max(Math.Abs) <= bound && w.Max() > 0.999 * bound && w.Min() < -0.999 * bound);
        Assert.Equal(bound / Math.Sqrt(3), Math.Sqrt(w.Average(x => (double)x * x)), bound * 0.02);
    }

    [Fact]
    public void Values_follow_from_the_seed_and_the_name()
    {
        float[] Make(string label, ulong seed) => Initializer.KaimingFanIn.Make(new Shape(8, 8), label, seed).Floats.ToArray();
        Assert.Equal(Make("a", 1), Make("a", 1));
        Assert.NotEqual(Make("a", 1), Make("b", 1));
        Assert.NotEqual(Make("a", 1), Make("a", 2));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_initializer_reads_back_from_its_text(Initializer initializer) => Assert.Equal(initializer, Initializer.Parse(initializer.ToString()));
}
