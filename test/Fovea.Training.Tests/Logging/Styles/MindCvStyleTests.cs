using Fovea.Training.Logging.Styles;

namespace Fovea.Training.Tests.Logging.Styles;

public class MindCvStyleTests
{
    private const string Start = @"^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] mindcv\.utils\.callbacks INFO - ";

    [Fact]
    [Trait("row", "S1-03")]
    public void Lines_of_batches_and_validations_are_MindCVs_and_their_numbers_the_runs()
    {
        using var run = new StyledRun().Train(new MindCvStyle());
        var batches = run.Lines.Numbers(Start + @"Epoch: \[(\d+)/(\d+)\], batch: \[(\d+)/(\d+)\], loss: (\d+\.\d{6}), lr: (\d+\.\d{6}), time: (\d+\.\d{6})s$");
        Assert.Equal([(1.0, 1.0), (1, 2), (1, 4), (1, 5), (2, 1), (2, 2), (2, 4), (2, 5)], batches.Select(line => (line[0], line[2])));
        Assert.All(batches, line => Assert.Equal((2, 5), (line[1], line[3])));
        var found = run.Lines.Numbers(Start + @"Validation Top_1_Accuracy: ([\d.]+)%, Top_5_Accuracy: ([\d.]+)%, time: [\d.]+s$");
        Assert.Equal(
            run.Metrics.Select(row => ((100 * row["val_top1"]).Fixed(4), (100 * row["val_top5"]).Fixed(4))),
            found.Select(line => (line[0].Fixed(4), line[1].Fixed(4))));
        Assert.Equal(
            run.Metrics.Select(row => row["learning_rate"].Fixed(6)), batches.Where(line => line[2] == 5).Select(line => line[5].Fixed(6)));
        var best = Assert.Single(run.Lines.Numbers(Start + @"The best validation Top_1_Accuracy is: ([\d.]+)% at epoch (\d+)\.$"));
        Assert.Equal((100 * run.Metrics[^1]["best_top1"]).Fixed(4), best[0].Fixed(4));
        Assert.Contains(run.Lines, line => line.EndsWith("Finish training!", StringComparison.Ordinal));
        var times = run.Lines.Numbers(Start + @"Total time since last epoch: ([\d.]+)\(train: ([\d.]+), val: ([\d.]+)\)s, ETA: ([\d.]+)s$");
        Assert.Equal(2, times.Count);
        Assert.All(times, line => Assert.Equal(line[0], line[1] + line[2], 2e-6));
        Assert.Equal(0, times[^1][3]);
    }

    [Fact]
    public void Head_of_a_run_lists_the_experiment_in_MindCVs_words()
    {
        using var run = new StyledRun().Train(new MindCvStyle(), epochs: 1);
        var at = run.Lines.FindIndex(line => line.EndsWith("INFO - Essential Experiment Configurations:", StringComparison.Ordinal));
        Assert.Equal(
            [
                "MindSpore mode[GRAPH(0)/PYNATIVE(1)]: 0", "Distributed mode: False", "Number of devices: 1", "Number of training samples: 18",
                "Number of validation samples: 13", "Number of classes: 6", "Number of batches: 5", "Batch size: 4", "Auto augment: None", "MixUp: 0.0",
                "CutMix: 0.0", "Model: tiny", "Model parameters: 146", "Number of epochs: 1", "Optimizer: sgd", "Learning rate: 0.1", "LR Scheduler: cosine",
                "Momentum: 0.9", "Weight decay: 0.0005", "Auto mixed precision: O0", "Loss scale: 1.0(fixed)",
            ],
            run.Lines.Skip(at + 1).Take(21));
        Assert.EndsWith("INFO - Start training", run.Lines[at + 22], StringComparison.Ordinal);
        Assert.Contains("\nmodel: tiny\n", run.Text("tiny.yaml"), StringComparison.Ordinal);
        Assert.Contains("\nlabel_smoothing: 0.1\n", run.Text("tiny.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "S1-03")]
    public void Result_log_has_columns_of_twenty_and_goes_on_when_the_run_does()
    {
        using var run = new StyledRun().Train(new MindCvStyle(), epochs: 1).Train(new MindCvStyle(), epochs: 3);
        var rows = run.Text("result.log").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Cells).ToArray();
        Assert.Equal(["Epoch", "TrainLoss", "Top_1_Accuracy", "Top_5_Accuracy", "TrainTime", "EvalTime", "TotalTime"], rows[0]);
        Assert.Equal(["1", "2", "3"], rows.Skip(1).Select(row => row[0]));
        Assert.Equal(
            run.Metrics.Select(row => (row["train_loss"].Fixed(6), (100 * row["val_top1"]).Fixed(4) + "%", (100 * row["val_top5"]).Fixed(4) + "%")),
            rows.Skip(1).Select(row => (row[1], row[2], row[3])));
        Assert.Contains(run.Lines, line => line.EndsWith("last step: 5, last epoch: 1", StringComparison.Ordinal));
        Assert.Equal(6 * 2, run.Text("rank0.log").Split('\n').Numbers(Start + @"Epoch: \[(\d)/").Count);
    }

    private static string[] Cells(string line)
    {
        Assert.Equal(0, line.Length % 20);
        return [.. line.Chunk(20).Select(cell => new string(cell).TrimEnd())];
    }
}
