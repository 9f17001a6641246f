using System.Diagnostics;
using Fovea.Recipes;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Tests.Commands;

/// <summary>What stands in the place of small files, and values that a shell lost.</summary>
public sealed class OddFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Recipe_that_is_a_pipe_is_not_waited_for()
    {
        var pipe = Pipe("recipe.yaml");
        Shell.Fails(2, $"{pipe}: the text cannot be read (it is no file but a FIFO); wanted a readable text file", "recipe", "show", pipe);
    }

    [Fact]
    public void Recipe_that_is_a_device_without_an_end_is_refused()
    {
        var link = _folder.Path("recipe.yaml");
        File.CreateSymbolicLink(link, "/dev/zero");
        Shell.Fails(2, $"{link}: the text cannot be read (it is no file but a device); wanted a readable text file", "recipe", "show", link);
    }

    [Fact]
    public void Fixture_that_is_a_pipe_is_not_waited_for()
    {
        var pipe = Pipe("fixture.json");
        Shell.Fails(1, $"{pipe}: the text cannot be read (it is no file but a FIFO); wanted a readable text file", "parity", pipe);
    }

    [Fact]
    public void Network_that_is_a_pipe_is_not_waited_for()
    {
        var pipe = Pipe("tiny.cfg");
        Shell.Fails(1, $"{pipe}: is a pipe, a socket or a device; wanted a file", "cost", pipe);
    }

    [Fact]
    public void Recipe_from_a_pipe_of_the_shell_is_read()
    {
        using var tool = ToolProcess.StartIn("printf 'train: {epochs: 7}\\n' | \"$@\"", "recipe", "show", "/dev/stdin");
        Assert.Contains("  epochs: 7\n", tool.End().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Recipe_that_is_not_utf8_is_refused()
    {
        var path = _folder.Path("recipe.yaml");
        File.WriteAllBytes(path, [.. "model: {weights: gr"u8, 0xFC, .. "n.pth}"u8]);
        Shell.Fails(2, $"{path}: the text is not UTF-8; wanted a text file in UTF-8", "recipe", "show", path);
    }

    [Fact]
    public void Class_names_and_recipe_of_a_run_that_are_pipes_are_not_waited_for()
    {
        var data = TinyData.Make(_folder, train: 4, validation: 2);
        var run = _folder.Path("run");
        Assert.Equal(0, Shell.Run(["train", .. TinyData.Flags, "--data", data, "--out", run, "--set", "train.epochs=1"]).Code);
        File.Delete(Path.Combine(run, "recipe.yaml"));
        var recipe = Pipe("run", "recipe.yaml");
        Shell.Fails(
            1, $"{recipe}: the text cannot be read (it is no file but a FIFO); wanted a readable text file", "deploy", run, "-o", _folder.Path("m.fovea"));

        var names = Pipe("names.txt");
        var shell = Shell.Run("predict", _folder.Path("data", "val", "red"), "--run", run, "--class-names", names);
        Assert.Equal((1, $"error: {names}: the text cannot be read (it is no file but a FIFO); wanted a readable text file\n"), (shell.Code, shell.Error));
    }

    [Fact]
    public void Note_of_the_data_that_names_no_folder_is_told()
    {
        var data = TinyData.Make(_folder, train: 4, validation: 2);
        var run = _folder.Path("run");
        Assert.Equal(0, Shell.Run(["train", .. TinyData.Flags, "--data", data, "--out", run, "--set", "train.epochs=1"]).Code);
        var recipe = Path.Combine(run, "recipe.yaml");
        File.WriteAllText(recipe, "# data: \"unfinished\\\n" + File.ReadAllText(recipe));
        Shell.Fails(2, $"{recipe}: the line '# data: \"unfinished\\' names no folder; wanted --data DIR", "deploy", run, "-o", _folder.Path("m.fovea"));
    }

    [Fact]
    public void Deploy_writes_nothing_into_the_data_folder()
    {
        var data = TinyData.Make(_folder, train: 4, validation: 2);
        var run = _folder.Path("run");
        Assert.Equal(0, Shell.Run(["train", .. TinyData.Flags, "--data", data, "--out", run, "--set", "train.epochs=1"]).Code);
        var file = Path.Combine(data, "train", "red", "m.fovea");
        Shell.Fails(2, $"--out {file}: it lies in the data folder {data}; wanted a file beside it", "deploy", run, "-o", file);
        Assert.False(File.Exists(file));
        Assert.Contains($"wrote \"{_folder.Path("a\\nb.fovea")}\", ", Shell.Run("deploy", run, "-o", _folder.Path("a\nb.fovea")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoint_of_another_place_is_none_of_the_run()
    {
        var data = TinyData.Make(_folder, train: 4, validation: 2);
        var run = _folder.Path("run");
        Assert.Equal(0, Shell.Run(["train", .. TinyData.Flags, "--data", data, "--out", run, "--set", "train.epochs=1"]).Code);
        File.Copy(Path.Combine(run, "checkpoints", "best.safetensors"), _folder.Path("other.safetensors"));
        foreach (var name in (string[])["../../other", _folder.Path("other"), "a\nb"])
        {
            var error = Shell.Run("validate", "--run", run, "--data", data, "--checkpoint", name).Error;
            Assert.Matches("^error: .*: there is no such checkpoint; there are best, latest.*\n$", error);
        }
    }

    [Fact]
    public void Class_names_with_line_ends_stay_in_one_line_when_a_run_does_not_fit()
    {
        var data = TinyData.Make(_folder, train: 4, validation: 2);
        var run = _folder.Path("run");
        Assert.Equal(0, Shell.Run(["train", .. TinyData.Flags, "--data", data, "--out", run, "--set", "train.epochs=1"]).Code);
        foreach (var part in (string[])["train", "val"])
            Directory.Move(_folder.Path("data", part, "red"), _folder.Path("data", part, "z\nerror: all is well"));
        string Resumed() => Shell.Run("train", "--data", data, "--out", run, "--resume").Error;
        Assert.Contains("in the data set it is 'z\\nerror: all is well'", Resumed(), StringComparison.Ordinal);
        foreach (var part in (string[])["train", "val"]) TinyData.Add(_folder.Path("data", part, "red"), 4, "red");
        Assert.Contains("; new: \"z\\nerror: all is well\"", Resumed(), StringComparison.Ordinal);
    }

    [Fact]
    public void Quarantine_that_is_a_file_is_refused_before_anything_is_read()
    {
        var data = TinyData.Make(_folder, train: 1, validation: 1);
        var file = _folder.Path("file");
        File.WriteAllText(file, "");
        Shell.Fails(2, $"--quarantine {file}: is no folder; wanted one, which need not exist", "data", "check", data, "--quarantine", file);
    }

    [Theory]
    [InlineData("'fovea train': the value of --out DIR is empty; wanted one, or none of it at all", "train", "--model", "resnet18", "--data", "d", "--out", "")]
    [InlineData("'fovea data split': the value of --out DIR is empty; wanted one, or none of it at all", "data", "split", "d", "-o", "")]
    [InlineData("'fovea data check': the value of --quarantine DIR is empty; wanted one, or none of it at all", "data", "check", "d", "--quarantine", "")]
    [InlineData("'fovea predict': the value of IMAGE is empty; wanted one, or none of it at all", "predict", "", "--model", "m.fovea")]
    [InlineData("'fovea validate': the value of --data DATA is empty; wanted one, or none of it at all", "validate", "--run", "r", "--data", "")]
    public void Empty_value_is_called_so(string message, params string[] args) => Shell.Fails(2, message, args);

    [Fact]
    public void Text_of_a_set_stays_in_one_short_line()
    {
        Shell.Fails(2, "--set train.epochs=5\\n---\\n6: a second document; wanted one document", "recipe", "show", Config, "--set", "train.epochs=5\n---\n6");
        var error = Shell.Run("recipe", "show", Config, "--set", $"train.epochs=&{new string('a', 100_000)} 1").Error;
        Assert.InRange(error.Length, 1, 500);
    }

    [Fact]
    public void Long_anchors_aliases_and_tags_are_cut_in_messages()
    {
        foreach (var sign in "&*!")
            Assert.InRange(Assert.Throws<RecipeException>(() => RecipeReader.Parse($"a: {sign}{new string('x', 100_000)} 1", "r.yaml")).Message.Length, 1, 300);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(56)]
    [InlineData(64)]
    public void Too_few_open_files_are_an_error_and_no_abort(int files)
    {
        using var tool = ToolProcess.StartIn($"ulimit -n {files}; exec \"$@\"", "recipe", "show", Config);
        var shell = tool.End();
        Assert.InRange(shell.Code, 0, 1);
        const string error = "^error: the tool cannot run: .*; wanted room for more open files \\(ulimit -n; 256 suffice\\), or a whole installation\n$";
        if (shell.Code == 1) Assert.Matches(error, shell.Error);
    }

    private static string Config => Repository.Path("configs/cifar10/resnet20.yaml");

    private string Pipe(params string[] names)
    {
        using var made = Process.Start("mkfifo", [_folder.Path(names)]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return _folder.Path(names);
    }
}
