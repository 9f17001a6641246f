using Fovea.Data.Sources;
using Fovea.Data.Sources.Shards;
using Fovea.Naming;

namespace Fovea.Data.Sets;

/// <summary>Tar shards of WebDataset's form: a file, a folder of them, a pattern, or addresses.</summary>
internal sealed class ShardKind : IDataKind
{
    private static readonly string[] s_endings = [".tar", ".tar.gz", ".tgz"];
    private static readonly string[] s_nameFiles = ["classes.txt", "class_names.txt"];

    public DataSet? TryRead(string place, SourceOptions options, CancellationToken stop)
    {
        if (File.Exists(place)) return CifarKind.IsTar(place) ? Set(place, [place], Path.GetDirectoryName(Path.GetFullPath(place)), options, stop) : null;
        if (Directory.Exists(place)) return InFolder(place, options, stop);
        if (!ShardSet.IsAddress(place) && !ShardPattern.HasBraces(place)) return null;
        var shards = ShardPattern.Expand(place);
        if (ShardSet.IsAddress(place)) return Set(place, shards, null, options, stop);
        if (shards.FirstOrDefault(shard => !File.Exists(shard)) is { } missing)
            throw new DataException(place, $"{missing} is missing, one of {Amount.Of(shards.Count, "shard")}", "all shards of the pattern");
        return Set(place, shards, Path.GetDirectoryName(Path.GetFullPath(shards[0])), options, stop);
    }

    private static PartedDataSet? InFolder(string place, SourceOptions options, CancellationToken stop)
    {
        string[] folders = [place, .. FolderListing.Folders(place).Where(name => PartNames.Of(name) is not null).Select(name => Path.Join(place, name))];
        string[] shards = [.. folders.SelectMany(folder => FolderSigns.Files(folder).Where(IsShard).Select(name => Path.Join(folder, name)))];
        return shards.Length == 0 || FolderSigns.HoldsClasses(place) ? null : Set(place, shards, place, options, stop);
    }

    private static PartedDataSet Set(string place, IReadOnlyList<string> shards, string? folder, SourceOptions options, CancellationToken stop)
    {
        var names = options.ClassNames
            ?? (folder is null ? null : s_nameFiles.Select(name => Path.Join(folder, name)).FirstOrDefault(File.Exists));
        var (parts, areNumbers, notes) = ShardSet.Read(shards, names, options.Transfer, stop);
        return new(place, "tar shards", parts, notes) { NumbersForNames = areNumbers };
    }

    private static bool IsShard(string name) => s_endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
