using Fovea.Cli.Pictures;
using Fovea.Training.RateFinding;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;
using SkiaSharp;

namespace Fovea.Cli.Tests.Pictures;

public class PlotTests
{
    private static readonly TrainRecipe s_falling = new()
    {
        Schedule = new StepOptions { Milestones = [1] }, Train = new() { Epochs = 2, BatchSize = 10 },
    };

    /// <summary>The rows of each column of a picture in which the colour of the learning rate stands.</summary>
    private static int[][] Curve(byte[] png)
    {
        using var picture = SKBitmap.Decode(png);
        return
        [
            .. Enumerable.Range(0, picture.Width).Select(x => Enumerable.Range(0, picture.Height)
                .Where(y => picture.GetPixel(x, y) == new SKColor(0x1f, 0x5f, 0x99)).ToArray()),
        ];
    }

    [Fact]
    public void A_rate_that_jumps_is_drawn_as_stairs_to_the_end_of_the_run()
    {
        var columns = Curve(SchedulePlot.Of(s_falling, stepsPerEpoch: 1).Draw("steps"));
        int[] drawn = [.. Enumerable.Range(0, columns.Length).Where(x => columns[x].Length > 0)];
        Assert.True(drawn[^1] > 1060, $"the curve ends at {drawn[^1]} of 1100");
        // Level but for the jump, at the middle.
        int[] tall = [.. drawn.Where(x => columns[x].Length > 6)];
        Assert.InRange(tall.Length, 1, 6);
        Assert.InRange(tall[0], drawn[0] + (0.48 * (drawn[^1] - drawn[0])), drawn[0] + (0.52 * (drawn[^1] - drawn[0])));
    }

    [Fact]
    public void A_single_curve_has_no_legend_and_two_have_one()
    {
        // A legend repeats the colour below the axis.
        var alone = Curve(SchedulePlot.Of(s_falling with { Schedule = new CosineOptions() }, stepsPerEpoch: 5).Draw("cosine"));
        var both = Curve(SchedulePlot.Of(s_falling with { Schedule = new OneCycleOptions() }, stepsPerEpoch: 50).Draw("one cycle"));
        Assert.DoesNotContain(alone, column => column.Any(y => y > 560));
        Assert.Contains(both, column => column.Any(y => y > 560));
    }

    [Fact]
    public void The_losses_of_a_range_test_are_shown_up_to_where_they_diverge()
    {
        double[] losses = [2.3, 2.3, 2.2, 2.0, 1.8, 1.7, 1.9, 4, 7];
        RatePoint[] points = [.. losses.Select((loss, i) => new RatePoint(i, Math.Pow(10, i - 6), Math.Pow(10, i - 6), i == 8 ? 90 : loss, loss))];
        var (low, high) = RatePlot.Losses(new(new RateRange { Steps = 10 }, points, RateCurveEnd.Diverged));
        Assert.InRange(low, 1.4, 1.7);
        Assert.InRange(high, 2.3, 2.6);
    }
}
