using System.Formats.Tar;
using Fovea.Data.Decoding;
using Fovea.Naming;

namespace Fovea.Data.Sources.Shards;

/// <summary>Reads a tar shard of WebDataset's form: members that lie one behind the other and share a name up to its first point are a sample.</summary>
/// <param name="shard">What messages call the shard.</param>
/// <param name="keepsBytes">Whether images are held in memory; otherwise their places in the file are.</param>
/// <param name="budget">Told the bytes that are kept; throws if they are too many.</param>
internal sealed class ShardReader(string shard, bool keepsBytes, Action<long> budget)
{
    private readonly List<ShardSample> _samples = [];
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _endings = new(StringComparer.Ordinal);
    private string? _key;
    private ShardSample? _image;
    private (int Rank, string Label)? _label;

    /// <summary>All samples, in order.</summary>
    /// <param name="stream">The tar.</param>
    /// <param name="stop">Ends reading.</param>
    /// <exception cref="DataException">The shard is damaged or truncated, or a sample lacks its image or its class or is there twice.</exception>
    public IReadOnlyList<ShardSample> Read(Stream stream, CancellationToken stop)
    {
        using var tar = new TarReader(stream, leaveOpen: true);
        while (tar.GetNextEntry() is { } entry)
        {
            stop.ThrowIfCancellationRequested();
            var slash = entry.Name.LastIndexOf('/') + 1;
            if (entry.EntryType == TarEntryType.Directory || slash == entry.Name.Length || entry.Name[slash] == '.') continue;
            Check(entry);
            var point = entry.Name.IndexOf('.', slash);
            Begin(point < 0 ? entry.Name : entry.Name[..point]);
            Take(entry, point < 0 ? "" : entry.Name[(point + 1)..]);
        }

        End();
        return _samples.Count > 0 ? _samples : throw new DataException(shard, "it holds no images", "members such as 000001.jpg and 000001.cls");
    }

    private void Begin(string key)
    {
        if (key == _key) return;
        End();
        if (!_keys.Add(key)) throw new DataException(Where(key), "this sample is there twice", "each once, its members one behind the other");
        _key = key;
    }

    private void End()
    {
        if (_key is not null)
        {
            var image = _image
                ?? throw new DataException(Where(_key), $"the sample has no image but {ClassFolders.Listed([.. _endings])}", "a .jpg, .png or .webp");
            var label = _label ?? throw new DataException(
                Where(_key), $"the sample does not say its class ({ClassFolders.Listed([.. _endings])})", "a .cls, or a .json with a label");
            _samples.Add(image with { Label = label.Label });
        }

        (_key, _image, _label) = (null, null, null);
        _endings.Clear();
    }

    private void Take(TarEntry entry, string ending)
    {
        if (!_endings.Add(ending)) throw new DataException(Where(entry.Name), "this member is there twice", "each once");
        if (FolderListing.IsImage(entry.Name))
        {
            if (_image is { } other) throw new DataException(Where(entry.Name), $"the sample has {Printable.Of(other.Key)} besides", "one image each");
            if (entry.Length > new DecodeOptions().MaxFileBytes)
                throw new DataException(Where(entry.Name), $"it has {entry.Length} bytes", $"at most {new DecodeOptions().MaxFileBytes}");
            budget(keepsBytes ? entry.Length : 0);
            _image = new(entry.Name, "", keepsBytes ? 0 : entry.DataOffset, (int)entry.Length, keepsBytes ? Bytes(entry) : null);
        }
        else if (ShardLabel.Rank(ending) is { } rank)
        {
            if (entry.Length > ShardLabel.MostBytes)
                throw new DataException(
                    Where(entry.Name), $"it has {entry.Length} bytes", $"at most {ShardLabel.MostBytes}");
            if (_label is { } known && known.Rank <= rank) return;
            if (ShardLabel.Of(Where(entry.Name), ending, Bytes(entry)) is { } label) _label = (rank, label);
        }
    }

    private void Check(TarEntry entry)
    {
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile))
            throw new DataException(
                Where(entry.Name), entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink ? "it is a link" : $"it is of type {entry.EntryType}",
                "files alone");
        if (entry.Name.StartsWith('/') || entry.Name.Split('/').Contains(".."))
            throw new DataException(Where(entry.Name), "its path leads out of the shard", "paths within it");
    }

    private static byte[] Bytes(TarEntry entry)
    {
        var bytes = new byte[entry.Length];
        entry.DataStream?.ReadExactly(bytes);
        return bytes;
    }

    private string Where(string member) => $"{shard}: {member}";
}
