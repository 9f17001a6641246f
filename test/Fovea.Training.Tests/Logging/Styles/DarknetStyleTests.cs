using System.Globalization;
using Fovea.Training.Logging.Styles;

namespace Fovea.Training.Tests.Logging.Styles;

[Trait("row", "S4-06")]
public class DarknetStyleTests
{
    private const string Line =
        @"^(\d+), (\d+\.\d{3}): (\d+\.\d{6}), (\d+\.\d{6}) avg, (\d+\.\d{6}) rate, (\d+\.\d{6}) seconds, (\d+) images, (\d+\.\d{6}) hours left$";

    [Fact]
    public void Line_of_each_update_is_Darknets()
    {
        using var run = new StyledRun().Train(new DarknetStyle());
        Assert.Contains("Learning Rate: 0.1, Momentum: 0.9, Decay: 0.0005", run.Lines);
        var lines = run.Lines.Numbers(Line);
        Assert.Equal(Enumerable.Range(1, 10).Select(step => (double)step), lines.Select(line => line[0]));
        Assert.Equal([4.0, 8, 12, 16, 18, 22, 26, 30, 34, 36], lines.Select(line => line[6]));
        Assert.All(lines, line => Assert.Equal((line[6] / 18).Fixed(3), line[1].Fixed(3)));
        Assert.Equal(lines.Count, run.Lines.Numbers(@"^Loaded: (\d+\.\d{6}) seconds$").Count);
        Assert.Equal(lines[0][2], lines[0][3]);
        for (var i = 1; i < lines.Count; i++) Assert.Equal((0.9 * lines[i - 1][3]) + (0.1 * lines[i][2]), lines[i][3], 2e-6);
        var loss = ((4 * lines.Take(4).Sum(line => line[2])) + (2 * lines[4][2])) / 18;
        Assert.Equal(run.Metrics[0]["train_loss"], loss, 1e-6);
        Assert.Equal(run.Metrics[0]["learning_rate"].Fixed(6), lines[4][4].Fixed(6));
        Assert.Equal(
            run.Metrics.Select(row => row["val_top5"].Fixed(6)), run.Lines.Numbers(@"^ accuracy top5 = (\d\.\d{6}) $").Select(line => line[0].Fixed(6)));
    }

    [Fact]
    public void Batches_that_are_accumulated_are_one_iteration()
    {
        using var run = new StyledRun().Train(
            new DarknetStyle(), epochs: 1, recipe => recipe with { Train = recipe.Train with { Accumulate = 2 } });
        Assert.Equal([(1.0, 8.0), (2, 16), (3, 18)], run.Lines.Numbers(Line).Select(line => (line[0], line[6])));
    }

    [Fact]
    public void Validation_by_itself_has_a_line_for_each_image_with_the_shares_up_to_it()
    {
        var lines = new List<string>();
        using var log = new StyledLog(new DarknetStyle(), lines.Add, TimeProvider.System);
        var evaluation = log.Evaluate(new("net", Classes: 10, Batches: 2));
        evaluation.Batch(new(1, 2, Loss: 1, [0, 3, 7], Seconds: 1, ReaderSeconds: 0));
        evaluation.Batch(new(2, 2, Loss: 1, [0, 4], Seconds: 1, ReaderSeconds: 0));
        (int First, int OfFive)[] hits = [(1, 1), (1, 2), (1, 2), (2, 3), (2, 4)];
        Assert.Equal(
            hits.Select((hit, i) => string.Create(
                CultureInfo.InvariantCulture, $"{i}: top 1: {(double)hit.First / (i + 1):F6}, top 5: {(double)hit.OfFive / (i + 1):F6}")),
            lines.Skip(1));
    }
}
