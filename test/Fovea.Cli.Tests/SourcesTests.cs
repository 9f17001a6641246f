using System.Formats.Tar;
using System.IO.Compression;
using Fovea.Data.Decoding;
using Fovea.Data.Tests;
using Fovea.Tensors;

namespace Fovea.Cli.Tests;

/// <summary>Data that is no folder of class folders, from training to evaluation.</summary>
public sealed class SourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("row", "S2-03")]
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
    public void A_run_remembers_how_its_data_is_read()
    {
        var (data, lists, run) = (TinyData.Make(_folder, train: 8, validation: 4), _folder.Path("lists"), _folder.Path("run"));
        Assert.Equal(0, Shell.Run("data", "split", data, "--out", lists, "--fraction", "0.25", "--mode", "lists").Code);
        Assert.Equal(0, Shell.Run(["train", .. TinyData.Flags, "--data", lists, "--image-root", data, "--out", run]).Code);
        Assert.Contains($"# image root: {data}\n", File.ReadAllText(Path.Combine(run, "recipe.yaml")), StringComparison.Ordinal);

        var resumed = Shell.Run("train", "--data", lists, "--out", run, "--resume", "--set", "train.epochs=3", "--json");
        Assert.Equal(3, resumed.Json.GetProperty("epochs").GetInt32());
        Assert.Contains($"# image root: {data}\n", File.ReadAllText(Path.Combine(run, "recipe.yaml")), StringComparison.Ordinal);
        Assert.Equal(0, Shell.Run("deploy", run, "-o", _folder.Path("m.fovea"), "--images", "6").Code);
        Assert.Equal(0, Shell.Run("deploy", run, "-o", _folder.Path("m.fovea"), "--images", "6", "--data", lists).Code);
        foreach (var model in new[] { "--run", "--model" })
            Assert.Equal(9, Shell.Run("validate", model, run, "--data", lists, "--json").Json.GetProperty("images").GetInt32());
        Assert.Equal(1, Shell.Run("validate", "--model", _folder.Path("m.fovea"), "--data", lists).Code);
    }

    [Fact]
    public void Predict_takes_archives_shards_and_files_in_the_order_in_which_they_stand()
    {
        var (data, run) = (TinyData.Make(_folder, train: 4, validation: 2), _folder.Path("run"));
        Assert.Equal(0, Shell.Run(["train", .. TinyData.Flags, "--set", "train.epochs=1", "--data", data, "--out", run]).Code);
        var (archive, image) = (_folder.Path("cifar-10-binary.tar.gz"), Path.Combine(data, "val", "red", "000.png"));
        File.WriteAllBytes(archive, Archive(("data_batch_1.bin", Batch(12, 1)), ("test_batch.bin", Batch(5, 2))));
        foreach (var shard in new[] { "0", "1" })
        {
            using var tar = new TarWriter(File.Create(_folder.Path($"part-{shard}.tar")));
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{shard}.png") { DataStream = new MemoryStream(File.ReadAllBytes(image)) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{shard}.cls") { DataStream = new MemoryStream("2"u8.ToArray()) });
        }

        var shell = Shell.Run("predict", image, archive, _folder.Path("part-{0..1}.tar"), image, "--run", run, "--json");

        Assert.Equal("", shell.Error);
        var images = shell.Json.GetProperty("images").EnumerateArray().ToArray();
        Assert.Equal(1 + 17 + 2 + 1, images.Length);
        Assert.Equal(image, images[0].GetProperty("path").GetString());
        Assert.StartsWith(archive, images[1].GetProperty("path").GetString(), StringComparison.Ordinal);
        foreach (var i in new[] { 18, 19, 20 }) Assert.Equal(images[0].GetProperty("predictions").ToString(), images[i].GetProperty("predictions").ToString());
    }

    [Fact]
    public void Csv_is_counted_checked_and_predicted()
    {
        var data = TinyData.Make(_folder, train: 3, validation: 1);
        var csv = Path.Combine(data, "labels.csv");
        File.WriteAllText(
            csv, "file,label\n" + string.Concat(TinyData.Classes.Select((name, label) => $"train/{name}/000.png,{label}\ntrain/{name}/001.png,{label}\n")));
        File.WriteAllLines(_folder.Path("names.txt"), TinyData.Classes);

        var json = Shell.Run("data", "stats", csv, "--label-names", _folder.Path("names.txt"), "--json").Json;

        Assert.Equal(TinyData.Classes, json.GetProperty("classes").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        Assert.Equal(6, json.GetProperty("images").GetInt32());
        Assert.Equal("6 images, 0 of them bad\n", Shell.Run("data", "check", csv).Out);
    }

    [Fact]
    [Trait("row", "S2-03")]
    public void Archive_of_cifar_is_trained_on_evaluated_and_made_long_tailed()
    {
        var archive = _folder.Path("cifar-10-binary.tar.gz");
        File.WriteAllBytes(archive, Archive(("data_batch_1.bin", Batch(60, 1)), ("test_batch.bin", Batch(20, 2))));

        var trained = Shell.Run(["train", .. TinyData.Flags, "--set", "train.epochs=1", "--data", archive, "--out", _folder.Path("run")]);
        Assert.Equal("", trained.Error);
        Assert.Contains("10 classes, input 3×32×32", trained.Out, StringComparison.Ordinal);
        var json = Shell.Run("validate", "--run", _folder.Path("run"), "--data", archive, "--json").Json;
        Assert.Equal(20, json.GetProperty("images").GetInt32());

        var tail = Shell.Run("data", "longtail", archive, _folder.Path("lt"), "--factor", "6", "--mode", "copy", "--json").Json;
        Assert.Equal((25, 20), (tail.GetProperty("train").GetInt32(), tail.GetProperty("val").GetInt32()));
        var stats = Shell.Run("data", "stats", _folder.Path("lt"), "--headers", "--json").Json;
        Assert.Equal(8, stats.GetProperty("classes")[0].GetProperty("images").GetInt32());
        Assert.Equal(45, stats.GetProperty("formats").GetProperty("png").GetInt32());
        Shell.Fails(2, "--factor is 0.5; wanted a number from 1 on", "data", "longtail", archive, _folder.Path("x"), "--factor", "0.5");
    }

    [Fact]
    public void Predict_takes_a_list()
    {
        var data = TinyData.Make(_folder, train: 4, validation: 2);
        var list = Path.Combine(data, "list.txt");
        File.WriteAllText(list, "val/blue/000.png 0\nval/red/001.png 2\n");
        Assert.Equal(0, Shell.Run(["train", .. TinyData.Flags, "--set", "train.epochs=1", "--data", data, "--out", _folder.Path("run")]).Code);
        var json = Shell.Run("predict", list, "--run", _folder.Path("run"), "--json").Json;
        Assert.Equal(
            [$"{data}/val/blue/000.png", $"{data}/val/red/001.png"],
                json.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("path").GetString()));
    }

    [Fact]
    public void Download_goes_on_after_dropped_connections_and_refuses_another_file()
    {
        using var server = new FlakyServer { MostBytes = 900 };
        server.Files["m/cifar-10-binary.tar.gz"] = new byte[2000];
        var shell = Shell.Run("data", "download", "cifar10", _folder.Path("to"), "--from", $"{server.Address}m");
        Assert.Equal(1, shell.Code);
        Assert.Contains($"{server.Address}m/cifar-10-binary.tar.gz: its SHA-256 is ", shell.Error, StringComparison.Ordinal);
        Assert.Equal(3, server.Requests.Count);
        Assert.Empty(Directory.GetFiles(_folder.Path("to")));
        Shell.Fails(2, "NAME is 'svhn'; wanted cifar10 or cifar100 or mnist or fashion-mnist", "data", "download", "svhn");
        Shell.Fails(2, "--from ftp://x: is no http(s) address; wanted one under which the files are", "data", "download",
            "mnist", _folder.Path("to"), "--from", "ftp://x");
    }

    [Fact]
    [Trait("row", "S0-08")]
    [Trait("row", "S0-09")]
    public void Stats_tells_duplicates_leaks_and_corrupt_images_and_draws_a_page()
    {
        var data = TinyData.Make(_folder, train: 3, validation: 1);
        File.Copy($"{data}/train/red/001.png", $"{data}/train/red/copy.png");
        File.Delete($"{data}/val/blue/000.png");
        File.Copy($"{data}/train/blue/002.png", $"{data}/val/blue/leak.png");
        File.WriteAllBytes($"{data}/val/red/bad.png", File.ReadAllBytes($"{data}/val/red/000.png")[..80]);
        var evil = Directory.CreateDirectory($"{data}/train/<b>&\"x").FullName;
        File.Copy($"{data}/train/blue/000.png", $"{evil}/a.png");
        var (page, plots) = (_folder.Path("page.html"), _folder.Path("plots"));

        var shell = Shell.Run("data", "stats", data, "--html", page, "--plots", plots);
        var json = Shell.Run("data", "stats", data, "--json").Json;

        Assert.Equal(0, shell.Code);
        Assert.Contains("leaks, exact duplicates in more than one part: ", shell.Out, StringComparison.Ordinal);
        Assert.Contains(["train/red/001.png", "train/red/copy.png"], Groups(json, "exact_duplicates"));
        Assert.Contains(Groups(json, "exact_leaks"), group => group.Contains("train/blue/002.png") && group.Contains("val/blue/leak.png"));
        Assert.Equal("val/red/bad.png", json.GetProperty("corrupt")[0].GetProperty("key").GetString());
        Assert.Equal(4, json.GetProperty("images_per_class").GetProperty("count").GetInt32());
        var html = File.ReadAllText(page);
        Assert.Contains("<td>&lt;b&gt;&amp;&quot;x</td>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>&", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split("data:image/png;base64,").Length - 1);
        foreach (var name in (string[])["classes.png", "resolutions.png"]) Assert.Equal(1000, ImageHeader.ReadFile(Path.Combine(plots, name)).Width);
    }

    [Fact]
    public void Stats_writes_nothing_into_the_data()
    {
        var data = TinyData.Make(_folder, train: 2, validation: 1);
        Shell.Fails(2, $"--html {data}/x.html: it lies in the data folder {data}; wanted a file beside it", "data", "stats", data, "--html", $"{data}/x.html");
        Assert.Equal(2, Shell.Run("data", "stats", data, "--plots", $"{data}/plots").Code);
    }

    [Fact]
    public void Flags_that_name_nothing_say_so()
    {
        var data = TinyData.Make(_folder, train: 2, validation: 1);
        Shell.Fails(2, "--image-root none: there is no such folder; wanted the folder where the paths of the list begin",
            "data", "stats", data, "--image-root", "none");
        Shell.Fails(
            2, "--label-names none: there is no such file; wanted one with the name of a class on each line", "data", "stats", data, "--label-names", "none");
    }

    private static string[][] Groups(System.Text.Json.JsonElement json, string name) =>
        [.. json.GetProperty(name).EnumerateArray().Select(group => group.EnumerateArray().Select(key => key.GetString()!).ToArray())];

    private static byte[] Archive(params (string Name, byte[] Data)[] files)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip, leaveOpen: true))
            foreach (var (name, data) in files) tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(data) });
        return bytes.ToArray();
    }

    private static byte[] Batch(int count, ulong seed)
    {
        const int record = 3073;
        var (noise, bytes) = (new Philox(seed, 1), new byte[count * record]);
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(i % record == 0 ? i / record % 10 : noise.Integer((ulong)i, 256));
        return bytes;
    }
}
