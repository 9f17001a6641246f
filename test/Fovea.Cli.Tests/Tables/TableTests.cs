using System.Globalization;
using Fovea.Tables;
using Fovea.Training.Logging;

namespace Fovea.Cli.Tests.Tables;

public sealed class TableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_table_of_the_list_has_a_command()
    {
        var commands = Tool.Root().Subcommands.Single(command => command.Name == "table").Subcommands.Select(command => command.Name);
        Assert.Equal(TableKind.All.Select(kind => kind.Name), commands);
    }

    [Fact]
    [Trait("row", "S0-20")]
    public void Latencies_are_merged_by_model_with_empty_and_Failure_cells_as_they_are()
    {
        File.WriteAllText(_folder.Path("gpu.csv"), "model,T4(int8)-Latency(ms),\"DSP, uint8\"\nrepvgg_m1,0.465677,Failure\nREPVGG_N0,0.782737,\n");
        File.WriteAllText(_folder.Path("npu.csv"), "model,STPU\nrepvgg_n0,1.50102\n");
        string[] cost = ["table", "cost", "repvgg_n0", "repvgg_n1", "repvgg_m1", "--latency", _folder.Path("gpu.csv"), "--latency", _folder.Path("npu.csv")];
        var shell = Shell.Run([.. cost, "--format", "csv"]);
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        var rows = shell.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith(",in layer,T4(int8)-Latency(ms),\"DSP, uint8\",STPU", rows[0], StringComparison.Ordinal);
        Assert.EndsWith(",0.782737,,1.50102", rows[1], StringComparison.Ordinal);
        Assert.EndsWith(",,,", rows[2], StringComparison.Ordinal);
        Assert.EndsWith(",0.465677,Failure,", rows[3], StringComparison.Ordinal);
        var json = Shell.Run([.. cost, "--json"]).Json.GetProperty("rows");
        Assert.Equal(0.782737, json[0].GetProperty("T4(int8)-Latency(ms)").GetDouble());
        Assert.Equal("Failure", json[2].GetProperty("DSP, uint8").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json[1].GetProperty("STPU").ValueKind);
    }

    [Theory]
    [InlineData("model,a\nrepvgg_n9,1\n", ":2: 'repvgg_n9' is no row of the table; did you mean 'repvgg_n0'?; wanted of repvgg_n0")]
    [InlineData("model,a\nrepvgg_n0,1,2\n", ":2: 3 cells; wanted 2, as many as the first line names")]
    [InlineData("model,a,a\n", ":1: the column 'a' stands there 2 times; wanted it once")]
    [InlineData("model,a\nrepvgg_n0,1\n\nRepVGG_N0,2\n", ":4: 'RepVGG_N0' has a row already; wanted it once")]
    [InlineData("model\n", ":1: no columns; wanted a line with the names of the columns, the first of them for the rows")]
    [InlineData("model,a\n\"repvgg_n0,1\n", ":2: a quoted field does not end")]
    public void Measurements_that_fit_no_table_are_refused_by_line(string text, string message)
    {
        var file = _folder.Path("latency.csv");
        File.WriteAllText(file, text);
        Shell.Fails(2, file + message, "table", "cost", "repvgg_n0", "--latency", file);
    }

    [Fact]
    public void A_measurement_is_not_called_like_a_column_of_the_table()
    {
        var file = _folder.Path("latency.csv");
        File.WriteAllText(file, "model,MACs\nrepvgg_n0,1\n");
        Shell.Fails(
            2, "the measurements have a column 'MACs', which is one of the table's own; wanted another name for it", "table", "cost", "repvgg_n0", "--latency", file);
    }

    [Fact]
    public void Runs_of_one_model_are_told_apart_and_models_by_themselves_are_not()
    {
        var graph = Fovea.Models.ModelCatalog.Build("repvgg_n1", new() { Classes = 3, ImageSize = 32 }, 1);
        var (one, other) = (RunFigures.Of("repvgg_n1", graph), RunFigures.Of("resnet18", graph));
        foreach (var table in RunTable.Kinds)
        {
            var labels = table.Of([one with { Name = "first" }, one with { Name = "second" }, other with { Name = "third" }, other with { Name = "resnet18" }]).Rows
                .Select(row => row[0].Text).Distinct();
            Assert.Equal(["repvgg_n1 (first)", "repvgg_n1 (second)", "resnet18 (third)", "resnet18"], labels);
        }
    }

    [Theory]
    [InlineData("t.yaml", "ends in '.yaml', as other files do; wanted .md, .csv, .json or .txt")]
    [InlineData("t.PNG", "ends in '.png', as other files do; wanted .md, .csv, .json or .txt")]
    [InlineData("t.fovea", "ends in '.fovea', as other files do; wanted .md, .csv, .json or .txt")]
    public void A_table_is_not_called_like_another_file(string name, string problem) =>
        Shell.Fails(2, $"{_folder.Path(name)}: {problem}", "table", "cost", "repvgg_n0", "--out", _folder.Path(name));

    [Fact]
    public void Figures_of_a_paper_that_no_cell_would_show_are_refused()
    {
        var file = _folder.Path("paper.csv");
        File.WriteAllText(file, "model,top-1\nrepvgg_a0,72.41\n");
        Shell.Fails(
            2, $"{file}:1: the table errors has no column 'top-1' of a paper; wanted top-1 err or top-5 err", "table", "errors", "repvgg_a0", "--paper", file);
    }

    [Fact]
    [Trait("row", "S1-05")]
    public void Tables_of_a_run_have_the_numbers_of_its_own_logs_and_nothing_that_it_lacks()
    {
        var data = TinyData.Make(_folder);
        var run = _folder.Path("run");
        Assert.Equal(0, Shell.Run(["train", "--data", data, "--out", run, .. TinyData.Flags, "--set", "train.log_every=1"]).Code);
        var best = CsvLog.Read(Path.Combine(run, "metrics.csv")).MaxBy(epoch => epoch.Top1)!;
        var steps = JsonLinesLog.BatchSeconds(Path.Combine(run, "log.jsonl")).Order().ToArray();
        Assert.Equal(8, steps.Length);
        var row = Row("results");
        Assert.Equal((100 * best.Top1!.Value).ToString("F2", CultureInfo.InvariantCulture), row[9]);
        Assert.Equal((1000 * steps[4]).ToString("F2", CultureInfo.InvariantCulture), row[7]);
        Assert.Equal((6 / steps[4]).ToString("F2", CultureInfo.InvariantCulture), row[8]);
        Assert.Equal(["1", "6", "32x32", "", ""], row[2..7]);
        Assert.Equal(("", Path.Combine(run, "recipe.yaml"), Path.Combine(run, "checkpoints", "best.safetensors")), (row[10], row[11], row[12]));
        Assert.Equal((100 * (1 - best.Top1!.Value)).ToString("F3", CultureInfo.InvariantCulture), Row("errors")[3]);
        Assert.Equal(best.Loss!.Value.ToString("F3", CultureInfo.InvariantCulture), Row("losses")[2]);
        Assert.Equal((100 * best.TrainTop1!.Value).ToString("F2", CultureInfo.InvariantCulture), Row("weights")[2]);
        Assert.Equal(best.Macro!.Value.ToString("F5", CultureInfo.InvariantCulture), Rows("metrics")[2][3]);

        string[] Row(string table) => Rows(table)[0];
        string[][] Rows(string table)
        {
            var shell = Shell.Run("table", table, run);
            Assert.Equal((0, ""), (shell.Code, shell.Error));
            return [.. shell.Out.Split('\n').Skip(2).TakeWhile(line => line.StartsWith('|')).Select(line => line[2..^2].Split(" | ").Select(cell => cell.Trim()).ToArray())];
        }
    }

    [Fact]
    [Trait("row", "S0-10")]
    public void Tables_of_classes_are_what_validate_finds_on_both_parts()
    {
        var data = TinyData.Make(_folder);
        var run = _folder.Path("run");
        Assert.Equal(0, Shell.Run(["train", "--data", data, "--out", run, .. TinyData.Flags]).Code);
        foreach (var (table, split, count) in new[] { ("classes", "val", 4), ("train-classes", "train", 8) })
        {
            var classes = Shell.Run("validate", "--run", run, "--data", data, "--split", split, "--json").Json.GetProperty("per_class").EnumerateArray();
            var file = _folder.Path($"{table}.csv");
            Assert.Equal(0, Shell.Run("table", table, "--run", run, "--data", data, "--format", "csv", "--out", file).Code);
            var rows = File.ReadAllLines(file).Skip(1).Select(line => line.Split(',')).ToArray();
            Assert.Equal(classes.Select(row => row.GetProperty("name").GetString()), rows.Select(row => row[0]));
            Assert.Equal(
                classes.Select(row => row.GetProperty("accuracy").GetDouble()),
                rows.Select(row => double.Parse(row[split == "val" ? 1 : 3], CultureInfo.InvariantCulture)));
            Assert.All(rows, row => Assert.Equal(count, int.Parse(row[split == "val" ? 2 : 1], CultureInfo.InvariantCulture)));
        }
    }

    [Fact]
    [Trait("row", "S3-04")]
    public void Grid_of_tricks_is_shown_with_marks_and_the_mean_over_its_seeds()
    {
        const string Head = "row,cutout,mixup,seed,state,epochs,top1_last,top1_best,best_epoch,macro_last,macro_best,seconds,parameters,folder\n";
        File.WriteAllText(
            _folder.Path("results.csv"),
            Head + "base,0,0,0,finished,200,0.96,0.9633,190,,,1,2,a\nbase,0,0,1,finished,200,0.96,0.9635,190,,,1,2,b\n"
            + "cutout,1,0,0,finished,200,0.96,0.9699,190,,,1,2,c\nboth,1,1,0,missing,,,,,,,,,d\n");
        Directory.CreateDirectory(_folder.Path("a"));
        File.WriteAllText(_folder.Path("a", "recipe.yaml"), "model: {name: cifar_resnet20}\n");
        var shell = Shell.Run("table", "tricks", _folder.Path());
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.Equal(
            [
                "| architecture | epoch | cutout | mixup | test acc (%) |", "| --- | --: | --- | --- | --: |", "| cifar_resnet20 | 200 |  |  | 96.34 |",
                "|  | 200 | √ |  | 96.99 |", "|  |  | √ | √ |  |",
            ],
            shell.Out.Split('\n').Take(5));
        File.WriteAllText(_folder.Path("results.csv"), "row,seed\nbase,1\n");
        Shell.Fails(
            2, $"{_folder.Path("results.csv")}:1: there is no column state; wanted the results.csv of a grid, as 'fovea ablate' writes it", "table", "tricks",
            _folder.Path());
    }

    [Fact]
    public void Statistics_of_a_data_set_are_those_of_data_stats()
    {
        var data = TinyData.Make(_folder);
        var shell = Shell.Run("table", "statistics", data, "--json");
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.Equal([3.0, 12, 0, 12, 12, 12, 12, 12], shell.Json.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("num").GetDouble()));
        Assert.StartsWith("36 images, 1 size;", shell.Json.GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Place_where_a_table_cannot_be_written_is_refused_before_the_work()
    {
        Shell.Fails(2, $"--out {_folder.Path()}: is a folder; wanted the path of a file", "table", "results", "repvgg_a0", "--out", _folder.Path());
    }
}
