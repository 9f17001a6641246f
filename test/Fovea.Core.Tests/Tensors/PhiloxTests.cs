using Fovea.Tensors;

namespace Fovea.Core.Tests.Tensors;

public class PhiloxTests
{
    // The vectors for philox4x32-10 in Random123's tests/kat_vectors.
    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)]
    [InlineData(0x85a308d3_243f6a88, 0x03707344_13198a2e, 0x299f31d0_a4093822, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)]
    public void The_numbers_are_those_of_Random123(ulong index, ulong stream, ulong seed, uint x0, uint x1, uint x2, uint x3) =>
        Assert.Equal((x0, x1, x2, x3), new Philox(seed, stream).Block(index));

    [Fact]
    public void Single_numbers_are_those_of_the_blocks()
    {
        var draws = new Philox(3, 4);
        for (var i = 0UL; i < 20; i++)
        {
            var (x0, x1, x2, x3) = draws.Block(i / 4);
            Assert.Equal(new[] { x0, x1, x2, x3 }[i % 4], draws.Bits(i));
        }
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(0xFFFF_FFF8UL)]
    [InlineData(0x1234_5678_9ABC_DEF0UL)]
    public void Sixteen_blocks_together_are_those_taken_one_by_one(ulong first)
    {
        var draws = new Philox(0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210);
        var (x0, x1, x2, x3) = draws.Blocks(first);
        for (var lane = 0; lane < 16; lane++) Assert.Equal(draws.Block(first + (ulong)lane), (x0[lane], x1[lane], x2[lane], x3[lane]));
    }

    [Fact]
    public void Uniform_numbers_fill_the_unit_interval_evenly()
    {
        var draws = new Philox(1, 2);
        var counts = new int[10];
        const int Draws = 100_000;
        for (var i = 0UL; i < Draws; i++) counts[(int)(10 * draws.Uniform(i))]++;

        // Chi-squared with 9 degrees of freedom: 27.9 is exceeded once in a thousand seeds.
        Assert.True(counts.Sum(count => Math.Pow(count - (Draws / 10), 2) / (Draws / 10)) < 27.9);
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        var draws = new Philox(5, 6);
        double[] x = [.. Enumerable.Range(0, 100_000).Select(i => draws.Normal((ulong)i))];
        Assert.Equal(0, x.Average(), 0.015);
        Assert.Equal(1, x.Average(n => n * n), 0.02);
        Assert.Equal(3, x.Average(n => n * n * n * n), 0.15);
        Assert.Equal(0, x.Zip(x.Skip(1)).Average(pair => pair.First * pair.Second), 0.015);
        Assert.DoesNotContain(x, n => !double.IsFinite(n));
    }

    [Fact]
    public void Integers_lie_below_their_bound_and_reach_every_value()
    {
        var draws = new Philox(7, 8);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], Enumerable.Range(0, 1000).Select(i => draws.Integer((ulong)i, 7)).Distinct().Order());
    }

    [Fact]
    public void Streams_of_two_numbers_depend_on_both()
    {
        var streams = Enumerable.Range(0, 100).Select(i => Philox.Stream((ulong)(i / 10), (ulong)(i % 10))).ToHashSet();
        Assert.Equal(100, streams.Count);
    }

    [Theory]
    [InlineData("", 14695981039346656037)]
    [InlineData("a", 12638187200555641996)]
    [InlineData("foobar", 9625390261332436968)]
    [InlineData("reference-v1/é", 2865490065238541329)]
    public void Names_are_hashed_by_FNV_1a(string text, ulong hash) => Assert.Equal(hash, Philox.Hash(text));

    [Fact]
    public void Purposes_names_and_numbers_have_streams_of_their_own()
    {
        ulong[] streams =
        [
            Philox.Stream("data", "flip"), Philox.Stream("training", "flip"), Philox.Stream("data", "crop"), Philox.Stream("flip", "data"),
            Philox.Stream("data", ""), Philox.Stream("", "data"), Philox.Stream(5, 7), Philox.Stream(7, 5), Philox.Hash("data"), Philox.Hash("flip"),
        ];
        Assert.Equal(streams.Length, streams.Distinct().Count());
    }
}
