using System.Text.Json;
using Fovea.Recipes.Ablations;

namespace Fovea.Recipes.Tests.Ablations;

public class AblationResultsTests
{
    private static readonly AblationGrid s_grid = AblationGrid.Parse("""
        base: {model: {name: resnet20}, train: {epochs: 5}}
        tricks:
          cutout: augment.transforms[+]=cutout
          mixup: augment.mixing[+]=mixup
        rows: full
        seeds: [0, 1, 2]
        """, "tricks.yaml");

    private static readonly double[][] s_shares = [[0.9, 0.92, 0.94], [0.95, 0.95, 0.95], [0.7, 0.8, 0.9], [0.5, 0.5, 0.6]];

    private static AblationOutcome Outcome(AblationRun run)
    {
        var row = s_grid.Rows.Index().Single(entry => entry.Item == run.Row).Index;
        if (row == 2 && run.Seed == 1) throw new InvalidOperationException("the loss is NaN");
        var top1 = s_shares[row][(int)run.Seed];
        return new()
        {
            Epochs = 5, LastTop1 = top1, BestTop1 = top1 + 0.01, BestEpoch = 4, LastMacro = top1 - 0.05, BestMacro = top1 - 0.04, Seconds = 3661 + row,
            Parameters = 272474,
        };
    }

    private static AblationResults Run(Action<AblationRun, AblationResults>? changed = null) =>
        AblationResults.Run(s_grid, Outcome, changed, TestContext.Current.CancellationToken);

    [Fact]
    public void A_row_has_the_mean_and_the_sample_deviation_of_its_runs()
    {
        var first = Run().Of(s_grid.Rows[0]);
        Assert.Equal(0.92, first.Mean(AblationScore.Last)!.Value, 1e-12);
        Assert.Equal(0.02, first.Deviation(AblationScore.Last)!.Value, 1e-12);
        Assert.Equal(0.93, first.Mean(AblationScore.Best)!.Value, 1e-12);
    }

    [Fact]
    public void A_run_that_fails_is_noted_and_the_others_go_on()
    {
        var told = new List<string>();
        var results = Run((run, now) => told.Add($"{run.Folder} {now.Of(run)!.Failure}"));
        Assert.Equal((12, 1), (told.Count, results.Failures));
        Assert.Contains("mixup/seed-1 the loss is NaN", told);
        Assert.Equal(2, results.Of(s_grid.Rows[2]).Outcomes.Count);
    }

    [Fact]
    public void The_table_has_a_column_of_marks_for_each_trick()
    {
        var table = AblationTable.Of(Run());
        Assert.Equal(
            """
            | row | folder | model | epochs | cutout | mixup | top-1 last, % | top-1 best, % | Δ, points | n | time | parameters |
            | --- | --- | --- | --- | :-: | :-: | --: | --: | --: | --: | --: | --: |
            | 1 | base | resnet20 | 5 |  |  | 92.00 ± 2.00 | 93.00 ± 2.00 | – | 3 | 1:01:01 | 272474 |
            | 2 | cutout | resnet20 | 5 | √ |  | 95.00 ± 0.00 | 96.00 ± 0.00 | +3.00 | 3 | 1:01:02 | 272474 |
            | 3 | mixup | resnet20 | 5 |  | √ | 80.00 ± 14.14 | 81.00 ± 14.14 | −12.00 | 2 | 1:01:03 | 272474 |
            | 4 | cutout+mixup | resnet20 | 5 | √ | √ | 53.33 ± 5.77 | 54.33 ± 5.77 | −38.67 | 3 | 1:01:04 | 272474 |

            """,
            table.Markdown().Split("\n\n", 3)[2]);
        Assert.StartsWith(
            "top-1: validation images recognised, in %, mean ± sample standard deviation (over n − 1) over n runs, seeds 0, 1, 2; last: after the last epoch",
            table.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Sorted_the_best_row_is_first_and_differences_stay_those_to_the_first_of_the_grid()
    {
        var rows = AblationTable.Of(Run(), sorted: true).Rows;
        Assert.Equal(["+3.00", "–", "−12.00", "−38.67"], rows.Select(row => row[8]));
        Assert.Equal(["2", "1", "3", "4"], rows.Select(row => row[0]));
    }

    [Fact]
    public void A_single_run_has_no_deviation_and_a_missing_one_no_numbers()
    {
        var results = new AblationResults(s_grid);
        results.Add(s_grid.Runs[0], Outcome(s_grid.Runs[0]));
        var rows = AblationTable.Of(results).Rows;
        Assert.Equal(["1", "base", "resnet20", "5", "", "", "90.00", "91.00", "–", "1", "1:01:01", "272474"], rows[0]);
        Assert.Equal(["2", "cutout", "resnet20", "5", "√", "", "–", "–", "–", "0", "–", "–"], rows[1]);
    }

    [Fact]
    public void The_lines_of_runs_and_the_object_say_the_same()
    {
        var folder = Directory.CreateTempSubdirectory("fovea-results");
        try
        {
            Run().Save(folder.FullName);
            var lines = File.ReadAllLines(Path.Combine(folder.FullName, "results.csv"));
            Assert.Equal("row,cutout,mixup,seed,state,epochs,top1_last,top1_best,best_epoch,macro_last,macro_best,seconds,parameters,folder", lines[0]);
            Assert.Equal("base,0,0,0,finished,5,0.9,0.91,4,0.85,0.86,3661,272474,base/seed-0", lines[1]);
            Assert.Contains("mixup,0,1,1,failed,,,,,,,,,mixup/seed-1", lines);
            var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.FullName, "results.json"))).RootElement;
            var row = json.GetProperty("rows")[2];
            Assert.Equal((2, "mixup"), (row.GetProperty("n").GetInt32(), row.GetProperty("row").GetString()));
            Assert.Equal(-0.12, row.GetProperty("delta").GetDouble(), 1e-12);
            Assert.Equal("the loss is NaN", row.GetProperty("runs")[1].GetProperty("failure").GetString());
            Assert.Equal("last", json.GetProperty("score").GetString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, true)]
    public void The_table_shows_the_accuracy_over_classes_where_they_are_uneven_or_it_is_asked_for(bool isAsked, bool isUneven, bool isShown)
    {
        var grid = s_grid with { Data = new("cifar", 500, 100, 10, isUneven), ShowsMacro = isAsked };
        var results = new AblationResults(grid);
        foreach (var run in grid.Runs.Where(run => run.Row == grid.Rows[0])) results.Add(run, Outcome(run));
        var table = AblationTable.Of(results);
        Assert.Equal(isShown, table.Columns.Contains("macro last, %"));
        if (isShown) Assert.Equal("87.00 ± 2.00", table.Rows[0][table.Columns.Index().Single(column => column.Item == "macro last, %").Index]);
        Assert.StartsWith("data: cifar, 500 images to train on, 100 to validate on, 10 classes. top-1: ", table.Note, StringComparison.Ordinal);
        Assert.Equal(isShown, table.Note.Contains("macro last: the mean accuracy over the classes", StringComparison.Ordinal));
    }

    [Fact]
    public void The_time_of_runs_to_come_is_that_of_finished_ones_of_their_row_or_of_all()
    {
        var results = new AblationResults(s_grid);
        Assert.Null(results.TimeOf(s_grid.Runs));
        results.Add(s_grid.Runs[0], new() { Epochs = 5, Seconds = 50 });
        results.Add(s_grid.Runs[1], new() { Epochs = 5, Seconds = 100 });
        results.Add(s_grid.Runs[2], new() { Failure = "the loss is NaN" });
        // Five epochs of ten seconds in the first row, twenty in the second, and fifteen in the others.
        Assert.Equal(75 + 50 + 100, results.TimeOf([s_grid.Runs[3], s_grid.Runs[4], s_grid.Runs[5]])!.Value.TotalSeconds, 1e-9);
    }
}
