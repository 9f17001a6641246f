using Fovea.Data.Synth;

namespace Fovea.Data.Tests.Synth;

public sealed class SynthPlanTests
{
    [Theory]
    [InlineData(24, 6000)]
    [InlineData(2, 16)]
    [InlineData(64, 700)]
    [InlineData(96, 20_000)]
    public void Class_sizes_fall_and_sum_to_the_number_of_images(int classes, int images)
    {
        var sizes = SynthPlan.Sizes(classes, images);

        Assert.Equal(classes, sizes.Length);
        Assert.Equal(images, sizes.Sum());
        Assert.Equal(sizes.OrderDescending(), sizes);
        Assert.True(sizes[^1] >= SynthOptions.SmallestClass);
    }

    [Fact]
    public void The_default_classes_have_a_long_tail()
    {
        var sizes = SynthPlan.Sizes(24, 6000);

        Assert.True(sizes.Average() > 1.6 * sizes[12], $"mean {sizes.Average()}, median {sizes[12]}");
        Assert.True(sizes[0] > 10 * sizes[^1]);
        Assert.True(sizes[^1] >= 40);
    }

    [Fact]
    public void Each_class_gives_its_fraction_to_validation_and_at_least_three()
    {
        var plan = new SynthPlan(new() { Classes = 40, Images = 2000, ValFraction = 0.15 });

        Assert.All(plan.Classes, c => Assert.True(c.Val >= 3 && c.Train >= 4, c.ToString()));
        Assert.All(plan.Classes.Where(c => c.Train + c.Val > 24), c => Assert.Equal(0.15 * (c.Train + c.Val), c.Val, tolerance: 0.51));
        foreach (var c in plan.Classes)
        {
            Assert.Equal(c.Train, plan.Items.Count(item => item.Path.StartsWith($"train/{c.Name}/", StringComparison.Ordinal)));
            Assert.Equal(c.Val, plan.Items.Count(item => item.Path.StartsWith($"val/{c.Name}/", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Sizes_of_pictures_vary_strongly_and_most_are_under_200_pixels()
    {
        var items = new SynthPlan(new()).Items;
        var sides = items.Select(item => Math.Max(item.Frame.Width, item.Frame.Height)).Order().ToArray();

        Assert.InRange(sides[0], 36, 44);
        Assert.InRange(sides[sides.Length / 2], 60, 90);
        Assert.InRange(sides.Count(side => side < 200) / (double)sides.Length, 0.8, 0.95);
        Assert.True(sides[^1] >= 340);
        Assert.True(items.Select(item => (item.Frame.Width, item.Frame.Height)).Distinct().Count() > 2000);
    }

    [Fact]
    public void A_small_share_is_png_and_jpeg_varies_in_quality_and_chroma()
    {
        var items = new SynthPlan(new()).Items;
        var jpegs = items.Where(item => !item.Frame.IsPng).ToArray();

        Assert.InRange(1 - (jpegs.Length / (double)items.Length), 0.05, 0.11);
        Assert.Equal((35, 95), (jpegs.Min(item => item.Frame.Quality), jpegs.Max(item => item.Frame.Quality)));
        Assert.Equal(3, jpegs.Select(item => item.Frame.Subsampling).Distinct().Count());
        Assert.All(items, item => Assert.EndsWith(item.Frame.IsPng ? ".png" : ".jpg", item.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_out_of_range_are_all_named_at_once()
    {
        var error = Assert.Throws<ArgumentException>(() => new SynthOptions { Classes = 1, Images = 10, ValFraction = 0.9, Workers = -1 }.Validate());

        Assert.Equal(
            "data synth: classes is 1; wanted 2 to 96; images is 10; wanted 16 (8 per class) to 1000000; "
            + "val_fraction is 0.9; wanted 0.01 to 0.5; workers is -1; wanted 0 (one per core) to 1024",
            error.Message);
    }

    [Theory]
    [InlineData(97, 6000, 0.15)]
    [InlineData(24, 191, 0.15)]
    [InlineData(24, 1_000_001, 0.15)]
    [InlineData(24, 6000, 0)]
    [InlineData(24, 6000, double.NaN)]
    public void An_option_out_of_range_is_refused(int classes, int images, double valFraction) =>
        Assert.Throws<ArgumentException>(() => new SynthOptions { Classes = classes, Images = images, ValFraction = valFraction }.Validate());
}
