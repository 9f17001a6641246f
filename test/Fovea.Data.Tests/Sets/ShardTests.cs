using System.Formats.Tar;
using System.Text;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Decoding;
using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Data.Sources.Shards;

namespace Fovea.Data.Tests.Sets;

public sealed class ShardTests : IDisposable
{
    private static readonly SourceOptions s_quick = new() { Transfer = new() { Delay = TimeSpan.FromMilliseconds(1), Attempts = 4 } };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Shards_of_a_pattern_are_read_in_order()
    {
        Write("s-009.tar", Shard(("a", 1), ("b", 0)));
        Write("s-010.tar", Shard(("a", 2)));

        var data = DataSet.Find(_folder["s-{009..010}.tar"]);
        var images = data.OpenAll().Images;

        Assert.Equal("tar shards", data.Kind);
        Assert.Equal(["s-009/a.png", "s-009/b.png", "s-010/a.png"], Enumerable.Range(0, 3).Select(images.Key));
        Assert.Equal($"{_folder["s-010.tar"]}: a.png", images.Path(2));
        Assert.Equal([1, 0, 2], Enumerable.Range(0, 3).Select(images.Label));
        Assert.Equal((ImageFormat.Png, 9, 5, 3), CifarTests.Facts(images.ReadHeader(2)));
        Assert.Equal(Fixtures.Picture(9, 5, 3).Pixels.ToArray(), CifarTests.Decoded(images, 2));
    }

    [Fact]
    public void Folder_of_shards_is_divided_by_their_names()
    {
        Write("x-train-0.tar", Shard(("a", 1), ("b", 0)));
        Write("x-train-1.tar.gz", CifarTests.Gzip(Shard(("c", 1))));
        Write("x-val-0.tar", Shard(("d", 1)));
        var parts = DataSet.Find(_folder.Path).Open();
        Assert.Equal((3, 1), (parts.Train.Count, parts.Validation.Count));
        Assert.Equal(Fixtures.Picture(9, 5, 2).Pixels.ToArray(), CifarTests.Decoded(parts.Train, 2));
    }

    [Fact]
    public void Folders_of_parts_hold_shards()
    {
        Write("train/0.tar", Shard(("a", 1), ("b", 0)));
        Write("val/0.tar", Shard(("d", 1)));
        var parts = DataSet.Find(_folder.Path).Open();
        Assert.Equal((2, 1), (parts.Train.Count, parts.Validation.Count));
    }

    [Fact]
    public void Class_may_be_a_name_or_stand_in_json()
    {
        Write("s.tar", CifarTests.Tar(
            ("dir/1.json", Text("{\"label\": 7, \"class_name\": \"cat\"}")), ("dir/1.png", Picture(1)), ("dir/2.png", Picture(2)),
                ("dir/2.json", Text("{\"label\":\"dog\"}")),
            ("3.seg.txt", Text("ignored")), ("3.PNG", Picture(3)), ("3.cls", Text("dog\n"))));
        var images = DataSet.Find(_folder["s.tar"]).OpenAll().Images;
        Assert.Equal(["cat", "dog", "dog"], Enumerable.Range(0, 3).Select(i => images.ClassNames[images.Label(i)]));
        Assert.Equal("s/dir/1.png", images.Key(0));
    }

    [Fact]
    public void Class_file_beside_the_shards_names_the_numbers()
    {
        Write("s.tar", Shard(("a", 1), ("b", 0)));
        File.WriteAllText(_folder["classes.txt"], "cat\ndog\n");
        Assert.Equal(["cat", "dog"], DataSet.Find(_folder["s.tar"]).OpenAll().Images.ClassNames);
        Write("s.tar", Shard(("a", 2), ("b", 0)));
        Refuses(_folder["s.tar"], "s.tar: a.png: the label is 2; wanted 0 to 1, as in ");
    }

    [Fact]
    public void Batches_are_the_same_for_any_number_of_workers_and_any_beginning()
    {
        Write("s.tar", Shard([.. Enumerable.Range(0, 11).Select(i => ($"{i:00}", i))]));
        var source = DataSet.Find(_folder["s.tar"]).OpenAll().Images;
        var whole = Epoch(source, workers: 1, start: 0);
        Assert.Equal(whole, Epoch(source, workers: 4, start: 0));
        Assert.Equal(whole[2..], Epoch(source, workers: 2, start: 2));
    }

    [Theory]
    [InlineData(int.MaxValue, false, false)]
    [InlineData(700, false, false)]
    [InlineData(150, false, true)]
    [InlineData(int.MaxValue, true, false)]
    public void Shards_of_a_server_that_drops_connections_are_read_whole(int mostBytes, bool ignoresRanges, bool packed)
    {
        using var server = new FlakyServer { MostBytes = mostBytes, IgnoresRanges = ignoresRanges };
        var name = packed ? "tar.gz" : "tar";
        server.Files[$"d/s-0.{name}"] = packed ? CifarTests.Gzip(Shard(("a", 1), ("b", 0))) : Shard(("a", 1), ("b", 0));
        server.Files[$"d/s-1.{name}"] = packed ? CifarTests.Gzip(Shard(("c", 2))) : Shard(("c", 2));

        var images = DataSet.Find($"{server.Address}d/s-{{0..1}}.{name}", s_quick).OpenAll().Images;

        Assert.Equal(["s-0/a.png", "s-0/b.png", "s-1/c.png"], Enumerable.Range(0, 3).Select(images.Key));
        Assert.Equal(Fixtures.Picture(9, 5, 3).Pixels.ToArray(), CifarTests.Decoded(images, 2));
        if (mostBytes < int.MaxValue) Assert.Contains($"d/s-0.{name} {mostBytes}-", server.Requests);
        else Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public void Server_that_ignores_ranges_is_read_past_what_is_known()
    {
        using var server = new FlakyServer { MostBytes = 2000, IgnoresRanges = true };
        server.Files["s.tar"] = Shard(("a", 1), ("b", 0));
        server.Before = number => server.MostBytes += 2000;
        Assert.Equal(2, DataSet.Find($"{server.Address}s.tar", s_quick).OpenAll().Images.Count);
        Assert.True(server.Requests.Count > 1);
    }

    [Fact]
    public void Server_that_is_busy_for_a_while_is_asked_again()
    {
        using var server = new FlakyServer { Refuses = number => number < 3 ? 503 : null };
        server.Files["s.tar"] = Shard(("a", 1));
        Assert.Equal(1, DataSet.Find($"{server.Address}s.tar", s_quick).OpenAll().Images.Count);
    }

    [Fact]
    public void Server_that_stays_busy_is_given_up_with_its_answer()
    {
        using var server = new FlakyServer { Refuses = _ => 503 };
        Refuses($"{server.Address}s.tar",
            "s.tar: 4 connections in a row failed at byte 0, the last one so: the server answers 503 No; wanted a server that answers");
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public void Shard_that_a_server_lacks_is_named_at_once()
    {
        using var server = new FlakyServer();
        Refuses($"{server.Address}s.tar", "s.tar: the server answers 404 Not Found; wanted an address where the file is");
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Shard_that_changes_on_the_server_meanwhile_is_refused()
    {
        using var server = new FlakyServer { MostBytes = 700 };
        server.Files["s.tar"] = Shard(("a", 1), ("b", 0));
        server.Before = number => server.Files["s.tar"] = number == 0 ? Shard(("a", 1), ("b", 0)) : Shard(("a", 2), ("b", 0));
        Refuses($"{server.Address}s.tar", "s.tar: the file on the server is another one: its tag was ");
    }

    [Fact]
    public void Truncated_shard_is_refused()
    {
        var bytes = Shard(("a", 1), ("b", 0));
        Write("s.tar", bytes[..600]);
        Refuses(_folder["s.tar"], "it is damaged, truncated, or cannot be read");
        Write("s.tar.gz", CifarTests.Gzip(bytes)[..^40]);
        Refuses(_folder["s.tar.gz"], "it is damaged, truncated, or cannot be read");
    }

    [Fact]
    public void Shard_without_its_end_is_told()
    {
        Write("s.tar", Shard(("a", 1), ("b", 0))[..^1024]);
        Assert.Contains(
            DataSet.Find(_folder["s.tar"]).Open().Warnings, warning =>
                warning.EndsWith("it does not end as tar archives do, and may be truncated", StringComparison.Ordinal));
    }

    [Fact]
    public void Shard_that_was_cut_after_it_was_listed_is_a_bad_image()
    {
        Write("s.tar", Shard(("a", 1), ("b", 0)));
        var images = DataSet.Find(_folder["s.tar"]).OpenAll().Images;
        Write("s.tar", Shard(("a", 1), ("b", 0))[..600]);
        var e = Assert.Throws<ImageException>(() => images.Read(1, new ByteBuffer()));
        Assert.Contains("s.tar: b.png: the shard ends after ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_that_is_there_twice_is_refused() =>
        RefusesMembers("s.tar: a: this sample is there twice; wanted each once", "a.png", "a.cls", "b.png", "b.cls", "a.png", "a.cls");

    [Fact]
    public void Member_that_is_there_twice_is_refused() =>
        RefusesMembers("s.tar: a.cls: this member is there twice; wanted each once", "a.png", "a.cls", "a.cls");

    [Fact]
    public void Sample_with_two_images_is_refused() =>
        RefusesMembers("s.tar: a.jpg: the sample has a.png besides; wanted one image each", "a.png", "a.jpg", "a.cls");

    [Fact]
    public void Sample_without_a_class_is_refused() =>
        RefusesMembers("s.tar: a: the sample does not say its class (png); wanted a .cls, or a .json with a label", "a.png", "b.png", "b.cls");

    [Fact]
    public void Sample_without_an_image_is_refused() => RefusesMembers("s.tar: a: the sample has no image but cls; wanted a .jpg", "a.cls", "b.png", "b.cls");

    [Theory]
    [InlineData("../a.png")]
    [InlineData("/a.png")]
    public void Member_whose_path_leads_out_is_refused(string name) => RefusesMembers("its path leads out of the shard; wanted paths within it", name);

    [Fact]
    public void Member_that_is_a_link_is_refused()
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true)) tar.WriteEntry(
            new PaxTarEntry(TarEntryType.SymbolicLink, "a.png") { LinkName = "/etc/passwd" });
        Write("s.tar", bytes.ToArray());
        Refuses(_folder["s.tar"], "s.tar: a.png: it is a link; wanted files alone");
    }

    [Fact]
    public void Broken_json_is_refused()
    {
        Write("s.tar", CifarTests.Tar(("a.png", Picture(1)), ("a.json", Text("{"))));
        Refuses(_folder["s.tar"], "s.tar: a.json: it cannot be read (");
    }

    [Fact]
    public void Missing_shard_of_a_pattern_is_named()
    {
        Write("s-0.tar", Shard(("a", 1)));
        Refuses(_folder["s-{0..2}.tar"], "s-1.tar is missing, one of 3 shards; wanted all shards of the pattern");
    }

    [Theory]
    [InlineData("a-{000..002}.tar", "a-000.tar a-001.tar a-002.tar")]
    [InlineData("a-{8..11}", "a-8 a-9 a-10 a-11")]
    [InlineData("a-{08..11}", "a-08 a-09 a-10 a-11")]
    [InlineData("{x,y}/{0..1}", "x/0 x/1 y/0 y/1")]
    [InlineData("plain{}.tar", "plain{}.tar")]
    public void Braces_expand_as_in_a_shell(string pattern, string names) => Assert.Equal(names.Split(' '), ShardPattern.Expand(pattern));

    [Theory]
    [InlineData("a-{2..0}.tar", "{2..0} is no range; wanted the smaller number first")]
    [InlineData("a-{0..999999999}.tar", "stands for 1000000000 shards; wanted at most 100000")]
    [InlineData("a-{0..9999}-{0..9999}.tar", "stands for 100000000 shards; wanted at most 100000")]
    public void Wrong_pattern_is_refused(string pattern, string message) =>
        Assert.Contains(message, Assert.Throws<DataException>(() => ShardPattern.Expand(pattern)).Message, StringComparison.Ordinal);

    private static byte[] Shard(params (string Key, int Label)[] samples) =>
        CifarTests.Tar([.. samples.SelectMany(sample =>
            new[] { ($"{sample.Key}.png", Picture((ulong)sample.Label + 1)), ($"{sample.Key}.cls", Text($"{sample.Label}")) })]);

    private static byte[] Picture(ulong seed) => PngEncoder.Encode(Fixtures.Picture(9, 5, seed));

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static string[] Epoch(IImageSource source, int workers, int start)
    {
        using var loader = new BatchLoader(source, ImagePipeline.Train(4), new() { BatchSize = 3, IsTraining = true, Seed = 5, Workers = workers });
        return [.. loader.Epoch(1, start).Select(batch => string.Join(',', batch.Samples.ToArray()) + string.Join(',', batch.Images.Span[..9].ToArray()))];
    }

    private static void Refuses(string path, string message) =>
        Assert.Contains(message, Assert.Throws<DataException>(() => DataSet.Find(path, s_quick)).Message, StringComparison.Ordinal);

    private void RefusesMembers(string message, params string[] names)
    {
        Write("s.tar", CifarTests.Tar([.. names.Select(name => (name, name.EndsWith("cls", StringComparison.Ordinal) ? Text("1") : Picture(1)))]));
        Refuses(_folder["s.tar"], message);
    }

    private void Write(string name, byte[] data) => _folder.Write(name, data);
}
