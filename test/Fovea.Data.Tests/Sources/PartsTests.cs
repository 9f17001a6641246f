using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Sources;

/// <summary>Which folders are parts, which are classes, and what is said where that is not clear.</summary>
public sealed class PartsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Train", "Val")]
    [InlineData("TRAIN", "TEST")]
    [InlineData("training", "testing")]
    [InlineData("Training", "Validation")]
    [InlineData("train", "eval")]
    [InlineData("train_set", "test_set")]
    [InlineData("training-images", "valid")]
    [InlineData("train2017", "val2017")]
    [InlineData("trainset", "testset")]
    [InlineData("train", "dev")]
    [InlineData("train", "Holdout_set")]
    public void Parts_are_known_in_any_case_and_common_spellings(string train, string validation)
    {
        _folder.Images($"{train}/cat", 3).Images($"{train}/dog", 2).Images($"{validation}/cat", 1).Images($"{validation}/dog", 1);

        var data = ClassFolders.Open(_folder.Path);

        Assert.Equal(["cat", "dog"], data.ClassNames);
        Assert.Equal((5, 2), (data.Train.Count, data.Validation.Count));
        Assert.Empty(data.Warnings);
        Assert.Equal(7, ClassFolders.OpenAll(_folder.Path).Images.Count);
        Assert.Equal(2, ClassFolders.OpenFor(_folder.Path, ["cat", "dog"]).Images.Count);
    }

    [Theory]
    [InlineData("trains")]
    [InlineData("contest")]
    [InlineData("valley")]
    [InlineData("2017")]
    [InlineData("images")]
    public void Other_words_are_no_parts(string name) => Assert.Null(PartNames.Of(name));

    [Fact]
    public void Train_test_and_meta_as_gtsrb_has_them_train_on_the_classes_of_train()
    {
        _folder.Images("Train/0", 20).Images("Train/1", 20).Images("Test", 10).Images("Meta", 2);

        var data = ClassFolders.Open(_folder.Path);

        Assert.Equal(["0", "1"], data.ClassNames);
        Assert.Equal((36, 4), (data.Train.Count, data.Validation.Count));
        Assert.Equal(
            [
                $"{_folder.Path}: Test/ has no class folders and is ignored", $"{_folder.Path}: 1 folder beside Train/ is ignored (Meta)",
                $"{_folder.Path}: beside Train/ there is no val/ or test/; 0.1 of each class of Train/ is held back",
            ],
            data.Warnings);
    }

    [Theory]
    [InlineData("val", "validation", "train", "validation")]
    [InlineData("train", "Training", "val", "training")]
    public void Two_folders_that_may_be_the_same_part_are_an_error_that_names_both(string one, string other, string third, string kind)
    {
        foreach (var part in (string[])[one, other, third]) _folder.Images($"{part}/a", 2).Images($"{part}/b", 2);
        string[] both = [.. new[] { one, other }.Order(StringComparer.Ordinal)];

        Refuses($"{both[0]}/ and {both[1]}/ may each be the {kind} part; wanted one of them");
        Assert.Equal(12, ClassFolders.OpenAll(_folder.Path).Images.Count);
    }

    [Theory]
    [InlineData("train", "test")]
    [InlineData("Training", "Validation", "Testing")]
    [InlineData("train", "val", "meta")]
    public void Parts_without_class_folders_are_not_trained_as_classes(params string[] folders)
    {
        foreach (var name in folders) _folder.Images(name, 10);

        Refuses("are called like parts of a data set, but hold images and no class folders; wanted class folders in them");
        Assert.Contains(ClassFolders.OpenAll(_folder.Path).Warnings, warning => warning.Contains("called like parts", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("seg_train", "seg_test")]
    [InlineData("00-train", "01-val")]
    [InlineData("train (1)", "val (1)")]
    [InlineData("train.X1", "train.X2", "val.X")]
    [InlineData("train/train", "train/val")]
    public void Folders_that_mention_parts_and_hold_class_folders_are_not_trained_as_classes(params string[] folders)
    {
        foreach (var name in folders) _folder.Images($"{name}/cat", 10).Images($"{name}/dog", 10);

        Refuses("are called like parts of a data set, and their images lie in folders within; wanted train/CLASS/… beside val/CLASS/…");
        Assert.Contains(ClassFolders.OpenAll(_folder.Path).Warnings, warning => warning.Contains("called like parts", StringComparison.Ordinal));
    }

    [Fact]
    public void Classes_really_called_train_and_test_can_be_had_in_a_part()
    {
        _folder.Images("train/train", 10).Images("train/test", 10);

        Assert.Equal(["test", "train"], ClassFolders.Open(_folder.Path).ClassNames);
    }

    [Fact]
    public void Single_class_called_like_a_part_is_told()
    {
        _folder.Images("train", 10).Images("bus", 10);

        Assert.Contains(
            $"{_folder.Path}: train is called like a part of a data set, but holds images and is taken for a class", ClassFolders.Open(_folder.Path).Warnings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("train/")]
    public void Classes_whose_images_all_lie_deeper_are_told_with_what_is_in_them(string part)
    {
        _folder.Images($"{part}animals/cat", 10).Images($"{part}animals/dog", 10).Images($"{part}cars", 10);

        Assert.Contains(
            ClassFolders.Open(_folder.Path).Warnings,
            warning =>
                warning.EndsWith(
                    ": all images of animals lie in folders within (animals holds cat, dog); if those are the classes, they have to lie where these are",
                    StringComparison.Ordinal));
    }

    [Fact]
    public void Single_folder_above_the_classes_says_which_folder_to_give()
    {
        _folder.Images("images/cat", 10).Images("images/dog", 10);

        Refuses(
            "1 class (images), whose images lie in folders within it (cat, dog); wanted at least 2 class folders; if those are the classes, "
            + $"{_folder["images"]} is the data folder");
    }

    [Fact]
    public void Parts_within_classes_or_data_sets_within_the_folder_are_refused()
    {
        _folder.Images("cat/train", 10).Images("cat/test", 10).Images("dog/train", 10).Images("dog/test", 10);

        Refuses("the folder cat is no class: it holds the parts test, train; wanted parts above classes (test/cat/…), or, if cat is the data set, its path");
    }

    [Fact]
    public void Many_classes_that_print_alike_are_told_in_one_line()
    {
        foreach (var letter in "abc") _folder.Images($"{letter}\u00e9", 10).Images($"{letter}e\u0301", 10);

        Assert.Equal(
            [$"{_folder.Path}: the classes ae\u0301 and a\u00e9 (and 2 more pairs) print alike, but are written with other characters"],
            ClassFolders.Open(_folder.Path).Warnings);
    }

    [Fact]
    public void Classes_that_print_alike_are_told_also_across_parts()
    {
        var (composed, decomposed) = ("caf\u00e9", "cafe\u0301");
        _folder.Images($"a/{composed}", 10).Images($"a/{decomposed}", 10).Images($"b/train/{composed}", 2).Images("b/train/x", 2)
            .Images($"b/val/{decomposed}", 2);

        Assert.Contains(
            $"{_folder["a"]}: the classes {decomposed} and {composed} print alike, but are written with other characters",
            ClassFolders.Open(_folder["a"]).Warnings);
        Assert.Contains(
            $"train/ lacks {decomposed}, which prints like its {composed} but is written with other characters",
            Assert.Throws<DataException>(() => ClassFolders.Open(_folder["b"])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "prints like its", Assert.Throws<DataException>(() => ClassFolders.OpenFor(_folder["b"], [composed, "x"])).Message, StringComparison.Ordinal);
    }

    private void Refuses(string message) =>
        Assert.Contains(message, Assert.Throws<DataException>(() => ClassFolders.Open(_folder.Path)).Message, StringComparison.Ordinal);
}
