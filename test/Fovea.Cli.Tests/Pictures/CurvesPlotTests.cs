using Fovea.Cli.Pictures;
using Fovea.Training.Logging;
using SkiaSharp;

namespace Fovea.Cli.Tests.Pictures;

public class CurvesPlotTests
{
    private static readonly SKColor s_training = new(0xe0, 0x7b, 0x00);
    private static readonly SKColor s_validation = new(0x1f, 0x5f, 0x99);

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(2, new[] { 1, 2 })]
    [InlineData(12, new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 })]
    [InlineData(15, new[] { 1, 3, 5, 7, 9, 11, 13, 15 })]
    [InlineData(30, new[] { 1, 5, 10, 15, 20, 25, 30 })]
    [InlineData(300, new[] { 1, 50, 100, 150, 200, 250, 300 })]
    public void The_axis_names_whole_epochs_from_the_first(int last, int[] ticks) => Assert.Equal(ticks, CurvesPlot.Ticks(1, last));

    [Fact]
    public void The_axis_of_losses_begins_at_zero_unless_one_is_below()
    {
        Assert.Equal((0, 2.1), CurvesPlot.Losses([new(1, 2, 0.1, 1, 0.2)]));
        Assert.Equal((0, 1), CurvesPlot.Losses([new(1, 0, 1, null, null)]));
        Assert.Equal((0, 2.1), CurvesPlot.Losses([new(1, double.NaN, 0.1, null, null), new(2, 2, 0.1, double.PositiveInfinity, 0)]));
        var (low, high) = CurvesPlot.Losses([new(1, -1, 0, 1, 0)]);
        Assert.Equal((-1.1, 1.1), (low, high), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-12);
    }

    [Theory]
    [InlineData(0.2, 0.7)]
    [InlineData(0.5, 0.5)]
    [InlineData(0, 1)]
    public void Both_points_of_a_single_epoch_are_seen(double training, double validation)
    {
        using var picture = SKBitmap.Decode(CurvesPlot.Draw([new(1, 1, training, 1, validation)], "net, run a", isAugmented: true));
        foreach (var panel in (int[])[0, 1])
        {
            Assert.True(Pixels(picture, panel, s_training, legend: false) > 15, "training");
            Assert.True(Pixels(picture, panel, s_validation, legend: false) > 15, "validation");
        }
    }

    [Fact]
    public void The_legend_stands_below_the_curves_and_says_augmented_only_where_it_is_so()
    {
        EpochNumbers[] epochs = [.. Enumerable.Range(1, 9).Select(i => new EpochNumbers(i, 2.0 / i, 0.1 * i, 2.5 / i, 0.09 * i))];
        var (plain, augmented) = (CurvesPlot.Draw(epochs, "net", isAugmented: false), CurvesPlot.Draw(epochs, "net", isAugmented: true));
        using var picture = SKBitmap.Decode(plain);
        foreach (var panel in (int[])[0, 1])
        {
            Assert.True(Pixels(picture, panel, s_training, legend: true) > 15, "training");
            Assert.True(Pixels(picture, panel, s_validation, legend: true) > 15, "validation");
        }

        Assert.NotEqual(plain, augmented);
    }

    /// <summary>How many pixels of a colour one half of the picture has, in the strip of the legend or above it.</summary>
    private static int Pixels(SKBitmap picture, int panel, SKColor colour, bool legend)
    {
        const int Strip = 500;
        var half = picture.Width / 2;
        var (top, bottom) = legend ? (Strip, picture.Height) : (0, Strip);
        return Enumerable.Range(top, bottom - top).Sum(y => Enumerable.Range(panel * half, half).Count(x => picture.GetPixel(x, y) == colour));
    }
}
