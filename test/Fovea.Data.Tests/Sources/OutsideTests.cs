using Fovea.Data.Sources;
using Fovea.Data.Sources.Lists;
using Fovea.Data.Synth;
using Fovea.Naming;

namespace Fovea.Data.Tests.Sources;

/// <summary>Nothing is read, written or moved outside of the folders that were given.</summary>
public sealed class OutsideTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Data => _folder["data"];

    private string Away => _folder["away"];

    [Theory]
    [InlineData(@"y\..\..\..\outside\victim.jpg")]
    [InlineData(@"..\..\..\evil.jpg")]
    [InlineData("....jpg")]
    [InlineData("..x..jpg")]
    public void Quarantine_keeps_odd_names_within_itself(string name)
    {
        if (name.StartsWith('.')) name = $"n{name}";
        _folder.Images("data/cat", 2).Images("data/dog", 2).Write($"data/cat/{name}", [1]).Write("outside/victim.jpg", [2]).Write("victim.jpg", [2]);
        var outside = Tree.Snapshot(_folder["outside"]);

        var bad = Assert.Single(DatasetCheck.Run(ClassFolders.OpenAll(Data).Images, Away).Bad);

        Assert.Equal($"{Away}/cat/{name}", bad.MovedTo);
        Assert.True(File.Exists(bad.MovedTo));
        Assert.False(File.Exists(_folder[$"data/cat/{name}"]));
        Assert.Equal(outside, Tree.Snapshot(_folder["outside"]));
    }

    [Theory]
    [InlineData("../victim.jpg")]
    [InlineData("..././victim.jpg")]
    [InlineData("cat/../../victim.jpg")]
    public void Quarantine_leaves_what_a_key_finds_outside_where_it_is(string key)
    {
        _folder.Images("data/cat", 1).Write("victim.jpg", [1]).Write("data/.../victim.jpg", [1]);
        var images = new ImageFiles(Data, ["cat"], [(key, 0)]);

        var bad = Assert.Single(DatasetCheck.Run(images, Away).Bad);

        Assert.True(File.Exists(_folder["victim.jpg"]));
        if (bad.MovedTo is { } moved) Assert.Equal($"{Away}/.../victim.jpg", moved);
        else Assert.EndsWith("; it stays where it is: it lies outside of the data folder", bad.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("link.jpg", "it is a link, or gone")]
    [InlineData("folder/bad.jpg", "it lies outside of the data folder")]
    public void Quarantine_moves_no_link_and_nothing_through_one(string name, string reason)
    {
        _folder.Images("data/cat", 1).Images("data/dog", 1).Write("pool/bad.jpg", [1]).Link("data/cat/link.jpg", "../../pool/bad.jpg")
            .Link("data/dog/folder", "../../pool");
        var before = Tree.Snapshot(_folder["pool"]);

        var bad = DatasetCheck.Run(ClassFolders.OpenAll(Data).Images, Away).Bad;

        Assert.Equal(2, bad.Count);
        Assert.Contains(
            bad,
            image => image.Key.EndsWith(name, StringComparison.Ordinal) && image.Message.EndsWith($"it stays where it is: {reason}", StringComparison.Ordinal));
        Assert.All(bad, image => Assert.Null(image.MovedTo));
        Assert.Equal(before, Tree.Snapshot(_folder["pool"]));
        Assert.True(new FileInfo(_folder["data/cat/link.jpg"]).LinkTarget is not null);
    }

    [Theory]
    [InlineData("cat/../../victim.png")]
    [InlineData("cat/./000.png")]
    [InlineData("cat//000.png")]
    public void Keys_that_a_run_says_it_moved_lead_nowhere_else(string key)
    {
        _folder.Images("data/cat", 2).Images("data/dog", 2).Write("victim.png", [1]);

        Assert.Equal(4, ClassFolders.Open(Data, new() { ValidationFraction = 0, Quarantined = [key] }).Train.Count);
    }

    [Fact]
    public void Quarantine_does_not_follow_a_link_within_itself()
    {
        _folder.Images("data/cat", 1).Write("data/cat/bad.jpg", [1]).Folder("elsewhere").Link("away/cat", "../elsewhere");

        var bad = Assert.Single(DatasetCheck.Run(ClassFolders.OpenAll(Data).Images, Away).Bad);

        Assert.EndsWith("its name leads out of the quarantine folder", bad.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["elsewhere"]));
    }

    [Fact]
    public void Quarantine_writes_its_list_into_no_other_file_and_leaves_the_image_where_it_was()
    {
        _folder.Images("data/cat", 1).Write("data/cat/bad.jpg", [1]).Write("precious.txt", [1]).Link("away/quarantine.txt", "../precious.txt");

        var message = Assert.Throws<DataException>(() => DatasetCheck.Run(ClassFolders.OpenAll(Data).Images, Away)).Message;
        Assert.Contains("quarantine.txt is no file", message, StringComparison.Ordinal);

        Assert.Equal([1], File.ReadAllBytes(_folder["precious.txt"]));
        Assert.True(File.Exists(_folder["data/cat/bad.jpg"]));
    }

    [Fact]
    public void Quarantine_list_that_is_a_pipe_is_not_waited_for()
    {
        _folder.Folder("away").Fifo("away/quarantine.txt");

        Assert.Contains("it is no file but a FIFO", Assert.Throws<DataException>(() => Quarantine.Keys(Away)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quarantine_lists_odd_names_a_line_each_and_reads_them_back()
    {
        string[] names = ["a\nb.jpg", "c\td.jpg", "\u001b[2J.jpg", " e.jpg", @"f\g.jpg", "h\u202e.jpg"];
        _folder.Images("data/cat", 1);
        foreach (var name in names) _folder.Write($"data/cat/{name}", [1]);

        Assert.Equal(6, DatasetCheck.Run(ClassFolders.OpenAll(Data).Images, Away).Bad.Count);

        Assert.Equal(names.Select(name => $"cat/{name}").Order(StringComparer.Ordinal), Quarantine.Keys(Away).Order(StringComparer.Ordinal));
        var lines = File.ReadAllLines($"{Away}/quarantine.txt");
        Assert.Equal(6, lines.Length);
        Assert.All(lines, line => Assert.DoesNotContain(line, c => char.IsControl(c) && c != '\t'));
    }

    [Theory]
    [InlineData(SplitMode.Copy)]
    [InlineData(SplitMode.Link)]
    public void Split_writes_names_with_backslashes_within_its_folder(SplitMode mode)
    {
        _folder.Images("data/cat", 10).Images(@"data/cat/x\..\..\..\..", 1).Images(@"data/a\..\..\..\pwn", 10);
        var before = Directory.EnumerateFileSystemEntries(_folder.Path).Count();

        DatasetSplit.Of(ClassFolders.OpenAll(Data).Images, 0.2).Write(_folder["split"], mode);

        Assert.Equal(before + 1, Directory.EnumerateFileSystemEntries(_folder.Path).Count());
        var data = ClassFolders.Open(_folder["split"]);
        Assert.Equal([@"a\..\..\..\pwn", "cat"], data.ClassNames);
        Assert.Equal((17, 4), (data.Train.Count, data.Validation.Count));
    }

    [Theory]
    [InlineData("../../evil")]
    [InlineData("..")]
    [InlineData("/etc")]
    [InlineData("")]
    [InlineData("a\0b")]
    public void Class_that_is_no_name_of_a_folder_is_not_written(string className)
    {
        _folder.Images("data/cat", 10);
        var split = DatasetSplit.Of(new ImageFiles(Data, [className], Enumerable.Range(0, 10).Select(i => ($"cat/{i:000}.png", 0))), 0.2);

        var e = Assert.Throws<DataException>(() => split.Write(_folder["split"], SplitMode.Copy));

        Assert.Contains("cannot be a folder", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["split"]));
    }

    [Theory]
    [InlineData("../victim.jpg")]
    [InlineData("cat/../../victim.jpg")]
    public void Key_that_leads_out_of_its_class_is_not_written(string key)
    {
        _folder.Images("data/cat", 10).Write("victim.jpg", [1]);
        var split = DatasetSplit.Of(new ImageFiles(Data, ["cat"], [(key, 0), ("cat/000.png", 0)]), 0.5);

        Assert.Contains(
            "leads out of its class", Assert.Throws<DataException>(() => split.Write(_folder["split"], SplitMode.Copy)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["split"]));
    }

    [Fact]
    public void Split_that_fails_or_is_stopped_leaves_nothing_behind()
    {
        _folder.Images("data/cat", 10).Folder("empty");
        var (images, _) = ClassFolders.OpenAll(Data);
        var split = DatasetSplit.Of(images, 0.5);
        Assert.ThrowsAny<OperationCanceledException>(() => split.Write(_folder["new/deep"], SplitMode.Copy, new(canceled: true)));
        Assert.False(Directory.Exists(_folder["new"]));

        File.Delete(_folder["data/cat/007.png"]);
        foreach (var target in (string[])["new/deep", "empty"])
            Assert.Contains(
                "the split cannot be written", Assert.Throws<DataException>(() => split.Write(_folder[target], SplitMode.Copy)).Message,
                StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["new"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["empty"]));
    }

    [Fact]
    public void Images_that_would_have_one_place_are_named_before_anything_is_written()
    {
        _folder.Images("data/a", 1).Images("data/x-y", 1);
        var split = DatasetSplit.Of(new ImageFiles(Data, ["cat"], [("x/y/cat/1.png", 0), ("x-y/cat/1.png", 0), ("z.png", 0)]), 0.01);

        var e = Assert.Throws<DataException>(() => split.Write(_folder["split"], SplitMode.Copy));

        Assert.Contains("it would have the same place as", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["split"]));
    }

    [Theory]
    [InlineData("data/sub", "it lies in the data folder")]
    [InlineData("alias/sub", "it lies in the data folder")]
    [InlineData("data/../data/cat/new", "it lies in the data folder")]
    public void Split_into_the_data_is_refused_before_anything_is_written(string target, string relation)
    {
        _folder.Images("data/cat", 10).Link("alias", "data");
        var before = Tree.Snapshot(_folder.Path);
        var split = DatasetSplit.Of(ClassFolders.OpenAll(Data).Images, 0.5);

        Assert.Contains(relation, Assert.Throws<DataException>(() => split.Write(_folder[target], SplitMode.Lists)).Message, StringComparison.Ordinal);
        Assert.Equal(before, Tree.Snapshot(_folder.Path));
    }

    [Theory]
    [InlineData("data", "it is the data folder")]
    [InlineData("data/", "it is the data folder")]
    [InlineData("data/new/er", "it lies in the data folder")]
    [InlineData(".", "it holds the data folder")]
    [InlineData("alias", "it is the data folder")]
    [InlineData("database", null)]
    [InlineData("new", null)]
    public void Folders_are_compared_where_they_really_lie(string output, string? relation)
    {
        _folder.Folder("data").Link("alias", "data");

        Assert.Equal(relation, FolderRelation.Between(_folder[output], Data));
    }

    [Fact]
    public void Lists_hold_odd_names_a_line_each_and_are_read_again()
    {
        string[] names = ["a\nb.png", "c 1.png", " d.png", "e\u001b[0m.png", "f.png "];
        _folder.Images("data/c l\na\rss", 5).Images("data/dog", 5);
        foreach (var name in names) File.Move(_folder[$"data/dog/00{Array.IndexOf(names, name)}.png"], _folder[$"data/dog/{name}"]);
        File.Move(_folder["data/dog/f.png "], _folder["data/dog/f\t.png"]);
        var split = DatasetSplit.Of(ClassFolders.OpenAll(Data).Images, 0.2);
        split.Write(_folder["lists"], SplitMode.Lists);

        var list = ImageLists.Read(_folder["lists/train.txt"], _folder["lists/classes.txt"], Data);

        Assert.Equal(split.Train.ClassNames, list.ClassNames);
        Assert.Equal(Keys(split.Train), Keys(list));
        Assert.All(File.ReadAllLines(_folder["lists/train.txt"]), line => Assert.DoesNotContain(line, char.IsControl));
    }

    [Theory]
    [InlineData("../victim.jpg 0")]
    [InlineData("a/../../victim.jpg 0")]
    [InlineData("/etc/passwd 0")]
    [InlineData("\"..\\u002fvictim.jpg\" 0")]
    [InlineData(". 0")]
    public void List_that_leads_out_of_its_folder_is_refused_with_its_line(string line)
    {
        _folder.Images("data/cat", 1).Write("victim.jpg", [1]);
        File.WriteAllText(_folder["data/list.txt"], $"cat/000.png 0\n{line}\n");
        File.WriteAllText(_folder["data/classes.txt"], "cat 0\n");

        var e = Assert.Throws<DataException>(() => ImageLists.Read(_folder["data/list.txt"], _folder["data/classes.txt"]));

        Assert.StartsWith($"{Data}/list.txt:2: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("leads out of", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void List_that_is_a_fifo_is_refused()
    {
        _folder.Folder("data").Fifo("data/list.txt").Fifo("data/classes.txt");

        Assert.Contains(
            "no file but a FIFO", Assert.Throws<DataException>(() => ImageLists.Read(_folder["data/list.txt"], _folder["data/classes.txt"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void List_that_is_no_text_in_utf8_or_too_large_is_refused()
    {
        _folder.Images("data/cat", 1).Write("data/list.txt", [.. "gr"u8, 0xFC, .. "n.png 0\n"u8]).Write("data/classes.txt", [.. "cat 0\n"u8]);
        Assert.Contains("the text is not UTF-8", Refusal(), StringComparison.Ordinal);
        using (var file = new FileStream(_folder["data/list.txt"], FileMode.Open)) file.SetLength(1_900_000_000);
        Assert.Contains("the text has more than 268435456 bytes", Refusal(), StringComparison.Ordinal);

        string Refusal() => Assert.Throws<DataException>(() => ImageLists.Read(_folder["data/list.txt"], _folder["data/classes.txt"])).Message;
    }

    [Fact]
    public void Folder_whose_marker_is_a_fifo_is_not_drawn_into() =>
        Assert.Contains(
            "is not empty and no data set",
            Assert.Throws<IOException>(
                () => SynthDataset.Write(_folder.Folder("set").Fifo("set/synth.json")["set"], new() { Classes = 2, Images = 16 })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Drawn_data_set_is_not_drawn_through_links()
    {
        var options = new SynthOptions { Classes = 2, Images = 16 };
        SynthDataset.Write(_folder["set"], options);
        var drawn = Directory.EnumerateFiles(_folder["set/train"], "*", SearchOption.AllDirectories).First();
        _folder.Write("victim", [7]);
        File.Delete(drawn);
        File.CreateSymbolicLink(drawn, _folder["victim"]);

        var e = Assert.Throws<IOException>(() => SynthDataset.Write(_folder["set"], options with { Seed = 2 }));

        Assert.StartsWith($"{Printable.Of(drawn)}: was not drawn by", e.Message, StringComparison.Ordinal);
        Assert.Equal([7], File.ReadAllBytes(_folder["victim"]));
    }

    private static string[] Keys(IImageSource images) => [.. Enumerable.Range(0, images.Count).Select(images.Key)];
}
