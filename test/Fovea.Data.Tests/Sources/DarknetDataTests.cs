using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Data.Sources.Darknet;

namespace Fovea.Data.Tests.Sources;

/// <summary>Data sets as Darknet's users have them: a <c>.data</c> file, lists of paths, labels within the paths.</summary>
public sealed class DarknetDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("row", "S4-06")]
    public void Parts_and_classes_are_those_of_the_lists()
    {
        Lists("n01/1.png\nn02/2.png\nval/7_n02.png\n", "n01/9.png\n", "n01\nn02\nn03\n", "crane\ncrane\nship\n");
        var file = Data("classes=2\ntrain = train.list\nvalid=valid.list\nlabels=labels.list\nnames = names.list\nbackup=b\ntop=5\n");
        var set = DataSet.Find(file);
        Assert.Equal(["train", "valid"], set.Parts);
        var parts = set.Open();
        Assert.Equal(["crane (n01)", "crane (n02)"], parts.Train.ClassNames);
        Assert.Equal([0, 1, 1], Enumerable.Range(0, 3).Select(parts.Train.Label));
        Assert.Equal("val/7_n02.png", parts.Train.Key(2));
        Assert.Equal((1, 0), (parts.Validation.Count, parts.Validation.Label(0)));
        var data = DarknetData.Read(file);
        Assert.Equal((2, 2, "b"), (data.TopWhileTraining, data.TopElsewhere, data.Backup));
    }

    [Theory]
    [InlineData("firetruck/1.png", "firetruck")]
    [InlineData("a/truck/1_dog.png", "truck")]
    [InlineData("a/0_dog.png", "dog")]
    [InlineData("a/dog.0.png", "dog")]
    [InlineData("a/red_dog 3.png", "red_dog")]
    [InlineData("a/hotdog.png")]
    [InlineData("a/dog-truck.png", "truck", "dog")]
    [InlineData("dog/x/truck/1.png", "truck", "dog")]
    [InlineData("a\\dog\\1.png", "dog")]
    [Trait("row", "S4-06")]
    public void Label_is_a_component_of_the_path(string path, params string[] expected)
    {
        string[] labels = ["truck", "dog", "firetruck", "red_dog"];
        Assert.Equal(expected, new PathLabels(labels).Of(path).Select(place => labels[place]));
    }

    [Fact]
    [Trait("row", "S4-06")]
    public void A_folder_above_those_of_a_list_is_no_label()
    {
        var folder = Directory.CreateDirectory(_folder["n02"]).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "n01"));
        File.WriteAllText(Path.Combine(folder, "n01", "1.png"), "");
        File.WriteAllText(Path.Combine(folder, "train.list"), "n01/1.png\n");
        File.WriteAllText(Path.Combine(folder, "labels.list"), "n01\nn02\n");
        var data = Path.Combine(folder, "of.data");
        File.WriteAllText(data, $"train={Path.Combine(folder, "train.list")}\nlabels={Path.Combine(folder, "labels.list")}\n");
        Assert.Equal(0, DataSet.Find(data).Open().Train.Label(0));
    }

    [Fact]
    [Trait("row", "S4-06")]
    public void Images_without_a_label_or_with_several_are_named_before_anything_is_read()
    {
        Lists("n01/1.png\nn09/2.png\nn01/n02/3.png\n", "n01/9.png\n", "n01\nn02\n");
        var error = Assert.Throws<DataException>(() => DataSet.Find(Data("train=train.list\nlabels=labels.list\n")));
        Assert.Contains("of 3 paths 1 hold no label and 1 several: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("n09/2.png (none), ", error.Message, StringComparison.Ordinal);
        Assert.Contains("n01/n02/3.png (n01 and n02)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train=train.list\n", "it has no labels; wanted labels = FILE")]
    [InlineData("classes=x\nlabels=labels.list\n", ":1: classes is «x»; wanted a whole number from 1 to 1048576")]
    [InlineData("classes=3\nlabels=labels.list\ntrain=train.list\n", "the file of labels has 2 lines; wanted 3, as classes in ")]
    [InlineData("labels=labels.list\n", "it names no list of images; wanted train = FILE, valid = FILE")]
    [InlineData("labels=labels.list\ntree=t\n", ":2: the classes are a hierarchy (tree, leaves); wanted a list of labels without one")]
    [InlineData("labels\n", ":1: the line is «labels»; wanted key = value")]
    [InlineData("labels=labels.list\ntrain=none.list\n", "none.list: ")]
    public void Faults_are_told_with_their_place(string text, string expected)
    {
        Lists("n01/1.png\n", "n01/9.png\n", "n01\nn02\n");
        Assert.Contains(expected, Assert.Throws<DataException>(() => DataSet.Find(Data(text))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_nobody_reads_and_keys_that_are_there_twice_are_told()
    {
        Lists("n01/1.png\n", "n02/9.png\n", "n01\nn02\n");
        var warnings = DataSet.Find(Data("labels=labels.list\nvaldi=x\ntrain=train.list\ntrain=valid.list\n")).OpenAll().Warnings;
        Assert.Contains(warnings, warning => warning.EndsWith(":2: unused field valdi; did you mean 'valid'?", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.EndsWith(":4: train stands on line 3 already, which counts", StringComparison.Ordinal));
    }

    private void Lists(string train, string valid, string labels, string? names = null)
    {
        foreach (var path in (train + valid).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
            File.WriteAllText(_folder[path], "");
        }

        File.WriteAllText(_folder["train.list"], train);
        File.WriteAllText(_folder["valid.list"], valid);
        File.WriteAllText(_folder["labels.list"], labels);
        if (names is not null) File.WriteAllText(_folder["names.list"], names);
    }

    private string Data(string text)
    {
        File.WriteAllText(_folder["x.data"], text);
        return _folder["x.data"];
    }
}
