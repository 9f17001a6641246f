using System.Diagnostics;
using Fovea.Naming;

namespace Fovea.Cli.Tests.Commands;

/// <summary>Data folders as people have them, and as others may have made them: what commands say of them, and what they leave alone.</summary>
public sealed class OddFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Data => _folder.Path("data");

    [Fact]
    public void Train_val_and_test_in_capitals_are_trained_as_parts()
    {
        TinyData.Make(_folder);
        Directory.Move(Path.Combine(Data, "train"), Path.Combine(Data, "Training"));
        Directory.Move(Path.Combine(Data, "val"), Path.Combine(Data, "Test"));
        Directory.CreateDirectory(Path.Combine(Data, "Meta"));
        var shell = Train(Data, "--set", "train.epochs=1");
        Assert.Equal(0, shell.Code);
        Assert.Contains("3 classes", shell.Out, StringComparison.Ordinal);
        Assert.Equal($"warning: {Data}: 1 folder beside Training/ is ignored (Meta)\n", shell.Error);
        Assert.Equal(12, Shell.Run("validate", "--run", _folder.Path("run"), "--data", Data, "--json").Json.GetProperty("images").GetInt32());
    }

    [Fact]
    public void Parts_are_not_trained_as_classes()
    {
        foreach (var part in (string[])["Train", "Val", "Test"]) TinyData.Add(_folder.Path("data", part), 4, "red");
        var shell = Train(Data);
        Assert.Equal(1, shell.Code);
        Assert.StartsWith($"error: {Data}: the folders Test, Train, Val are called like parts of a data set", shell.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Path("run")));
        Assert.Contains("warning: ", Shell.Run("data", "stats", Data).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data", "it is the data folder")]
    [InlineData("data/run", "it lies in the data folder")]
    [InlineData("data/train/red/run", "it lies in the data folder")]
    [InlineData("alias/run", "it lies in the data folder")]
    [InlineData(".", "it holds the data folder")]
    public void Output_is_kept_apart_from_the_data_before_anything_is_written(string output, string relation)
    {
        TinyData.Make(_folder, train: 1, validation: 1);
        File.CreateSymbolicLink(_folder.Path("alias"), Data);
        var before = Files();
        var path = _folder.Path(output);
        var wanted = $"{relation} {Data}; wanted a folder beside it, so that neither is taken for the other";
        Shell.Fails(2, $"--out {path}: {wanted}", ["train", .. TinyData.Flags, "--data", Data, "--out", path]);
        Shell.Fails(2, $"--out {path}: {wanted}", "data", "split", Data, "--out", path);
        Shell.Fails(2, $"--quarantine {path}: {wanted}", "data", "check", Data, "--quarantine", path);
        Assert.Equal(before, Files());
    }

    [Fact]
    public void Names_with_backslashes_are_moved_and_copied_within_the_folders_alone()
    {
        TinyData.Add(_folder.Path("data", "red"), 4, "red");
        TinyData.Add(_folder.Path("data", "blue"), 4, "blue");
        File.Copy(_folder.Path("data", "red", "000.png"), _folder.Path("data", "red", @"x\..\..\..\pwn.png"));
        File.WriteAllBytes(_folder.Path("data", "red", @"y\..\..\..\outside\victim.jpg"), [1]);
        File.WriteAllBytes(_folder.Path("data", "red", @"z..\..\evil.jpg"), [1]);
        Directory.CreateDirectory(_folder.Path("outside"));
        File.WriteAllBytes(_folder.Path("outside", "victim.jpg"), [1]);

        var shell = Shell.Run("data", "check", Data, "--quarantine", _folder.Path("away"), "--json");
        Assert.Equal(2, shell.Json.GetProperty("bad").GetArrayLength());
        Assert.All(
            shell.Json.GetProperty("bad").EnumerateArray(),
            bad => Assert.StartsWith(_folder.Path("away", "red") + "/", bad.GetProperty("moved_to").GetString(), StringComparison.Ordinal));
        Assert.Equal(0, Shell.Run("data", "split", Data, "--out", _folder.Path("split"), "--mode", "copy").Code);
        Assert.Equal(
            ["away", "data", "outside", "split"],
            Directory.EnumerateFileSystemEntries(_folder.Root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.True(File.Exists(_folder.Path("outside", "victim.jpg")));
        Assert.Equal(0, Shell.Run("data", "check", Data).Code);
    }

    [Fact]
    public void Training_moves_no_link_to_quarantine_and_goes_on()
    {
        TinyData.Make(_folder);
        Directory.CreateDirectory(_folder.Path("pool"));
        File.WriteAllText(_folder.Path("pool", "bad.png"), "");
        File.CreateSymbolicLink(_folder.Path("data", "train", "red", "bad.png"), _folder.Path("pool", "bad.png"));
        var shell = Train(Data, "--set", "data.bad_images=quarantine", "--set", "train.epochs=1");
        Assert.Equal(0, shell.Code);
        Assert.Contains("1 image lies outside of this folder", shell.Error, StringComparison.Ordinal);
        Assert.Contains("it stays where it is: it is a link, or gone (skipped; 1 so far)", shell.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.Path("pool", "bad.png")));
        Assert.False(Directory.Exists(_folder.Path("run", "quarantine")));
    }

    [Fact]
    public void Names_of_images_and_classes_steer_no_terminal_and_break_no_line()
    {
        const string Name = "r\u001b[31m\n\u202ed";
        TinyData.Make(_folder);
        foreach (var part in (string[])["train", "val"]) Directory.Move(_folder.Path("data", part, "red"), _folder.Path("data", part, Name));
        File.WriteAllText(_folder.Path("data", "val", Name, "e\u0007\tf.png"), "");
        string[][] commands =
        [
            ["train", .. TinyData.Flags, "--data", Data, "--out", _folder.Path("run"), "--set", "train.epochs=1", "--set", "data.bad_images=skip"],
            ["validate", "--run", _folder.Path("run"), "--data", Data, "--bad-images", "skip", "--per-class", "--confusion"],
            ["predict", "--run", _folder.Path("run"), Data],
            ["data", "stats", Data],
            ["data", "check", Data],
            ["data", "split", Data, "--out", _folder.Path("s\u001b[2J"), "--fraction", "0.01"],
            ["data", "check", Data, "--quarantine", _folder.Path("q\n")],
        ];
        foreach (var command in commands)
        {
            var text = Shell.Run(command);
            Assert.True(text.Code is 0 or 1, text.Error);
            Assert.DoesNotContain(text.Out + text.Error, c => c != '\n' && (char.IsControl(c) || c == '\u202e'));
            Assert.All(
                (text.Out + text.Error).Split('\n'), line => Assert.False(line.StartsWith('\u202e') || line.StartsWith("d:", StringComparison.Ordinal), line));
        }

        var json = Shell.Run("data", "stats", Data, "--json");
        Assert.DoesNotContain(json.Out, c => c != '\n' && (char.IsControl(c) || c == '\u202e'));
        Assert.Contains(Name, json.Json.GetProperty("classes").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.All(File.ReadAllLines(_folder.Path("run", "log.jsonl")), line => Assert.DoesNotContain(line, char.IsControl));
        Assert.Equal($"val/{Name}/e\u0007\tf.png", Printable.Parse(File.ReadAllLines(_folder.Path("q\n", "quarantine.txt"))[0].Split('\t')[0]));
    }

    [Fact]
    public void Run_folder_and_data_folder_may_have_any_name()
    {
        TinyData.Make(_folder, name: "da'ta\n# data: x");
        var (data, run) = (_folder.Path("da'ta\n# data: x"), _folder.Path("ru\tn"));
        var shell = Shell.Run(["train", .. TinyData.Flags, "--data", data, "--out", run, "--set", "train.epochs=1"]);
        Assert.Equal(0, shell.Code);
        Assert.Contains($"--run $'{_folder.Root}/ru\\tn' --data $'{_folder.Root}/da\\'ta\\n# data: x' --per-class", shell.Out, StringComparison.Ordinal);
        Assert.Equal(0, Shell.Run("deploy", run, "-o", _folder.Path("m.fovea"), "--images", "3").Code);
    }

    [Fact]
    public void Fifos_are_told_and_never_opened()
    {
        TinyData.Make(_folder);
        MakeFifo(_folder.Path("data", "train", "red", "x.png"));
        MakeFifo(_folder.Path("data", "note"));
        var shell = Train(Data, "--set", "train.epochs=1");
        Assert.Equal(0, shell.Code);
        Assert.Contains(
            $"warning: {Data}: 1 entry is no file but a FIFO, socket or device and is not opened ({Data}/train/red/x.png)\n", shell.Error,
            StringComparison.Ordinal);
        Assert.Equal(0, Shell.Run("data", "check", Data).Code);
        var predict = Shell.Run("predict", "--run", _folder.Path("run"), _folder.Path("data", "train", "red", "x.png"));
        Assert.Equal(1, predict.Code);
        Assert.Contains("it is no file but a FIFO", predict.Error, StringComparison.Ordinal);
        Assert.Equal(0, Shell.Run("predict", "--run", _folder.Path("run"), _folder.Path("data", "train", "red")).Code);
    }

    [Fact]
    public void Split_that_fails_leaves_nothing_behind()
    {
        TinyData.Make(_folder);
        File.CreateSymbolicLink(_folder.Path("data", "train", "red", "gone.png"), "nowhere");
        var shell = Shell.Run("data", "split", Data, "--out", _folder.Path("a", "split"), "--mode", "copy");
        Assert.Equal(1, shell.Code);
        Assert.Contains("the split cannot be written", shell.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Path("a")));
    }

    private Shell Train(string data, params string[] more) => Shell.Run(["train", .. TinyData.Flags, "--data", data, "--out", _folder.Path("run"), .. more]);

    private string[] Files() =>
    [
        .. Directory.EnumerateFileSystemEntries(
            _folder.Root, "*",
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).Order(StringComparer.Ordinal),
    ];

    private static void MakeFifo(string path)
    {
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }
}
