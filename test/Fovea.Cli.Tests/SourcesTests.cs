namespace Fovea.Cli.Tests;

/// <summary>Data that is no folder of class folders, from training to evaluation.</summary>
public sealed class SourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lists_that_split_wrote_are_trained_on_resumed_and_evaluated()
    {
        var data = TinyData.Make(_folder, train: 8, validation: 4);
        var lists = _folder.Path("lists");
        Assert.Equal(0, Shell.Run("data", "split", data, "--out", lists, "--fraction", "0.25", "--mode", "lists").Code);
        Shell.Fails(
            1, $"{lists}/train.txt:1: {data}/train/blue/000.png leads out of {lists}; wanted paths in this folder, or the folder of the images as root",
            ["train", .. TinyData.Flags, "--data", lists, "--out", _folder.Path("none")]);

        var first = Shell.Run(["train", .. TinyData.Flags, "--data", lists, "--image-root", data, "--out", _folder.Path("run")]);
        Assert.Equal("", first.Error);
        Assert.Contains("27 images to train on, 9 to validate on", first.Out, StringComparison.Ordinal);
        Assert.Contains($"fovea validate --run {_folder.Path("run")} --data {lists} --image-root {data} --per-class", first.Out, StringComparison.Ordinal);
        var more = Shell.Run("train", "--data", lists, "--image-root", data, "--out", _folder.Path("run"), "--resume", "--set", "train.epochs=3", "--json");
        Assert.Equal(3, more.Json.GetProperty("epochs").GetInt32());
        var json = Shell.Run("validate", "--run", _folder.Path("run"), "--data", lists, "--image-root", data, "--json").Json;
        Assert.Equal(9, json.GetProperty("images").GetInt32());
    }

    [Fact]
    public void Csv_is_counted_checked_and_predicted()
    {
        var data = TinyData.Make(_folder, train: 3, validation: 1);
        var csv = Path.Combine(data, "labels.csv");
        File.WriteAllText(csv, "file,label\n" + string.Concat(TinyData.Classes.Select((name, label) => $"train/{name}/000.png,{label}\ntrain/{name}/001.png,{label}\n")));
        File.WriteAllLines(_folder.Path("names.txt"), TinyData.Classes);

        var json = Shell.Run("data", "stats", csv, "--label-names", _folder.Path("names.txt"), "--json").Json;

        Assert.Equal(TinyData.Classes, json.GetProperty("classes").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        Assert.Equal(6, json.GetProperty("images").GetInt32());
        Assert.Equal("6 images, 0 of them bad\n", Shell.Run("data", "check", csv).Out);
    }

    [Fact]
    public void Flags_that_name_nothing_say_so()
    {
        var data = TinyData.Make(_folder, train: 2, validation: 1);
        Shell.Fails(2, "--image-root none: there is no such folder; wanted the folder where the paths of the list begin", "data", "stats", data, "--image-root", "none");
        Shell.Fails(2, "--label-names none: there is no such file; wanted one with the name of a class on each line", "data", "stats", data, "--label-names", "none");
    }
}
