using Fovea.Data.Augment;
using Fovea.Options;

namespace Fovea.Data.Tests.Augment;

/// <summary>How images become one, on images of one number each: image k is 100·k everywhere but for the number of the pixel.</summary>
public sealed class MixerTests
{
    private const int Width = 20;
    private const int Height = 14;

    public static TheoryData<Mixer> All => [.. Mixer.Kinds, new CutMix { MinSide = 0.3 }, new Mixup { Alpha = 1 }, new Mosaic { Margin = 0 }];

    [Theory]
    [MemberData(nameof(All))]
    [Trait("row", "S3-02")]
    public void Shares_are_those_of_the_pixels(Mixer mixer)
    {
        for (var i = 0; i < 200; i++)
        {
            var draws = new Draws(1, 2, 3, i);
            var blend = mixer.Draw(Width, Height, ref draws);
            var values = Flat(mixer, blend);

            Assert.Equal(mixer.Images, blend.Shares.Count);
            Assert.Equal(1, blend.Shares.Sum(), 1e-12);
            Assert.All(blend.Shares, share => Assert.InRange(share, 0, 1));
            // Image k is 10^k everywhere: the mean tells how much of each there is.
            Assert.Equal(blend.Shares.Select((share, k) => share * Math.Pow(10, k)).Sum(), values.Average(value => (double)value), 1e-3);
        }
    }

    [Fact]
    [Trait("row", "S3-02")]
    public void Mixup_is_the_mean_of_two_by_lambda_from_the_beta_distribution()
    {
        var shares = Enumerable.Range(0, 4000).Select(i =>
        {
            var draws = new Draws(1, 2, 3, i);
            return new Mixup { Alpha = 0.2 }.Draw(4, 4, ref draws).Shares[0];
        }).ToArray();

        // Beta(0.2, 0.2): mean ½, variance 1/(4·1.4).
        Assert.Equal(0.5, shares.Average(), 0.03);
        Assert.Equal(1 / 5.6, shares.Average(share => (share - 0.5) * (share - 0.5)), 0.01);
    }

    [Fact]
    [Trait("row", "S3-02")]
    public void CutMix_shows_the_rectangle_of_the_other_image_and_counts_its_pixels()
    {
        for (var i = 0; i < 50; i++)
        {
            var draws = new Draws(1, 2, 3, i);
            var blend = new CutMix().Draw(Width, Height, ref draws);
            var values = Placed(2, blend);

            var other = Enumerable.Range(0, values.Length).Where(at => values[at] >= 1000).ToArray();
            Assert.Equal((double)other.Length / values.Length, blend.Shares[1], 1e-12);
            // Each pixel stands where it stood, and those of the other image are a rectangle.
            Assert.All(Enumerable.Range(0, values.Length), at => Assert.Equal(at, (int)values[at] % 1000));
            if (other.Length == 0) continue;
            var (w, h) = (other.Max(at => at % Width) - other.Min(at => at % Width) + 1, other.Max(at => at / Width) - other.Min(at => at / Width) + 1);
            Assert.Equal(w * h, other.Length);
        }
    }

    [Fact]
    [Trait("row", "S4-08")]
    public void Mixup_with_a_share_mixes_halves_as_Darknet_does()
    {
        for (var i = 0; i < 5; i++)
        {
            var draws = new Draws(1, 2, 3, i);
            Assert.Equal([0.5, 0.5], new Mixup { Share = 0.5 }.Draw(Width, Height, ref draws).Shares);
        }
    }

    [Fact]
    [Trait("row", "S4-08")]
    public void The_sides_of_a_rectangle_of_CutMix_stay_in_their_range()
    {
        for (var i = 0; i < 200; i++)
        {
            var draws = new Draws(1, 2, 3, i);
            var values = Placed(2, new CutMix { MinSide = 0.3, MaxSide = 0.8 }.Draw(Width, Height, ref draws));
            var other = Enumerable.Range(0, values.Length).Where(at => values[at] >= 1000).ToArray();
            Assert.InRange(other.Max(at => at % Width) - other.Min(at => at % Width) + 1, 6, 16);
            Assert.InRange(other.Max(at => at / Width) - other.Min(at => at / Width) + 1, 4, 11);
        }
    }

    [Fact]
    [Trait("row", "S3-02")]
    public void Ricap_takes_four_cuts_of_the_sizes_of_its_parts()
    {
        for (var i = 0; i < 50; i++)
        {
            var draws = new Draws(1, 2, 3, i);
            var blend = new Ricap { Beta = 1 }.Draw(Width, Height, ref draws);
            var values = Placed(4, blend);

            var w = values.Take(Width).TakeWhile(value => value < 1000).Count();
            if (w == Width || blend.Shares[0] == 0) continue;
            var h = Enumerable.Range(0, Height).TakeWhile(y => values[y * Width] < 1000).Count();
            double[] areas = [w * h, (Width - w) * h, w * (Height - h), (Width - w) * (Height - h)];
            Assert.Equal(areas.Select(area => area / (Width * Height)), blend.Shares);
            // Neighbours within a part are neighbours in its image.
            for (var x = 1; x < w; x++) Assert.Equal(values[x - 1] + 1, values[x]);
        }
    }

    [Fact]
    [Trait("row", "S4-08")]
    public void Mosaic_keeps_the_places_and_its_cut_within_the_middle()
    {
        for (var i = 0; i < 100; i++)
        {
            var draws = new Draws(1, 2, 3, i);
            var values = Placed(4, new Mosaic().Draw(Width, Height, ref draws));
            var (x, y) = (values.Take(Width).Count(value => value < 1000), Enumerable.Range(0, Height).Count(row => values[row * Width] < 1000));
            Assert.InRange(x, 4, 16);
            Assert.InRange(y, 2, 11);
            for (var at = 0; at < values.Length; at++)
                Assert.Equal((1000 * ((at % Width < x ? 0 : 1) + (at / Width < y ? 0 : 2))) + at, values[at]);
        }
    }

    [Fact]
    [Trait("row", "S2-06")]
    public void FMix_cuts_along_one_line_and_not_at_random()
    {
        for (var i = 0; i < 20; i++)
        {
            var draws = new Draws(1, 2, 3, i);
            var values = Placed(2, new FMix().Draw(64, 48, ref draws), 64, 48);
            var changes = Enumerable.Range(0, values.Length).Count(at => at % 64 > 0 && values[at] >= 4000 != values[at - 1] >= 4000);
            Assert.InRange(changes, 0, 48 * 6);
        }
    }

    [Fact]
    public void Probabilities_of_a_list_are_at_most_one_together()
    {
        Assert.Empty(Problems(new Mixup { Probability = 0.5 }, new CutMix { Probability = 0.5 }));
        Assert.Empty(Problems(new Mixup(), new CutMix()));
        Assert.Equal(
            [
                "augment.mixing[1].alpha: 0; wanted above 0",
                "augment.mixing: probabilities whose sum is 2; wanted at most 1, since a batch is mixed in one way: 0.5 each for two",
            ],
            Problems(new Mixup { Probability = 1 }, new CutMix { Alpha = 0, Probability = 1 }));
        Assert.Equal(
            ["augment.mixing[2].probability: -1; wanted 0 to 1"], Problems(new Mixup { Probability = 1 }, new CutMix(), new FMix { Probability = -1 }));
        Assert.Equal(
            ["augment.mixing: cutmix without a probability beside others that have all of it; wanted less for the others, or one for each"],
            Problems(new Mixup { Probability = 1 }, new CutMix()));

        static IEnumerable<string> Problems(params Mixer[] mixing)
        {
            var problems = new List<OptionProblem>();
            Mixer.CheckAll(mixing, new(problems, "augment."), "mixing");
            return problems.Select(problem => problem.ToString());
        }
    }

    /// <summary>Image k is 10^k.</summary>
    private static float[] Flat(Mixer mixer, Blend blend) =>
        Mixed(
            blend, Enumerable.Range(0, mixer.Images).SelectMany(k => Enumerable.Repeat((float)Math.Pow(10, k), Width * Height)), mixer.Images, Width, Height);

    /// <summary>Image k is its pixels' numbers and a thousand (or more) times k.</summary>
    private static float[] Placed(int images, Blend blend, int width = Width, int height = Height)
    {
        var step = width * height < 1000 ? 1000 : 4000;
        return Mixed(
            blend, Enumerable.Range(0, images).SelectMany(k => Enumerable.Range(0, width * height).Select(at => (float)((step * k) + at))), images, width, height);
    }

    private static float[] Mixed(Blend blend, IEnumerable<float> batch, int images, int width, int height)
    {
        var target = new float[width * height];
        blend.Mix(new(batch.ToArray(), [.. Enumerable.Range(0, images)], target, width, height));
        return target;
    }
}
