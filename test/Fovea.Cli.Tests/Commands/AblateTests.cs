using System.Security.Cryptography;

namespace Fovea.Cli.Tests.Commands;

public sealed class AblateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public AblateTests()
    {
        _data = TinyData.Make(_folder);
        Grid("rows: each\nseeds: [0, 1]");
    }

    public void Dispose() => _folder.Dispose();

    private string Runs => _folder.Path("runs");

    private string[] Command(params string[] more) => ["ablate", _folder.Path("grid.yaml"), "--data", _data, "--out", Runs, .. more];

    private void Grid(string rest, string trick = "train.ema_decay=0.5") => File.WriteAllText(_folder.Path("grid.yaml"), $$"""
        base:
          model: {name: repvgg, num_blocks: [1, 1, 1, 1], width_multiplier: [0.125, 0.125, 0.0625, 0.0625]}
          data: {image_size: 32, workers: 1}
          optimizer: {learning_rate: 0.05}
          train: {epochs: 2, batch_size: 6, log_every: 1}
        tricks:
          average: {{trick}}
        {{rest}}
        """);

    private string[] Weights() =>
    [
        .. Directory.GetFiles(Runs, "latest.safetensors", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"),
    ];

    [Fact]
    public void A_grid_trains_a_run_for_each_row_and_seed_and_writes_its_tables()
    {
        var shell = Shell.Run(Command("--json"));
        Assert.Equal(0, shell.Code);
        Assert.Equal(
            ["average", "base", "results.csv", "results.json", "table.html", "table.md"],
            Directory.GetFileSystemEntries(Runs).Select(Path.GetFileName).Order());
        foreach (var run in (string[])["base/seed-0", "base/seed-1", "average/seed-0", "average/seed-1"])
            Assert.Equal(0, Shell.Run("validate", "--run", Path.Combine(Runs, run), "--data", _data, "--json").Code);
        var rows = shell.Json.GetProperty("rows");
        Assert.Equal((2, 2), (rows.GetArrayLength(), rows[1].GetProperty("n").GetInt32()));
        var first = Shell.Run("validate", "--run", Path.Combine(Runs, "base/seed-0"), "--checkpoint", "latest", "--data", _data, "--json");
        Assert.Equal(first.Json.GetProperty("top1").GetDouble(), rows[0].GetProperty("runs")[0].GetProperty("top1_last").GetDouble());
        Assert.Contains("<td class=\"c\">√</td>", File.ReadAllText(Path.Combine(Runs, "table.html")), StringComparison.Ordinal);
        Assert.Contains("| 2 | average | repvgg | 2 | √ | ", File.ReadAllText(Path.Combine(Runs, "table.md")), StringComparison.Ordinal);
        Assert.Equal(5, File.ReadAllLines(Path.Combine(Runs, "results.csv")).Length);
    }

    [Fact]
    public void A_finished_grid_is_kept_as_it_is_and_one_with_more_seeds_trains_those_alone()
    {
        Assert.Equal(0, Shell.Run(Command()).Code);
        var (weights, table) = (Weights(), File.ReadAllText(Path.Combine(Runs, "table.md")));
        var again = Shell.Run(Command());
        Assert.Equal(0, again.Code);
        Assert.Contains("base/seed-0: was finished before\n", again.Out, StringComparison.Ordinal);
        Assert.Equal(weights, Weights());
        Assert.Equal(table, File.ReadAllText(Path.Combine(Runs, "table.md")));
        Grid("rows: each\nseeds: [0, 1, 2]");
        var list = Shell.Run(Command("--dry-run", "--json"));
        Assert.Equal(
            ["finished", "finished", "finished", "finished", "new", "new"],
            list.Json.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("state").GetString()));
    }

    [Fact]
    public void A_grid_that_is_killed_goes_on_with_the_run_that_it_was_in_and_ends_like_an_unbroken_one()
    {
        Grid("rows: each\nseeds: [0]\nset: [\"train.epochs=40\", \"train.checkpoint_every_steps=1\"]");
        using (var tool = ToolProcess.Start(Command()))
        {
            tool.WaitFor("average/seed-0: begins");
            tool.WaitFor("epoch 2/40  batch 3/4");
            tool.Signal("KILL");
        }

        var list = Shell.Run(Command("--dry-run", "--json"));
        Assert.Equal(["finished", "interrupted"], list.Json.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("state").GetString()));
        var rest = Shell.Run(Command("--json"));
        Assert.Equal(0, rest.Code);
        Assert.Contains("average/seed-0: goes on\n", rest.Error, StringComparison.Ordinal);
        var other = Command("--json");
        other[5] = _folder.Path("unbroken");
        var shell = Shell.Run(other);
        Assert.Equal(0, shell.Code);
        Assert.Equal(Scores(shell), Scores(rest));

        static double[] Scores(Shell shell) =>
            [.. shell.Json.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("runs")[0].GetProperty("top1_last").GetDouble())];
    }

    [Fact]
    public void A_signal_saves_the_run_and_says_how_to_go_on()
    {
        Grid("rows: each\nseeds: [0]\nset: [train.epochs=2000]");
        using var tool = ToolProcess.Start(Command());
        tool.WaitFor("epoch 1/2000  batch 3/4");
        tool.Signal("TERM");
        var stopped = tool.End();
        Assert.Equal(130, stopped.Code);
        Assert.Contains("interrupted; the same command goes on", stopped.Out.Split('\n')[^2], StringComparison.Ordinal);
        Assert.Equal("", stopped.Error);
        Assert.True(File.Exists(Path.Combine(Runs, "base/seed-0/checkpoints/latest.safetensors")));
    }

    [Fact]
    public void A_row_that_fails_is_told_and_the_others_go_on()
    {
        Grid("rows: [[average], []]\nseeds: [0]", "loss.kind=kd");
        var shell = Shell.Run(Command());
        Assert.Equal(1, shell.Code);
        Assert.Contains("error: average/seed-0: ", shell.Error, StringComparison.Ordinal);
        Assert.Contains(": loss.kind kd wants a teacher; none is given", shell.Error, StringComparison.Ordinal);
        Assert.Contains("average,1,0,failed,", File.ReadAllText(Path.Combine(Runs, "results.csv")), StringComparison.Ordinal);
        Assert.Contains("base,0,0,finished,2,", File.ReadAllText(Path.Combine(Runs, "results.csv")), StringComparison.Ordinal);
        Assert.Contains("<h2>Failed</h2>", File.ReadAllText(Path.Combine(Runs, "table.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_lists_the_rows_and_writes_nothing()
    {
        var shell = Shell.Run(Command("--dry-run"));
        Assert.Equal(0, shell.Code);
        Assert.Equal(
            """
            row      average  seed 0  seed 1
            base              new     new
            average  √        new     new
            2 rows with 2 seeds: 4 runs

            """,
            shell.Out);
        Assert.False(Directory.Exists(Runs));
    }

    [Fact]
    public void Runs_by_another_recipe_or_on_other_data_are_not_gone_on_with()
    {
        Grid("rows: [[]]\nseeds: [0]");
        Assert.Equal(0, Shell.Run(Command()).Code);
        Shell.Fails(
            2,
            $"{Runs}/base/seed-0: holds a run by another recipe (optimizer.learning_rate: 0.05 → 0.2); "
            + "wanted another --out, or that folder removed",
            Command("--set", "optimizer.learning_rate=0.2"));
        var other = Command();
        other[3] = TinyData.Make(_folder, name: "other");
        Shell.Fails(2, $"{Runs}/base/seed-0: holds a run on {_data}; wanted the same --data, or another --out", other);
    }

    [Fact]
    public void The_shipped_grid_has_the_eleven_published_rows()
    {
        var shell = Shell.Run("ablate", Repository.Path("grids/cifar-augmentation.yaml"), "--data", _data, "--out", Runs, "--dry-run", "--json");
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.Equal(33, shell.Json.GetProperty("runs").GetArrayLength());
        Assert.Equal(11, shell.Json.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("row").GetString()).Distinct().Count());
    }

    [Fact]
    public void What_is_wrong_with_any_row_is_told_before_the_first_run()
    {
        Grid("rows: [[], [average]]\nseeds: [0]", "model.name=resnet");
        var shell = Shell.Run(Command());
        Assert.Equal(2, shell.Code);
        Assert.False(Directory.Exists(Runs));
        var missing = _folder.Path("grids.yaml");
        Shell.Fails(2, $"{missing}: there is no such grid; did you mean 'grid.yaml'?", "ablate", missing, "--data", _data, "--out", Runs);
    }

    [Fact]
    public void Each_run_says_which_of_how_many_it_is_and_its_model_is_told_once()
    {
        var shell = Shell.Run(Command());
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        var lines = shell.Out.Split('\n');
        Assert.Contains("run 1 of 4; base/seed-0: begins", lines);
        Assert.Matches(
            "^run 3 of 4, about [0-9]+:[0-9]{2}:[0-9]{2} left for all; base/seed-1: begins$",
            Assert.Single(lines, line => line.StartsWith("run 3 of 4", StringComparison.Ordinal)));
        Assert.Single(lines, line => line.Contains(" parameters, 3 classes, input ", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("loss in nats", StringComparison.Ordinal));
        Assert.Equal(8, lines.Count(line => line.Contains(" done  train loss ", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_table_names_rows_data_and_with_uneven_classes_their_mean_accuracy()
    {
        Grid("rows: [[]]\nseeds: [0]");
        Assert.Equal(0, Shell.Run(Command()).Code);
        var table = File.ReadAllText(Path.Combine(Runs, "table.md"));
        Assert.Contains($"data: {_data}, 24 images to train on, 12 to validate on, 3 classes. ", table, StringComparison.Ordinal);
        Assert.DoesNotContain("macro", table, StringComparison.Ordinal);
        Assert.Equal(0, Shell.Run(Command("--macro")).Code);
        table = File.ReadAllText(Path.Combine(Runs, "table.md"));
        Assert.Contains(" | macro last, % | ", table, StringComparison.Ordinal);
        var row = Shell.Run(Command("--json")).Json.GetProperty("rows")[0].GetProperty("runs")[0];
        var top1 = Shell.Run("validate", "--run", Path.Combine(Runs, "base/seed-0"), "--checkpoint", "latest", "--data", _data, "--json").Json;
        Assert.Equal(top1.GetProperty("macro").GetDouble(), row.GetProperty("macro_last").GetDouble(), 1e-12);
        foreach (var file in Directory.GetFiles(Path.Combine(_data, "train", "red")).Skip(3)) File.Delete(file);
        var uneven = Command();
        uneven[5] = _folder.Path("uneven");
        Assert.Equal(0, Shell.Run(uneven).Code);
        Assert.Contains(" | macro last, % | ", File.ReadAllText(_folder.Path("uneven", "table.md")), StringComparison.Ordinal);
    }
}
