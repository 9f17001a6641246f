using Fovea.Data.Batching;
using Fovea.Data.Augment;
using Fovea.Data.Sets;
using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Sets;

public sealed class ListDataSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("row", "S2-03")]
    public void Folder_with_lists_of_parts_is_read_by_them()
    {
        _folder.Images("images", 12);
        Write("train_list.txt", Lines("images", 0, 9));
        Write("val_list.txt", Lines("images", 9, 12));
        Write("classes.txt", "cat\ndog\ncow\n");

        var data = DataSet.Find(_folder.Path);
        var parts = data.Open();

        Assert.Equal(("lists", true, 2), (data.Kind, data.HasValidation, data.Parts.Count));
        Assert.Equal((9, 3), (parts.Train.Count, parts.Validation.Count));
        Assert.Equal(["cat", "dog", "cow"], parts.ClassNames);
        Assert.Empty(parts.Warnings);
    }

    [Fact]
    public void One_list_is_divided_as_class_folders_are()
    {
        _folder.Images("cat", 20).Images("dog", 5).Images("cow", 1);
        Write("all.csv", Lines("cat", 0, 20, "cat") + Lines("dog", 0, 5, "dog") + Lines("cow", 0, 1, "cow"));

        var list = DataSet.Find(_folder["all.csv"]).Open();
        var folders = ClassFolders.Open(_folder.Path);

        Assert.Equal(Keys(folders.Train), Keys(list.Train));
        Assert.Equal(Keys(folders.Validation), Keys(list.Validation));
        Assert.Contains("0.1 of the images of cow is none: all are in both train and validation", Assert.Single(list.Warnings), StringComparison.Ordinal);
        Assert.Equal(list.Warnings, DataSet.Find(_folder["all.csv"]).OpenFor(list.ClassNames).Warnings);
    }

    [Fact]
    public void Many_classes_of_a_list_that_are_on_both_sides_are_told_in_one_line()
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e", "f", "g" }) _folder.Images(name, 1);
        Write("all.csv", string.Concat(new[] { "a", "b", "c", "d", "e", "f", "g" }.Select(name => Lines(name, 0, 1, name))));

        Assert.Contains(
            "0.1 of the images of 7 classes (a, b, c, d, e and 2 more) is none: all are in both train and validation",
            Assert.Single(DataSet.Find(_folder["all.csv"]).Open().Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Class_folders_are_class_folders_although_lists_lie_beside_them()
    {
        _folder.Images("cat", 3).Images("dog", 3);
        Write("train.txt", Lines("cat", 0, 3, "x"));
        Assert.Equal("class folders", DataSet.Find(_folder.Path).Kind);
        Assert.Equal("a list", DataSet.Find(_folder["train.txt"]).Kind);
    }

    [Fact]
    public void Flat_parts_are_read_by_the_lists_beside_them()
    {
        _folder.Images("train", 4).Images("test", 2);
        Write("train.csv", "file,class\n" + Lines("train", 0, 4, ",a"));
        Write("test.csv", "file,class\n" + Lines("test", 0, 2, ",a"));
        var parts = DataSet.Find(_folder.Path).Open(new() { MinimumClasses = 1 });
        Assert.Equal((4, 2), (parts.Train.Count, parts.Validation.Count));
    }

    [Fact]
    public void Batches_of_a_list_are_those_of_any_number_of_workers_and_any_beginning()
    {
        _folder.Images("i", 10);
        Write("list.txt", Lines("i", 0, 10));
        var source = DataSet.Find(_folder["list.txt"]).OpenAll().Images;
        var whole = Epoch(source, workers: 1, start: 0);

        Assert.Equal(whole, Epoch(source, workers: 3, start: 0));
        Assert.Equal(whole[2..], Epoch(source, workers: 2, start: 2));
    }

    [Fact]
    public void Images_of_a_model_are_matched_by_the_names_of_their_classes()
    {
        _folder.Images("i", 4);
        Write("list.txt", "i/000.png dog\ni/001.png cat\ni/002.png cat\n");
        var data = DataSet.Find(_folder["list.txt"]);

        var (images, warnings) = data.OpenFor(["cow", "dog", "cat"], options: new() { ValidationFraction = 0 });

        Assert.Equal([1, 2, 2], Enumerable.Range(0, 3).Select(images.Label));
        Assert.Contains("no images of cow", Assert.Single(warnings), StringComparison.Ordinal);
        var e = Assert.Throws<DataException>(() => data.OpenFor(["dog", "cow"]));
        Assert.Contains("the model does not know cat; wanted its 2 classes (dog, cow)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_that_only_validation_has_are_named()
    {
        _folder.Images("i", 4);
        Write("train.txt", "i/000.png a\ni/001.png b\n");
        Write("val.txt", "i/002.png a\ni/003.png c\n");
        var e = Assert.Throws<DataException>(() => DataSet.Find(_folder.Path).Open());
        Assert.Contains(
            "no training images of c, of which val has some; wanted at least one image of each class: add some, or remove the class", e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_of_the_class_file_without_images_are_told()
    {
        _folder.Images("i", 2);
        Write("list.txt", "i/000.png 0\ni/001.png 1\n");
        Write("classes.txt", "cat\ndog\ncow\n");
        var parts = DataSet.Find(_folder["list.txt"]).Open(new() { ValidationFraction = 0 });
        Assert.Equal(3, parts.ClassNames.Count);
        Assert.Contains("no training images of cow", Assert.Single(parts.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "S2-03")]
    public void Bad_images_of_several_lists_are_moved()
    {
        _folder.Images("i", 3).Write("i/bad.png", [1, 2]);
        Write("train.txt", "i/000.png a\ni/001.png b\n");
        Write("val.txt", "i/002.png b\ni/bad.png a\n");
        using var away = new TemporaryFolder();
        var check = DatasetCheck.Run(DataSet.Find(_folder.Path).OpenAll().Images, away["bad"]);
        Assert.Equal(away["bad/i/bad.png"], Assert.Single(check.Bad).MovedTo);
    }

    [Fact]
    public void List_in_utf_16_is_text()
    {
        _folder.Images("i", 2);
        File.WriteAllText(_folder["list.txt"], "i/000.png a\ni/001.png b\n", System.Text.Encoding.Unicode);
        Assert.Equal(2, DataSet.Find(_folder["list.txt"]).OpenAll().Images.Count);
    }

    [Fact]
    public void Images_of_both_lists_are_told()
    {
        _folder.Images("i", 4);
        Write("train.txt", "i/000.png a\ni/001.png b\n");
        Write("val.txt", "i/001.png b\ni/003.png a\n");
        Assert.Contains(
            "1 image of val is trained on as well, and says nothing about others",
            Assert.Single(DataSet.Find(_folder.Path).Open().Warnings), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "S2-03")]
    public void List_of_which_no_image_is_there_asks_for_the_root()
    {
        _folder.Images("i", 2);
        _folder.Folder("lists");
        Write("lists/all.txt", "000.png a\n001.png b\n");
        var e = Assert.Throws<DataException>(() => DataSet.Find(_folder["lists/all.txt"]));
        Assert.Contains("none of its images is there, such as ", e.Message, StringComparison.Ordinal);
        Assert.Contains("or the folder where they begin as root", e.Message, StringComparison.Ordinal);
        Assert.Equal(2, DataSet.Find(_folder["lists/all.txt"], new() { Root = _folder["i"] }).OpenAll().Images.Count);
    }

    [Fact]
    public void Several_lists_of_no_part_are_refused_with_their_names()
    {
        _folder.Images("i", 2);
        Write("one.csv", "i/000.png,a\n");
        Write("two.csv", "i/001.png,b\n");
        var e = Assert.Throws<DataException>(() => DataSet.Find(_folder.Path));
        Assert.Contains(
            "there are several lists (one.csv, two.csv); wanted the path of one of them, or names such as train.csv", e.Message, StringComparison.Ordinal);
    }

    private static string Lines(string folder, int from, int to, string? label = null) => string.Concat(Enumerable.Range(from, to - from).Select(
        i => label is null ? $"{folder}/{i:000}.png {i % 3}\n" : $"{folder}/{i:000}.png{(label[0] == ',' ? "" : " ")}{label}\n"));

    private static string[] Keys(IImageSource images) => [.. Enumerable.Range(0, images.Count).Select(images.Key)];

    private static string[] Epoch(IImageSource source, int workers, int start)
    {
        using var loader = new BatchLoader(
            source, ImagePipeline.Train(8), new() { BatchSize = 3, IsTraining = true, Seed = 5, Workers = workers });
        return [.. loader.Epoch(1, start).Select(batch => string.Join(',', batch.Samples.ToArray()) + string.Join(",", batch.Images.Span[..9].ToArray()))];
    }

    private void Write(string name, string text) => File.WriteAllText(_folder[name], text);
}
