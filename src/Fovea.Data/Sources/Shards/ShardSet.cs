using Fovea.Data.Sources.Archives;
using Fovea.Data.Sources.Lists;
using Fovea.Data.Transfer;

namespace Fovea.Data.Sources.Shards;

/// <summary>Reads shards: those of files are listed and read when their turn comes, packed ones and those of servers are held in memory.</summary>
internal static class ShardSet
{
    private const int Block = 512;

    /// <summary>The parts that shards are of, as their names and folders say.</summary>
    /// <param name="shards">Files and addresses, in order.</param>
    /// <param name="classes">A file of class names, or null.</param>
    /// <param name="transfer">How patient transfers are.</param>
    /// <param name="stop">Ends reading.</param>
    /// <returns>The parts, whether the classes are known by number alone, and what is odd.</returns>
    /// <exception cref="DataException">A shard is missing or damaged, or those that are held in memory are too large.</exception>
    public static (IReadOnlyList<DataPart> Parts, bool AreNumbers, IReadOnlyList<string> Notes) Read(
        IReadOnlyList<string> shards, string? classes, TransferOptions transfer, CancellationToken stop)
    {
        var (left, notes) = (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2, new List<string>());
        using var client = FollowRedirects.Client();
        var read = new List<(string Place, IReadOnlyList<ShardSample> Samples)>();
        foreach (var shard in shards) read.Add((shard, Samples(shard, Spend)));
        var names = LabelNames.Of(read.SelectMany(shard => shard.Samples).Select(sample => sample.Label), classes);
        var parts = read.GroupBy(shard => KindOf(shard.Place)).OrderBy(group => group.Key).Select(group => Part(group.Key, [.. group], names));
        return ([.. parts], names.AreNumbers, notes);

        void Spend(long bytes)
        {
            left -= bytes;
            if (left < 0)
                throw new DataException(
                    shards[0], "the images of these shards do not fit into half of the memory, where packed and remote ones are held",
                    "shards as .tar files on a disk");
        }

        IReadOnlyList<ShardSample> Samples(string shard, Action<long> spend) => IsAddress(shard)
            ? Remote(shard, new ResumingStream(client, new Uri(shard), 0, transfer, stop), spend, stop)
            : Local(shard, spend, notes, stop);
    }

    /// <summary>Whether a place is on a server.</summary>
    public static bool IsAddress(string place) =>
        place.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || place.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static IReadOnlyList<ShardSample> Remote(string shard, ResumingStream stream, Action<long> spend, CancellationToken stop)
    {
        using (stream) return ArchiveFiles.Guarded(shard, () =>
        {
            using var content = ArchiveFiles.Unpacked(stream, shard.EndsWith("gz", StringComparison.OrdinalIgnoreCase));
            var samples = new ShardReader(shard, keepsBytes: true, spend).Read(content, stop);
            content.CopyTo(Stream.Null);
            return samples;
        });
    }

    private static IReadOnlyList<ShardSample> Local(string shard, Action<long> spend, List<string> notes, CancellationToken stop) =>
        ArchiveFiles.Content(shard, stream =>
    {
        if (stream is not FileStream file)
        {
            var samples = new ShardReader(shard, keepsBytes: true, spend).Read(stream, stop);
            stream.CopyTo(Stream.Null);
            return samples;
        }

        var listed = new ShardReader(shard, keepsBytes: false, spend).Read(file, stop);
        var end = new byte[Block];
        file.Position = Math.Max(0, file.Length - Block);
        if (file.Read(end) < Block || end.AsSpan().ContainsAnyExcept((byte)0)) notes.Add($"{shard}: it does not end as tar archives do, and may be truncated");
        return listed;
    });

    private static DataPart Part(PartKind kind, IReadOnlyList<(string Place, IReadOnlyList<ShardSample> Samples)> shards, LabelNames names)
    {
        var stems = shards.Select(shard => Stem(shard.Place)).ToArray();
        var areDifferent = stems.Distinct().Count() == stems.Length;
        var images = new ShardImages(names.Names,
        [
            .. shards.Select((shard, i) => (
                shard.Place, areDifferent ? stems[i] : $"{i}-{stems[i]}", shard.Samples,
                shard.Samples.Select(sample => names.PlaceOf(sample.Label, $"{shard.Place}: {sample.Key}")).ToArray())),
        ]);
        return new(kind switch { PartKind.Train => "train", PartKind.Validation => "val", _ => "test" }, kind, images);
    }

    /// <summary>What a shard is for: a word of its name says so, or the name of its folder; otherwise it is trained on.</summary>
    private static PartKind KindOf(string place)
    {
        var names = place.Split('/');
        var words = Stem(place).Split([' ', '_', '-', '.']).Select(PartNames.Of).OfType<PartKind>().Distinct().ToArray();
        return words is [var kind] ? kind : names.Length > 1 && PartNames.Of(names[^2]) is { } folder ? folder : PartKind.Train;
    }

    private static string Stem(string place)
    {
        var name = place[(place.LastIndexOf('/') + 1)..];
        return name.IndexOf(".tar", StringComparison.OrdinalIgnoreCase) is var at and > 0 ? name[..at] : name;
    }
}
