namespace Fovea.Cli.Tests.Commands;

/// <summary>Data that cannot be trained or evaluated on: one line each, and nothing lost.</summary>
public sealed class BadDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Run => _folder.Path("run");

    private void TrainingFails(int code, string message, string data, params string[] more)
    {
        var shell = Train(data, more);
        Assert.Equal($"error: {message}\n", shell.Error);
        Assert.Equal(code, shell.Code);
    }

    private Shell Train(string data, params string[] more) => Shell.Run(["train", .. TinyData.Flags, "--data", data, "--out", Run, .. more]);

    [Fact]
    public void A_missing_folder_is_wrong_usage_and_leaves_no_run_behind()
    {
        var data = _folder.Path("nowhere");
        TrainingFails(2, $"{data}: there is no such file or folder; wanted a folder with train/ and val/ (or test/), one with class folders, a list, an archive or tar shards", data);
        Assert.False(Directory.Exists(Run));
    }

    [Fact]
    public void An_empty_file_in_place_of_the_data_is_named()
    {
        var data = _folder.Path("file");
        File.WriteAllText(data, "");
        TrainingFails(1, $"{data}: the list is empty; wanted lines «path label»", data);
    }

    [Fact]
    public void A_file_that_holds_no_data_is_named()
    {
        var data = _folder.Path("file.bin");
        File.WriteAllBytes(data, [1, 0, 2, 3]);
        TrainingFails(1, $"{data}: this is neither text nor an archive that is known; wanted a list of paths and labels, an archive of CIFAR, or tar shards", data);
    }

    [Fact]
    public void An_empty_folder_is_named()
    {
        var data = Directory.CreateDirectory(_folder.Path("empty")).FullName;
        TrainingFails(1, $"{data}: the folder is empty; wanted a folder with train/ and val/ (or test/), or one with class folders", data);
    }

    [Fact]
    public void An_empty_class_folder_is_named()
    {
        var data = TinyData.Make(_folder, train: 2, validation: 1);
        Directory.CreateDirectory(Path.Combine(data, "train", "white"));
        TrainingFails(
            1, $"{data}/train: no images in white; wanted at least one image of each class: add some, or remove the class, "
            + "its folder or its name in a list of names (programs: OpenOptions.AllowEmptyClasses)", data);
    }

    [Fact]
    public void Validation_classes_that_training_lacks_are_named()
    {
        var data = TinyData.Make(_folder, train: 2, validation: 1);
        Directory.Move(Path.Combine(data, "train", "red"), _folder.Path("red"));
        TrainingFails(1, $"{data}/val: train/ lacks red; wanted classes of train/ (blue, green)", data);
    }

    [Fact]
    public void One_class_is_too_few()
    {
        TinyData.Add(_folder.Path("one", "red"), 3, "red");
        TrainingFails(1, $"{_folder.Path("one")}: 1 class (red); wanted at least 2 class folders", _folder.Path("one"));
    }

    [Fact]
    public void One_image_only_is_one_class_too_few()
    {
        TinyData.Add(_folder.Path("one", "red"), 1, "red");
        var shell = Train(_folder.Path("one"));
        Assert.Equal(1, shell.Code);
        Assert.Contains("wanted at least 2 class folders", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_images_than_a_batch_train_as_one_batch()
    {
        var shell = Train(TinyData.Make(_folder, train: 1, validation: 1), "--set", "train.epochs=1", "--json");
        Assert.Equal((0, 1), (shell.Code, shell.Json.GetProperty("steps").GetInt32()));
    }

    [Fact]
    public void Fewer_images_than_a_batch_are_refused_when_short_batches_are_left_out() =>
        TrainingFails(
            1, "data: 3 images make no batch of 6; wanted a batch_size of at most 3, or drop_last: false",
            TinyData.Make(_folder, train: 1, validation: 1), "--set", "train.drop_last=true");

    public static TheoryData<string, string, string> BadImages => new()
    {
        { "empty.jpg", "", "empty.jpg: " },
        { "text.png", "this is no image", "text.png: " },
    };

    [Theory]
    [MemberData(nameof(BadImages))]
    public void A_bad_image_ends_the_run_which_is_saved_and_can_go_on(string name, string content, string message)
    {
        var data = TinyData.Make(_folder);
        var bad = Path.Combine(data, "train", "red", name);
        File.WriteAllText(bad, content);
        var shell = Train(data);
        Assert.Equal(1, shell.Code);
        Assert.Contains($"error: {Path.Combine(data, "train", "red")}/{message}", shell.Error, StringComparison.Ordinal);
        Assert.Contains($"then: fovea train --data {data} --out {Run} --resume (or add --set data.bad_images=skip)", shell.Error, StringComparison.Ordinal);

        var resumed = Shell.Run("train", "--data", data, "--out", Run, "--resume", "--set", "data.bad_images=skip");
        Assert.Equal(0, resumed.Code);
        Assert.Contains("(skipped; 1 so far)", resumed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_image_is_named()
    {
        var data = TinyData.Make(_folder);
        var path = Path.Combine(data, "train", "red", "000.png");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^200]);
        var shell = Train(data);
        Assert.Equal(1, shell.Code);
        Assert.Contains($"error: {path}: ", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_claims_to_be_huge_is_named_before_it_takes_memory()
    {
        var data = TinyData.Make(_folder);
        var path = Path.Combine(data, "train", "red", "000.png");
        var bytes = File.ReadAllBytes(path);
        bytes[16] = bytes[20] = 0x7f; // the high bytes of width and height in a PNG's header
        File.WriteAllBytes(path, bytes);
        var shell = Train(data);
        Assert.Equal(1, shell.Code);
        Assert.Contains($"error: {path}: ", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_images_are_skipped_or_moved_away_when_asked_and_named_each()
    {
        var data = TinyData.Make(_folder);
        var bad = Path.Combine(data, "train", "red", "bad.jpg");
        File.WriteAllText(bad, "no image");
        var shell = Train(data, "--set", "data.bad_images=quarantine", "--json");
        Assert.Equal(0, shell.Code);
        Assert.Single(shell.Error.Split('\n'), line => line.StartsWith($"warning: {bad}: ", StringComparison.Ordinal));
        Assert.False(File.Exists(bad));
        Assert.True(File.Exists(Path.Combine(Run, "quarantine", "train", "red", "bad.jpg")));
        Assert.Contains("bad.jpg", File.ReadAllText(Path.Combine(Run, "log.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_images_in_evaluation_are_skipped_when_asked_and_counted()
    {
        var data = TinyData.Make(_folder);
        Assert.Equal(0, Train(data, "--set", "train.epochs=1").Code);
        File.WriteAllText(Path.Combine(data, "val", "red", "bad.png"), "");
        var strict = Shell.Run("validate", "--run", Run, "--data", data);
        Assert.Equal((1, ""), (strict.Code, strict.Out));
        var skipping = Shell.Run("validate", "--run", Run, "--data", data, "--bad-images", "skip", "--json");
        Assert.Equal((0, 12, 1), (skipping.Code, skipping.Json.GetProperty("images").GetInt32(), skipping.Json.GetProperty("bad_images").GetInt32()));
    }
}
