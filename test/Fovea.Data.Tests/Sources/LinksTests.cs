using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Sources;

/// <summary>Links, what is no file, and names that cannot be opened, in data folders.</summary>
public sealed class LinksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Data => _folder["data"];

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../..")]
    [InlineData("../dog")]
    [InlineData("inner")]
    [InlineData("/")]
    public void Link_to_the_class_itself_above_or_beside_it_is_not_followed_and_told(string target)
    {
        _folder.Images("data/cat", 20).Images("data/dog", 20).Images("data/cat/inner", 1).Link("data/cat/loop", target);

        var (images, warnings) = ClassFolders.OpenAll(Data);

        Assert.Equal((21, 20), (Count(images, 0), Count(images, 1)));
        Assert.Equal([$"{Data}: 1 link leads to what is read anyway, or to other classes, and is not followed ({Data}/cat/loop)"], warnings);
    }

    [Fact]
    public void Links_to_images_of_other_classes_or_of_the_same_are_not_read_again()
    {
        _folder.Images("data/cat", 20).Images("data/dog", 20).Link("data/cat/x.png", "000.png").Link("data/cat/y.png", "../dog/000.png");

        var (images, warnings) = ClassFolders.OpenAll(Data);

        Assert.Equal(40, images.Count);
        Assert.Contains("2 links lead to what is read anyway", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_out_of_the_folder_are_read_once_each_and_told_with_their_number()
    {
        _folder.Images("pool/some", 5).Images("pool/one", 1).Images("data/cat", 1).Images("data/dog", 1)
            .Link("data/cat/more", _folder["pool/some"]).Link("data/cat/again", _folder["pool/some"]).Link("data/cat/one.png", "../../pool/one/000.png")
            .Link("data/cat/twice.png", "../../pool/one/000.png").Link("data/cat/within.png", _folder["pool/some/001.png"]);

        var (images, warnings) = ClassFolders.OpenAll(Data);

        Assert.Equal((7, 1), (Count(images, 0), Count(images, 1)));
        Assert.Equal(2, warnings.Count);
        Assert.StartsWith(
            $"{Data}: 6 images lie outside of this folder, where links lead; they are read, but never moved (", warnings[0], StringComparison.Ordinal);
        Assert.StartsWith($"{Data}: 3 links lead to what is read anyway", warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_and_parts_that_are_links_out_of_the_folder_are_read()
    {
        _folder.Images("pool/a", 3).Images("pool/b", 2).Link("data/train", _folder["pool"]).Link("data/val/a", "../../pool/a").Images("data/val/b", 1);

        var data = ClassFolders.Open(Data);

        Assert.Equal((5, 4), (data.Train.Count, data.Validation.Count));
        Assert.Contains(data.Warnings, warning => warning.StartsWith($"{Data}: 8 images lie outside", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cat")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("cat/inner")]
    public void Class_that_is_a_link_to_another_or_above_is_refused(string target)
    {
        _folder.Images("data/cat/inner", 5).Images("data/cow", 5).Link("data/dog", target);

        var e = Assert.Throws<DataException>(() => ClassFolders.Open(Data));

        Assert.StartsWith($"{Data}/dog: this class is a link to ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validation_part_that_is_a_link_to_the_training_part_is_told()
    {
        _folder.Images("data/train/a", 2).Images("data/train/b", 2).Link("data/val", "train");

        Assert.Contains(ClassFolders.Open(Data).Warnings, warning => warning.Contains("train/ and val/ are the same folder", StringComparison.Ordinal));
    }

    [Fact]
    public void Link_to_another_part_as_a_whole_is_not_followed_and_told()
    {
        _folder.Images("data/train/a", 20).Images("data/train/b", 20).Images("data/val/a", 3).Images("data/val/b", 3)
            .Link("data/train/a/loop", "../../val").Link("val", "data/val").Link("data/train/b/far", _folder["val"]);

        var data = ClassFolders.Open(Data);

        Assert.Equal((40, 6), (data.Train.Count, data.Validation.Count));
        Assert.Contains(data.Warnings, warning => warning.StartsWith($"{Data}: 2 links lead to what is read anyway", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("val/a/more", "../../train/b", 20)]
    [InlineData("val/a/x.png", "../../train/a/000.png", 1)]
    [InlineData("val/c", "../train/c", 20)]
    public void Links_into_another_part_are_read_and_told(string link, string target, int images)
    {
        foreach (var name in (string[])["a", "b", "c"]) _folder.Images($"data/train/{name}", 20).Images($"data/val/{(name == "c" ? "b" : name)}", 3);
        _folder.Link($"data/{link}", target);

        var data = ClassFolders.Open(Data);

        Assert.Equal(6 + images, data.Validation.Count);
        Assert.Contains($"{Data}: 1 link leads into another part; images that are trained on say nothing about others ({Data}/{link})", data.Warnings);
    }

    [Fact]
    public void Link_that_leads_nowhere_is_a_bad_image_or_told()
    {
        _folder.Images("data/cat", 2).Images("data/dog", 2).Link("data/cat/gone.png", "nowhere.png").Link("data/cat/old", "nowhere");

        var (images, warnings) = ClassFolders.OpenAll(Data);

        Assert.Equal("cat/gone.png", Assert.Single(DatasetCheck.Run(images).Bad).Key);
        Assert.Equal([$"{Data}: 1 link leads nowhere and is ignored ({Data}/cat/old)"], warnings);
    }

    [Fact]
    public void Folders_deeper_than_the_limit_are_told()
    {
        var limit = string.Concat(Enumerable.Repeat("/d", ClassWalk.MaxDepth));
        _folder.Images("data/cat", 2).Images($"data/cat{limit}", 3).Images($"data/cat{limit}/e", 4).Images("data/dog", 2);

        var (images, warnings) = ClassFolders.OpenAll(Data);

        Assert.Equal(5, Count(images, 0));
        Assert.Equal([$"{Data}: 1 folder lies more than 16 deep in a class and is not read ({Data}/cat{limit}/e)"], warnings);
    }

    [Fact]
    public void Fifos_and_sockets_are_never_opened_and_told()
    {
        _folder.Images("data/cat", 2).Images("data/dog", 2).Fifo("data/cat/a.png").Fifo("data/cat/b").Fifo("data/dog2").Link("data/dog/c.jpg", "../cat/a.png")
            .Link("data/dog/null.png", "/dev/null");

        var (images, warnings) = ClassFolders.OpenAll(Data);

        Assert.Equal(4, images.Count);
        Assert.Contains(
            $"{Data}: 4 entries are no files but FIFOs, sockets or devices and are not opened ({Data}/cat/a.png)", warnings);
    }

    [Fact]
    public void File_that_became_a_fifo_after_it_was_listed_is_a_bad_image()
    {
        _folder.Images("data/cat", 2).Images("data/dog", 2);
        var (images, _) = ClassFolders.OpenAll(Data);
        File.Delete(_folder["data/cat/000.png"]);
        _folder.Fifo("data/cat/000.png");

        Assert.Contains("it is no file but a FIFO", Assert.Single(DatasetCheck.Run(images).Bad).Message, StringComparison.Ordinal);
        Assert.Single(DatasetStatistics.Of(images).Unreadable);
    }

    [Fact]
    public void Names_that_are_not_utf8_are_an_error_that_says_so()
    {
        _folder.Images("data/cat", 2).Images("data/dog", 2).Shell("cp data/cat/000.png \"data/cat/$(printf 'gr\\374n').png\"");

        var e = Assert.Throws<DataException>(() => ClassFolders.OpenAll(Data));

        Assert.Equal(
            $"{Data}/cat: of 1 image the name is not UTF-8 (such as {Data}/cat/gr\ufffdn.png); wanted names in UTF-8, as convmv makes them", e.Message);
        _folder.Shell("rm -r data");
    }

    [Theory]
    [InlineData("data")]
    [InlineData("data/cat")]
    public void Folder_names_that_are_not_utf8_are_an_error_that_says_so(string where)
    {
        _folder.Images("data/cat", 2).Images("data/dog", 2).Shell($"cp -r data/dog \"{where}/$(printf 'gr\\374n')\"");

        Assert.Contains(
            "the name of the folder gr\ufffdn is not UTF-8", Assert.Throws<DataException>(() => ClassFolders.Open(Data)).Message, StringComparison.Ordinal);
        _folder.Shell("rm -r data");
    }

    [Fact]
    public void Name_with_the_replacement_character_itself_is_a_name()
    {
        _folder.Images("data/cat", 2).Images("data/dog", 2).Images("data/cat/\ufffd", 1);

        Assert.Equal(5, ClassFolders.OpenAll(Data).Images.Count);
    }

    [Fact]
    public void Backslashes_belong_to_names()
    {
        _folder.Images("data/a\\b", 10).Images("data/dog", 10).Images(@"data/dog/x\..\..\y", 1);

        var data = ClassFolders.Open(Data, new() { ValidationFraction = 0 });

        Assert.Equal(@"a\b", data.ClassNames[0]);
        Assert.Equal(@"dog/x\..\..\y/000.png", data.Train.Key(20));
        Assert.Empty(DatasetCheck.Run(data.Train).Bad);
    }

    [Fact]
    public void Names_with_line_ends_and_escapes_are_quoted_in_messages()
    {
        _folder.Images("data/a\n\u001b[31m", 10).Folder("data/b\tc").Images("data/d", 2);

        var e = Assert.Throws<DataException>(() => ClassFolders.Open(Data));

        Assert.Equal($"{Data}: no images in \"b\\tc\"; wanted {EmptyClasses.Wanted}", e.Message);
        Directory.Delete(_folder["data/b\tc"]);
        _folder.Write("data/a\n\u001b[31m/bad.png", []);
        var bad = Assert.Single(DatasetCheck.Run(ClassFolders.OpenAll(Data).Images).Bad);
        Assert.StartsWith($"\"{Data}/a\\n\\u001b[31m/bad.png\": the file is empty", bad.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_below_any_folder_are_found_once_with_what_is_passed_over()
    {
        _folder.Images("data/cat", 2).Images("data/.git", 2).Write("data/note.txt", [1]).Link("data/cat/loop", "..").Fifo("data/f.png");

        var (paths, warnings) = Fovea.Data.Sources.ImageFiles.In(Data);

        Assert.Equal([$"{Data}/cat/000.png", $"{Data}/cat/001.png"], paths);
        Assert.Equal(3, warnings.Count);
    }

    private static int Count(ImageFiles images, int label) => Enumerable.Range(0, images.Count).Count(i => images.Label(i) == label);
}
