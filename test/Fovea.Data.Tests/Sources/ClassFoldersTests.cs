using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Sources;

public sealed class ClassFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("val")]
    [InlineData("validation")]
    [InlineData("valid")]
    [InlineData("test")]
    public void Two_parts_are_found_by_their_names(string validation)
    {
        _folder.Images("train/cat", 3).Images("train/dog", 2).Images($"{validation}/dog", 1).Images($"{validation}/cat", 4);

        var data = ClassFolders.Open(_folder.Path);

        Assert.Equal(["cat", "dog"], data.ClassNames);
        Assert.Equal((5, 5), (data.Train.Count, data.Validation.Count));
        Assert.Equal(("train/dog/000.png", 1), (data.Train.Key(3), data.Train.Label(3)));
        Assert.Equal(_folder["train/dog/000.png"], data.Train.Path(3));
        Assert.Empty(data.Warnings);
    }

    [Fact]
    public void Val_is_preferred_to_test_and_that_is_said()
    {
        _folder.Images("train/a", 1).Images("train/b", 1).Images("val/a", 1).Images("val/b", 1).Images("test/a", 1);

        Assert.Equal([$"{_folder.Path}: val/ is used for validation, test/ is not"], ClassFolders.Open(_folder.Path).Warnings);
    }

    [Fact]
    public void Class_called_train_is_a_class()
    {
        _folder.Images("train", 20).Images("bus", 20);

        var data = ClassFolders.Open(_folder.Path);

        Assert.Equal(["bus", "train"], data.ClassNames);
        Assert.Equal((36, 4), (data.Train.Count, data.Validation.Count));
    }

    [Fact]
    public void Names_are_in_ordinal_order_and_images_may_lie_deeper()
    {
        _folder.Images("b", 1).Images("B", 1).Images("a10", 1).Images("a2/deep/er", 1).Write("a2/Z.JPEG", [1]).Write("a2/.hidden.png", [1]).Images(".git", 1);

        var (images, _) = ClassFolders.OpenAll(_folder.Path);

        Assert.Equal(["B", "a10", "a2", "b"], images.ClassNames);
        Assert.Equal(["B/000.png", "a10/000.png", "a2/Z.JPEG", "a2/deep/er/000.png", "b/000.png"], Enumerable.Range(0, images.Count).Select(images.Key));
    }

    [Fact]
    public void Split_holds_back_the_floor_of_the_fraction_one_image_at_least_and_says_which_class_is_on_both_sides()
    {
        _folder.Images("many", 29).Images("few", 8).Images("one", 1);

        var data = ClassFolders.Open(_folder.Path);

        Assert.Equal(2, Keys(data.Validation).Count(key => key.StartsWith("many", StringComparison.Ordinal)));
        Assert.Equal(27, Keys(data.Train).Count(key => key.StartsWith("many", StringComparison.Ordinal)));
        Assert.Single(Keys(data.Validation), key => key.StartsWith("few", StringComparison.Ordinal));
        Assert.Equal(7, Keys(data.Train).Count(key => key.StartsWith("few", StringComparison.Ordinal)));
        Assert.Equal(["one/000.png"], Keys(data.Train).Intersect(Keys(data.Validation)));
        Assert.Equal([$"{_folder.Path}: class one has 1 image, which is in both train and validation, since none can be held back"], data.Warnings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Either_side_of_a_division_says_which_class_is_on_both(bool validation)
    {
        _folder.Images("many", 29).Images("few", 8).Images("one", 1);

        var (images, warnings) = ClassFolders.OpenFor(_folder.Path, ["few", "many", "one"], validation);

        Assert.Equal(validation ? 4 : 35, images.Count);
        Assert.Equal([$"{_folder.Path}: 0.1 of the images of one is none: all are in both train and validation"], warnings);
    }

    [Fact]
    public void Many_classes_that_are_on_both_sides_are_told_in_one_line()
    {
        for (var i = 0; i < 40; i++) _folder.Images($"c{i:D2}", 1);

        Assert.Equal(
            [$"{_folder.Path}: 0.1 of the images of 40 classes (c00, c01, c02, c03, c04 and 35 more) is none: all are in both train and validation"],
            ClassFolders.Open(_folder.Path).Warnings);
    }

    [Fact]
    public void Split_follows_from_the_seed_and_the_class_alone()
    {
        _folder.Images("a", 50).Images("b", 50);
        var first = Held("a", 0);
        _folder.Images("c", 50);

        Assert.Equal(first, Held("a", 0));
        Assert.NotEqual(first, Held("a", 1));

        string[] Held(string name, ulong seed) =>
            [.. Keys(ClassFolders.Open(_folder.Path, new() { SplitSeed = seed }).Validation).Where(key => key.StartsWith(name, StringComparison.Ordinal))];
    }

    [Fact]
    public void Train_without_validation_is_split_and_that_is_said()
    {
        _folder.Images("train/a", 10).Images("train/b", 10);

        var data = ClassFolders.Open(_folder.Path);

        Assert.Equal(2, data.Validation.Count);
        Assert.Equal([$"{_folder.Path}: beside train/ there is no val/ or test/; 0.1 of each class of train/ is held back"], data.Warnings);
    }

    [Fact]
    public void Other_files_are_counted_in_one_warning()
    {
        _folder.Images("a", 10).Images("b", 10).Write("a/notes.txt", [1]).Write("a/x.GIF", [1]).Write("b/y.gif", [1]).Write("b/LICENSE", [1]);

        Assert.Equal(
            [$"{_folder.Path}: 4 files are no images by their names and are ignored (2 .gif, 1 .txt, 1 without extension)"],
            ClassFolders.Open(_folder.Path).Warnings);
    }

    [Fact]
    public void Folders_beside_train_are_named()
    {
        _folder.Images("train/a", 1).Images("train/b", 1).Images("val/a", 1).Images("val/b", 1).Images("old", 1);

        Assert.Equal([$"{_folder.Path}: 1 folder beside train/ is ignored (old)"], ClassFolders.Open(_folder.Path).Warnings);
    }

    [Fact]
    public void Missing_folder_is_refused() => Refuses(_folder["none"], "the folder does not exist; wanted a folder with train/ and val/ (or test/)");

    [Fact]
    public void File_in_place_of_a_folder_is_refused() => Refuses(_folder.Write("a.png", [1])["a.png"], "this is a file");

    [Fact]
    public void Empty_folder_is_refused() => Refuses(_folder.Path, "the folder is empty");

    [Fact]
    public void Images_without_class_folders_are_refused() =>
        Refuses(_folder.Write("a.png", [1]).Write("b.jpg", [1]).Path, "the folder holds 2 images but no class folders");

    [Fact]
    public void Folders_without_images_are_refused() => Refuses(_folder.Folder("a").Folder("b").Path, "its 2 folders hold no images");

    [Fact]
    public void Empty_class_is_refused_unless_allowed()
    {
        _folder.Images("a", 10).Images("b", 10).Folder("empty");

        Refuses(_folder.Path, $"no images in empty; wanted {EmptyClasses.Wanted}");
        Assert.Equal(
            [$"{_folder.Path}: no training images of empty; 'fovea data stats {_folder.Path}' counts those of all classes"],
            ClassFolders.Open(_folder.Path, new() { AllowEmptyClasses = true }).Warnings);
    }

    [Fact]
    public void Validation_class_that_train_lacks_is_refused()
    {
        _folder.Images("train/a", 1).Images("train/b", 1).Images("val/a", 1).Images("val/cow", 1);

        Refuses(_folder.Path, "train/ lacks cow; wanted classes of train/ (a, b)");
    }

    [Fact]
    public void Class_without_validation_images_is_a_warning()
    {
        _folder.Images("train/a", 1).Images("train/b", 1).Images("val/a", 1).Folder("val/b");

        Assert.Equal(
            [$"{_folder["val"]}: no images of b; 'fovea data split' divides all images anew, with some of each class"],
            ClassFolders.Open(_folder.Path).Warnings);
    }

    [Fact]
    public void Single_class_is_refused() => Refuses(_folder.Images("only", 5).Path, "1 class (only); wanted at least 2 class folders");

    [Fact]
    public void Single_image_is_said()
    {
        _folder.Images("a", 1).Folder("b");

        var data = ClassFolders.Open(_folder.Path, new() { AllowEmptyClasses = true });

        Assert.Contains($"{_folder.Path}: there is one image only", data.Warnings);
        Assert.Equal((1, 1), (data.Train.Count, data.Validation.Count));
    }

    [Fact]
    public void Validation_without_train_is_refused_for_training() =>
        Refuses(_folder.Images("val/a", 1).Images("val/b", 1).Path, "there is val/ but no train/");

    [Fact]
    public void Model_finds_its_classes_by_name()
    {
        _folder.Images("test/dog", 2).Images("test/ant", 1);

        var (images, warnings) = ClassFolders.OpenFor(_folder.Path, ["dog", "cat", "ant"]);

        Assert.Equal([0, 0, 2], Enumerable.Range(0, 3).Select(images.Label));
        Assert.Equal([$"{_folder["test"]}: no images of cat; 'fovea data split' divides all images anew, with some of each class"], warnings);
    }

    [Fact]
    public void Model_takes_all_images_of_plain_class_folders_if_nothing_is_held_back()
    {
        _folder.Images("dog", 20).Images("cat", 20);

        Assert.Equal(40, Count(0, validation: true));
        Assert.Equal(4, Count(0.1, validation: true));
        Assert.Equal(36, Count(0.1, validation: false));
        Assert.Equal(
            Keys(ClassFolders.Open(_folder.Path).Validation).Order(),
            Keys(ClassFolders.OpenFor(_folder.Path, ["dog", "cat"]).Images).Order());

        int Count(double fraction, bool validation) =>
            ClassFolders.OpenFor(_folder.Path, ["dog", "cat"], validation, new() { ValidationFraction = fraction }).Images.Count;
    }

    [Fact]
    public void Class_that_the_model_does_not_know_is_refused()
    {
        _folder.Images("dog", 2).Images("cow", 1);

        var e = Assert.Throws<DataException>(() => ClassFolders.OpenFor(_folder.Path, ["dog", "cat"]));

        Assert.Equal($"{_folder.Path}: the model does not know cow; wanted its 2 classes (dog, cat)", e.Message);
    }

    [Fact]
    public void Quarantined_images_keep_their_places()
    {
        _folder.Images("a", 10).Images("b", 10);
        var before = Keys(ClassFolders.Open(_folder.Path).Train);
        File.Delete(_folder["a/004.png"]);

        var after = ClassFolders.Open(_folder.Path, new() { Quarantined = ["a/004.png"] });

        Assert.Equal(before, Keys(after.Train));
    }

    [Fact]
    public void Everything_counts_all_parts()
    {
        _folder.Images("train/a", 2).Images("train/b", 1).Images("val/a", 1).Images("test/c", 1);

        var (images, _) = ClassFolders.OpenAll(_folder.Path);

        Assert.Equal(["a", "b", "c"], images.ClassNames);
        Assert.Equal(5, images.Count);
    }

    private static string[] Keys(IImageSource images) => [.. Enumerable.Range(0, images.Count).Select(images.Key)];

    private static void Refuses(string path, string message) =>
        Assert.Contains(message, Assert.Throws<DataException>(() => ClassFolders.Open(path)).Message, StringComparison.Ordinal);
}
