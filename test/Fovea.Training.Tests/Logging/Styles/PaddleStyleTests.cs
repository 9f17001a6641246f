using Fovea.Training.Logging.Styles;
using Fovea.Training.Metrics;

namespace Fovea.Training.Tests.Logging.Styles;

[Trait("row", "S2-04")]
public class PaddleStyleTests
{
    private const string Start = @"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d INFO: ";
    private const string Number = @"(\d+\.\d{5})";

    [Fact]
    public void Lines_of_training_and_validation_are_PaddleClass_and_their_numbers_the_runs()
    {
        using var run = new StyledRun().Train(new PaddleStyle());
        var shares = $"top1: {Number}, top5: {Number}, loss: {Number}, ";
        const string Costs = $"batch_cost: {Number} s, reader_cost: {Number} s, ips: {Number} images/sec\\.$";
        var train = run.Lines.Numbers($@"{Start}epoch:(\d+) +, train step:(\d+) +, {shares}lr: (\d+\.\d{{6}}), {Costs}");
        Assert.Equal([(0.0, 0.0), (0, 2), (0, 4), (1, 0), (1, 2), (1, 4)], train.Select(line => (line[0], line[1])));
        var valid = run.Lines.Numbers($@"{Start}epoch:(\d+) +, valid step:(\d+) +, {shares}lr: 0\.000000, {Costs}");
        Assert.Equal([(0.0, 0.0), (0, 2), (1, 0), (1, 2)], valid.Select(line => (line[0], line[1])));
        const string Sums = $"batch_cost: {Number} s, reader_cost: {Number} s, batch_cost_sum: {Number} s, ips: {Number} images/sec\\.$";
        var end = run.Lines.Numbers($"{Start}END epoch:(\\d+) +valid {shares} {Sums}");
        Assert.Equal(
            run.Metrics.Select(row => (row["epoch"] - 1, row["val_top1"].Fixed(5), row["val_top5"].Fixed(5), row["val_loss"].Fixed(5))),
            end.Select(line => (line[0], line[1].Fixed(5), line[2].Fixed(5), line[3].Fixed(5))));
        var trained = run.Lines.Numbers($"{Start}END epoch:(\\d+) +train {shares} {Sums}");
        Assert.Equal(
            run.Metrics.Select(row => (row["train_top1"].Fixed(5), row["train_loss"].Fixed(5))), trained.Select(line => (line[1].Fixed(5), line[3].Fixed(5))));
        var best = run.Lines.Numbers(Start + $@"The best top1 acc {Number}, in epoch: (\d+)$");
        Assert.Equal(run.Metrics.Select(row => row["best_top1"].Fixed(5)), best.Select(line => line[0].Fixed(5)));
    }

    [Fact]
    [Trait("row", "S2-07")]
    public void Worker_log_has_what_is_printed_and_warnings_which_are_not()
    {
        using var run = new StyledRun().Train(new PaddleStyle(), epochs: 1, warning: "an image is odd");
        var kept = run.Text("log/workerlog.0").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith("WARNING: an image is odd", kept[0], StringComparison.Ordinal);
        Assert.Equal(run.Lines.Select(line => line[19..]), kept.Skip(1).Select(line => line[19..]));
        Assert.DoesNotContain(run.Lines, line => line.Contains("odd", StringComparison.Ordinal));
        Assert.Contains(run.Lines, line => line.EndsWith("INFO: classes_num : 6", StringComparison.Ordinal));
        Assert.Contains(run.Lines, line => line.EndsWith("INFO:         lr : 0.1", StringComparison.Ordinal));
    }

    /// <summary>PaddleClas prints 171.51 for this evaluation: 50 000 images in batches of 128, of which the last has 80.</summary>
    [Fact]
    public void Images_per_second_at_the_end_are_images_over_elapsed_time()
    {
        var lines = new List<string>();
        using var log = new StyledLog(new PaddleStyle(), lines.Add, TimeProvider.System);
        var evaluation = log.Evaluate(new("dla60", Classes: 1000, Batches: 391));
        var counter = new MetricsCounter(["a", "b"]);
        counter.Add([1, 0], [0]);
        for (var batch = 1; batch <= 391; batch++)
            evaluation.Batch(new(batch, 391, Loss: 1.8, new int[batch < 391 ? 128 : 80], Seconds: 0.46643, ReaderSeconds: 0.26428));
        evaluation.End(counter.Result());
        var speeds = lines.Numbers(@"ips: ([\d.]+) images/sec\.$").Select(line => line[0]).ToArray();
        Assert.Equal((((380 * 128) + 80) / (381 * 0.46643)).Fixed(5), speeds[^1].Fixed(5));
        Assert.Equal((128 / 0.46643).Fixed(5), speeds[^3].Fixed(5));
        Assert.Contains("batch_cost: 0.46643 s, reader_cost: 0.26428 s, batch_cost_sum: 177.70983 s", lines[^1], StringComparison.Ordinal);
    }
}
