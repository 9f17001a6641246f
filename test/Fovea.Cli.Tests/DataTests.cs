using Fovea.Data.Augment;
using Fovea.Data.Decoding;

namespace Fovea.Cli.Tests;

public sealed class DataTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("fovea-data").FullName;

    public DataTests()
    {
        var rgb = new byte[3 * 20 * 16];
        foreach (var (name, count) in new[] { ("cat", 5), ("dog", 3) })
        {
            Directory.CreateDirectory(Folder(name));
            for (var i = 0; i < count; i++) File.WriteAllBytes(Path.Combine(Folder(name), $"{i}.png"), PngEncoder.EncodeRgb(rgb, 20, 16));
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    [Trait("row", "S0-08")]
    public void Stats_counts_classes_sizes_and_formats()
    {
        var json = Shell.Run("data", "stats", Folder(), "--json").Json;
        Assert.Equal(8, json.GetProperty("images").GetInt32());
        Assert.Equal(
            [("cat", 5), ("dog", 3)],
            json.GetProperty("classes").EnumerateArray().Select(row => (row.GetProperty("name").GetString(), row.GetProperty("images").GetInt32())));
        Assert.Equal((20, 16), (json.GetProperty("width").GetProperty("max").GetInt32(), json.GetProperty("height").GetProperty("min").GetInt32()));
        Assert.Equal(8, json.GetProperty("formats").GetProperty("png").GetInt32());
        Assert.Contains("8 images in 2 classes, 1 size;", Shell.Run("data", "stats", Folder()).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Stats_counts_each_part_beside_the_whole()
    {
        foreach (var part in new[] { "Train", "Test" }) Directory.CreateDirectory(Path.Combine(_root, "parted", part));
        Directory.Move(Folder("cat"), Path.Combine(_root, "parted", "Train", "cat"));
        Directory.Move(Folder("dog"), Path.Combine(_root, "parted", "Test", "dog"));
        var shell = Shell.Run("data", "stats", Path.Combine(_root, "parted"));
        Assert.StartsWith("class  images  Train  Test\ncat         5      5     0\ndog         3      0     3\n", shell.Out, StringComparison.Ordinal);
        Assert.Contains("formats: 8 PNG;", shell.Out, StringComparison.Ordinal);
        var parts = Shell.Run("data", "stats", Path.Combine(_root, "parted"), "--json").Json.GetProperty("parts");
        Assert.Equal((5, 3), (parts.GetProperty("Train").GetInt32(), parts.GetProperty("Test").GetInt32()));
    }

    [Fact]
    public void Stats_warns_of_a_single_class_and_draws_a_dash_for_a_spread_of_one_number()
    {
        Directory.Delete(Folder("dog"), recursive: true);
        var shell = Shell.Run("data", "stats", Folder());
        Assert.Contains("one class alone; training wants at least 2 class folders", shell.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", shell.Out, StringComparison.Ordinal);
        Assert.Matches(@"images per class +1 +5\.000000 +- +5\.000000", shell.Out);
    }

    [Fact]
    public void Split_says_that_parts_which_are_there_are_put_together()
    {
        var (first, second) = (Path.Combine(_root, "first"), Path.Combine(_root, "second"));
        Assert.Equal("", Shell.Run("data", "split", Folder(), "--out", first, "--fraction", "0.4", "--mode", "copy").Error);
        Assert.Equal(
            "warning: train/, val/: are put together and divided anew\n",
            Shell.Run("data", "split", first, "--out", second, "--fraction", "0.4", "--mode", "copy").Error);
    }

    [Fact]
    public void Check_names_formats_as_people_write_them()
    {
        File.Move(Path.Combine(Folder("dog"), "2.png"), Path.Combine(Folder("dog"), "2.jpg"));
        Assert.Contains("named .jpg, but its content is PNG;", Shell.Run("data", "check", Folder()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_names_the_first_of_many_files_with_other_names_and_counts_the_rest()
    {
        var files = Directory.GetFiles(Folder("cat"), "*.png");
        Assert.Equal(5, files.Length);
        foreach (var file in files) File.Move(file, Path.ChangeExtension(file, ".jpg"));
        var lines = Shell.Run("data", "check", Folder()).Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("warning: so 2 other files are, which --json lists: named after another format", lines[3], StringComparison.Ordinal);
        Assert.Equal(5, Shell.Run("data", "check", Folder(), "--json").Json.GetProperty("warnings").GetArrayLength());
    }

    [Theory]
    [InlineData("copy")]
    [InlineData("link")]
    public void Split_makes_parts_that_can_be_opened(string mode)
    {
        var target = Path.Combine(_root, "split");
        var json = Shell.Run("data", "split", Folder(), "--out", target, "--fraction", "0.4", "--mode", mode, "--json").Json;
        Assert.Equal((5, 3), (json.GetProperty("train").GetInt32(), json.GetProperty("val").GetInt32()));
        Assert.Equal(8, Shell.Run("data", "stats", target, "--json").Json.GetProperty("images").GetInt32());
        Assert.Equal(2, Directory.GetFiles(Path.Combine(target, "val", "cat")).Length);
        Shell.Fails(1, $"{target}: the folder is not empty; wanted an empty or a new one", "data", "split", Folder(), "--out", target);
    }

    [Fact]
    public void Check_names_a_truncated_image_and_moves_it_when_asked()
    {
        var bad = Path.Combine(Folder("dog"), "2.png");
        File.WriteAllBytes(bad, File.ReadAllBytes(bad)[..60]);
        var shell = Shell.Run("data", "check", Folder());
        Assert.Equal(1, shell.Code);
        Assert.StartsWith($"error: {bad}: ", shell.Error, StringComparison.Ordinal);
        Assert.Equal("8 images, 1 of them bad\n", shell.Out);
        Assert.True(File.Exists(bad));
        var moved = Shell.Run("data", "check", Folder(), "--quarantine", Path.Combine(_root, "bad"), "--json").Json.GetProperty("bad")[0];
        Assert.Equal("dog", moved.GetProperty("class").GetString());
        Assert.False(File.Exists(bad));
        Assert.True(File.Exists(moved.GetProperty("moved_to").GetString()));
        Assert.Equal(0, Shell.Run("data", "check", Folder()).Code);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("val")]
    [InlineData("cifar")]
    public void Bench_data_reads_every_image(string mode)
    {
        var json = Shell.Run("bench", "data", Folder(), "--mode", mode, "--image-size", "16", "--workers", "1", "--epochs", "2", "--batch", "3", "--json").Json;
        Assert.Equal(16, json.GetProperty("images").GetInt32());
        Assert.Equal(16 / json.GetProperty("seconds").GetDouble(), json.GetProperty("images_per_s").GetDouble(), 1e-6);
    }

    [Fact]
    public void Bench_augment_lists_every_transform_and_mixer()
    {
        var json = Shell.Run("bench", "augment", "--image-size", "8", "--json").Json.GetProperty("augmentations").EnumerateArray().ToArray();
        Assert.Equal(
            ["none", .. Transform.Kinds.Select(step => step.Kind), .. Mixer.Kinds.Select(mixer => mixer.Kind)],
            json.Select(row => row.GetProperty("kind").GetString()));
        Assert.All(json, row => Assert.True(row.GetProperty("us").GetDouble() > 0));
    }

    [Theory]
    [InlineData("--fraction is 1; wanted above 0 and below 1", "data", "split", "x", "--out", "y", "--fraction", "1")]
    [InlineData("--workers is -1; wanted at least 0", "bench", "data", "x", "--workers", "-1")]
    [InlineData("'fovea data' wants a command: download, synth, stats, split, longtail, check, preview", "data")]
    [InlineData("'fovea bench data': --mode is 'test'; wanted train or val or cifar", "bench", "data", "x", "--mode", "test")]
    public void Bad_values_say_what_is_wanted(string message, params string[] args) => Shell.Fails(2, message, args);

    [Fact]
    public void Missing_folder_is_named() =>
        Shell.Fails(
            2, $"{_root}/none: there is no such file or folder; wanted a folder with train/ and val/ (or test/), one with class folders, "
            + "a list, an archive or tar shards", "data", "stats",
            $"{_root}/none");

    [Fact]
    public void Synth_draws_the_same_bytes_for_the_same_seed()
    {
        string[] options = ["--classes", "2", "--images", "16", "--seed", "3"];
        var json = Shell.Run(["data", "synth", Path.Combine(_root, "a"), .. options, "--json"]).Json;
        Assert.Equal((16, 2), (json.GetProperty("images").GetInt32(), json.GetProperty("classes").GetArrayLength()));
        Assert.Equal(0, Shell.Run(["data", "synth", Path.Combine(_root, "b"), .. options]).Code);
        var drawn = Directory.GetFiles(Path.Combine(_root, "a", "train"), "*", SearchOption.AllDirectories);
        Assert.NotEmpty(drawn);
        Assert.All(
            drawn,
            file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_root, "b", Path.GetRelativePath(Path.Combine(_root, "a"), file)))));
        Assert.Equal(16, Shell.Run("data", "stats", Path.Combine(_root, "a"), "--json").Json.GetProperty("images").GetInt32());
    }

    [Fact]
    public void Synth_says_which_options_are_out_of_range() =>
        Shell.Fails(
            2, "data synth: classes is 1; wanted 2 to 96; images is 3; wanted 16 (8 per class) to 1000000", "data", "synth", $"{_root}/c", "--classes", "1",
            "--images", "3");

    private string Folder(string name = "") => Path.Combine(_root, "images", name).TrimEnd('/');
}
