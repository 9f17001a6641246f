using System.Security.Cryptography;
using Fovea.Data.Downloads;
using Fovea.Data.Sources;
using Fovea.Data.Sources.Published;
using Fovea.Data.Transfer;

namespace Fovea.Data.Tests.Downloads;

public sealed class DownloadTests : IDisposable
{
    private static readonly TransferOptions s_quick = new() { Delay = TimeSpan.FromMilliseconds(1), Attempts = 3 };

    private readonly TemporaryFolder _folder = new();
    private readonly FlakyServer _server = new();
    private readonly byte[] _data = [.. Enumerable.Range(0, 50_000).Select(i => (byte)(i * i >> 5))];

    public DownloadTests() => _server.Files["d/data.bin"] = _data;

    private string Target => _folder["to/data.bin"];

    private string Part => _folder["to/data.bin.part"];

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void File_is_fetched_once_and_known_by_its_sums_afterwards()
    {
        Assert.Equal(["data.bin"], Fetch());
        Assert.Equal(_data, File.ReadAllBytes(Target));
        Assert.False(File.Exists(Part));
        Assert.Empty(Fetch());
        Assert.Single(_server.Requests);
    }

    [Fact]
    public void Connections_that_drop_are_followed_by_ones_for_the_rest()
    {
        _server.MostBytes = 9_000;
        var seen = new List<DownloadProgress>();
        Fetch(progress: seen.Add);
        Assert.Equal(_data, File.ReadAllBytes(Target));
        Assert.Equal(["d/data.bin", "d/data.bin 9000-", "d/data.bin 18000-", "d/data.bin 27000-", "d/data.bin 36000-", "d/data.bin 45000-"], _server.Requests);
        Assert.Equal(new DownloadProgress("data.bin", 50_000, 50_000), seen[^1]);
        Assert.Equal(seen.OrderBy(at => at.Bytes), seen);
    }

    [Fact]
    public void Server_that_ignores_ranges_is_read_past_what_is_here()
    {
        _folder.Write("to/data.bin.part", _data[..20_000]);
        _server.IgnoresRanges = true;
        Fetch();
        Assert.Equal(_data, File.ReadAllBytes(Target));
        Assert.Equal(["d/data.bin 20000-"], _server.Requests);
    }

    [Fact]
    public void Server_that_hides_lengths_is_read_to_its_end()
    {
        _server.HidesLength = true;
        Fetch();
        Assert.Equal(_data, File.ReadAllBytes(Target));
    }

    [Fact]
    public void Part_is_kept_when_a_server_gives_up_and_the_next_attempt_goes_on_from_it()
    {
        _server.MostBytes = 9_000;
        _server.Refuses = number => number >= 2 ? 503 : null;
        var e = Assert.Throws<DataException>(() => Fetch());
        Assert.Contains(
            "3 connections in a row failed at byte 18000, the last one so: the server answers 503 No; "
            + "wanted a server that answers; what has come is kept in ", e.Message, StringComparison.Ordinal);
        Assert.Equal(_data[..18_000], File.ReadAllBytes(Part));
        Assert.False(File.Exists(Target));

        (_server.MostBytes, _server.Refuses) = (int.MaxValue, _ => null);
        Fetch();
        Assert.Equal(_data, File.ReadAllBytes(Target));
        Assert.Equal("d/data.bin 18000-", _server.Requests[^1]);
    }

    [Fact]
    public void Part_that_is_whole_asks_for_nothing_more()
    {
        _folder.Write("to/data.bin.part", _data);
        Fetch();
        Assert.Equal(_data, File.ReadAllBytes(Target));
    }

    [Fact]
    public void Part_of_another_file_is_fetched_anew()
    {
        _folder.Write("to/data.bin.part", new byte[20_000]);
        Fetch();
        Assert.Equal(_data, File.ReadAllBytes(Target));
        Assert.Equal(["d/data.bin 20000-", "d/data.bin"], _server.Requests);
    }

    [Fact]
    public void Part_that_is_longer_than_the_file_is_fetched_anew()
    {
        _folder.Write("to/data.bin.part", new byte[60_000]);
        Fetch();
        Assert.Equal(_data, File.ReadAllBytes(Target));
        Fetch(knowsLength: false);
    }

    [Fact]
    public void Wrong_file_of_a_server_is_refused_and_not_kept()
    {
        _server.Files["d/data.bin"] = [.. _data[..^1], 77];
        var e = Assert.Throws<DataException>(() => Fetch());
        Assert.Contains("d/data.bin: its MD5 is ", e.Message, StringComparison.Ordinal);
        Assert.Contains("; wanted the published data.bin; --from names another server", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["to"]));
    }

    [Fact]
    public void Shorter_file_of_a_server_is_refused()
    {
        _server.Files["d/data.bin"] = _data[..100];
        Assert.Contains("its MD5 is ", Assert.Throws<DataException>(() => Fetch()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_file_in_its_place_is_neither_overwritten_nor_taken()
    {
        _folder.Write("to/data.bin", [1]);
        var e = Assert.Throws<DataException>(() => Fetch());
        Assert.Contains("a file stands here already, but its MD5 is ", e.Message, StringComparison.Ordinal);
        Assert.Equal([1], File.ReadAllBytes(Target));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public void File_that_a_server_lacks_is_named()
    {
        _server.Files.Clear();
        Assert.Contains("d/data.bin: the server answers 404 Not Found; wanted an address where the file is",
            Assert.Throws<DataException>(() => Fetch()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Link_in_place_of_the_part_is_not_written_through()
    {
        _folder.Write("other", [1]).Link("to/data.bin.part", _folder["other"]);
        Assert.Contains("data.bin.part: this is no file; wanted the part of a download, or nothing",
            Assert.Throws<DataException>(() => Fetch()).Message, StringComparison.Ordinal);
        Assert.Equal([1], File.ReadAllBytes(_folder["other"]));
    }

    [Fact]
    public void Stop_keeps_what_has_come()
    {
        using var stop = new CancellationTokenSource();
        _server.MostBytes = 9_000;
        _server.Before = number =>
        {
            if (number == 1) stop.Cancel();
        };
        Assert.ThrowsAny<OperationCanceledException>(() => Fetch(stop: stop.Token));
        Assert.True(new FileInfo(Part).Length >= 9_000);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public void Class_names_that_the_files_lack_are_written_beside_them()
    {
        Download.Fetch(Set() with { ClassNames = ["T-shirt/top", "Ankle boot"] }, _folder["to"], new Uri($"{_server.Address}d"), s_quick);
        Assert.Equal("T-shirt/top\nAnkle boot\n", File.ReadAllText(_folder["to/classes.txt"]));
    }

    [Fact]
    public void Redirect_is_followed_and_the_sum_that_a_hub_tells_with_it_is_held_to()
    {
        _server.Redirects["hub/data.bin"] = ("/d/data.bin", $"X-Linked-Size: {_data.Length}\r\nX-Linked-ETag: \"{Sha256(_data)}\"\r\n");
        _server.MostBytes = 30_000;
        Assert.True(FetchUnknown("hub"));
        Assert.Equal(_data, File.ReadAllBytes(Target));
        Assert.Equal(["hub/data.bin", "d/data.bin", "hub/data.bin 30000-", "d/data.bin 30000-"], _server.Requests);

        File.Delete(Target);
        _server.Files["d/data.bin"] = [.. _data[..^1], 77];
        var e = Assert.Throws<DataException>(() => FetchUnknown("hub"));
        Assert.Contains($"that of the published file {Sha256(_data)}", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["to"]));
    }

    [Fact]
    public void Part_of_an_earlier_attempt_is_gone_on_with_by_the_sum_that_a_hub_tells()
    {
        _server.Redirects["hub/data.bin"] = ($"{_server.Address}d/data.bin", $"X-Linked-ETag: \"{Sha256(_data)}\"\r\n");
        _folder.Write("to/data.bin.part", _data[..20_000]);
        FetchUnknown("hub");
        Assert.Equal(_data, File.ReadAllBytes(Target));
        Assert.Equal(["hub/data.bin 20000-", "d/data.bin 20000-"], _server.Requests);
    }

    [Fact]
    public void Part_of_a_file_whose_sum_nothing_tells_is_fetched_anew()
    {
        _folder.Write("to/data.bin.part", new byte[20_000]);
        FetchUnknown("d");
        Assert.Equal(_data, File.ReadAllBytes(Target));
        Assert.Equal(["d/data.bin 20000-", "d/data.bin"], _server.Requests);
    }

    [Fact]
    public void File_whose_sum_nothing_tells_is_tried_as_one_of_its_kind()
    {
        string? Page(Stream content) => content.ReadByte() == _data[0] && content.Length == 50_000 ? "it is a page" : null;
        var e = Assert.Throws<DataException>(() => FetchUnknown("d", Page));
        Assert.Contains("d/data.bin: it is a page; wanted the published data.bin", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["to"]));
        Assert.True(FetchUnknown("d", _ => null));
    }

    [Fact]
    public void Server_that_tells_too_large_a_length_is_asked_for_the_rest_until_there_is_none()
    {
        _server.LengthError = 1000;
        Fetch(knowsLength: false);
        Assert.Equal(_data, File.ReadAllBytes(Target));
    }

    [Fact]
    public void Server_that_tells_too_small_a_length_is_found_out_by_the_sum()
    {
        _server.LengthError = -1000;
        Assert.Contains("its MD5 is ", Assert.Throws<DataException>(() => Fetch(knowsLength: false)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["to"]));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    public void Server_that_is_busy_is_asked_again(int status)
    {
        _server.Refuses = number => number < 2 ? status : null;
        Fetch();
        Assert.Equal(_data, File.ReadAllBytes(Target));
        Assert.Equal(3, _server.Requests.Count);
    }

    [Fact]
    public void Server_that_asks_for_more_patience_than_there_is_gets_what_there_is()
    {
        (_server.Refuses, _server.RefusalHeaders) = (number => number < 2 ? 429 : null, "Retry-After: 86400\r\n");
        // On a busy machine a connection may well be silent for a second.
        var hasty = s_quick with { Silence = TimeSpan.FromSeconds(1), Attempts = 60 };
        Assert.True(Download.Fetch(Set().Files[0], Target, new Uri($"{_server.Address}d/"), hasty));
        Assert.Equal(_data, File.ReadAllBytes(Target));
    }

    [Fact]
    public void Nothing_stays_of_a_file_of_which_nothing_has_come()
    {
        _server.Refuses = _ => 500;
        Assert.EndsWith("; wanted a server that answers", Assert.Throws<DataException>(() => Fetch()).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["to"]));
    }

    [Fact]
    public async Task File_that_another_fetches_is_waited_for()
    {
        using var second = new ManualResetEventSlim();
        _server.Before = _ => second.Wait(TestContext.Current.CancellationToken);
        var first = Task.Run(() => Fetch(), TestContext.Current.CancellationToken);
        while (_server.Requests.Count == 0) await Task.Yield();
        var waiting = Task.Run(() => Fetch(progress: _ => second.Set()), TestContext.Current.CancellationToken);
        Assert.Equal(["data.bin"], await first);
        Assert.Empty(await waiting);
        Assert.Equal(_data, File.ReadAllBytes(Target));
        Assert.Single(_server.Requests);
        Assert.Single(Directory.GetFiles(_folder["to"]));
    }

    [Fact]
    public async Task Many_at_once_fetch_a_file_once_and_whole()
    {
        _server.MostBytes = 9_000;
        var fetched = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Fetch(), TestContext.Current.CancellationToken)));
        Assert.Single(fetched, files => files.Count == 1);
        Assert.Equal(_data, File.ReadAllBytes(Target));
        Assert.Equal(6, _server.Requests.Count);
        Assert.Single(Directory.GetFiles(_folder["to"]));
    }

    [Fact]
    public void First_digits_of_a_sum_are_held_to()
    {
        var file = new PublishedFile("data.bin", $"{_server.Address}d/", Sha256: Sha256(_data)[..8]);
        Assert.True(Download.Fetch(file, Target, options: s_quick));
        Assert.False(Download.Fetch(file, Target, options: s_quick));
        File.Delete(Target);
        var e = Assert.Throws<DataException>(() => Download.Fetch(file with { Sha256 = "00000000" }, Target, options: s_quick));
        Assert.Contains("that of the published file 00000000…; wanted the published data.bin", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sha_256_is_believed_before_md5()
    {
        var file = Set().Files[0] with { Md5 = "0", Sha256 = Convert.ToHexStringLower(SHA256.HashData(_data)) };
        Download.Fetch(new PublishedDataSet("x", [file]), _folder["to"], new Uri($"{_server.Address}d/"), s_quick);
        Assert.Equal(_data, File.ReadAllBytes(Target));
    }

    [Fact]
    [Trait("row", "S3-01")]
    public void Published_files_have_sums_addresses_and_names_of_their_own()
    {
        Assert.Equal(["cifar10", "cifar100", "mnist", "fashion-mnist"], PublishedDataSet.All.Select(set => set.Name));
        Assert.All(PublishedDataSet.All.SelectMany(set => set.Files), file =>
        {
            Assert.Matches("^[0-9a-f]{32}$", file.Md5!);
            Assert.Matches("^([0-9a-f]{64})?$", file.Sha256 ?? "");
            Assert.EndsWith("/", file.Address, StringComparison.Ordinal);
            Assert.True(Uri.IsWellFormedUriString(file.Address + file.Name, UriKind.Absolute));
        });
        Assert.Equal(10, PublishedDataSet.All.SelectMany(set => set.Files).Select(file => file.Md5).Distinct().Count());
    }

    private PublishedDataSet Set(bool knowsLength = true) => new(
        "x", [new("data.bin", "http://127.0.0.1:1/", Md5(_data), Bytes: knowsLength ? _data.Length : null)]);

    private IReadOnlyList<string> Fetch(bool knowsLength = true, Action<DownloadProgress>? progress = null, CancellationToken stop = default) =>
        Download.Fetch(Set(knowsLength), _folder["to"], new Uri($"{_server.Address}d/"), s_quick, progress, stop);

    /// <summary>Fetches a file of which no sum is known before.</summary>
    private bool FetchUnknown(string folder, Func<Stream, string?>? reading = null) =>
        Download.Fetch(new PublishedFile("data.bin", $"{_server.Address}{folder}/") { Reading = reading }, Target, options: s_quick);

    private static string Sha256(byte[] data) => Convert.ToHexStringLower(SHA256.HashData(data));

    private static string Md5(byte[] data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        hash.AppendData(data);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
