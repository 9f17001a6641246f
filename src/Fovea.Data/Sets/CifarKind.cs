using Fovea.Data.Sources;
using Fovea.Data.Sources.Archives;
using Fovea.Data.Sources.Lists;
using Fovea.Data.Sources.Published;

namespace Fovea.Data.Sets;

/// <summary>The binary versions of CIFAR-10 and CIFAR-100: the archive, read as it is, or what it unpacks to.</summary>
internal sealed class CifarKind : IDataKind
{
    private const int Looked = 12;

    private static readonly string[] s_folders = ["cifar-10-batches-bin", "cifar-100-binary"];

    public DataSet? TryRead(string place, SourceOptions options, CancellationToken stop)
    {
        if (File.Exists(place)) return IsTar(place) && ArchiveFiles.Names(place, Looked).Any(IsBatch) ? InArchive(place, place, options, stop) : null;
        if (!Directory.Exists(place)) return null;
        var files = FolderSigns.Files(place);
        if (files.Any(CifarBatches.IsBatch) && !FolderSigns.HoldsClasses(place)) return InFolder(place, place, options, stop);
        string[] inner = [.. s_folders.Select(name => Path.Join(place, name)).Where(Directory.Exists)];
        if (inner is [var folder]) return InFolder(place, folder, options, stop);
        string[] archives =
            [.. PublishedDataSet.All.SelectMany(set => set.Files).Select(file => file.Name).Intersect(files).Select(name => Path.Join(place, name))];
        return archives is [var archive] && IsTar(archive) && !FolderSigns.HoldsClasses(place) ? InArchive(place, archive, options, stop) : null;
    }

    /// <summary>Whether a file is a tar archive, or gzipped, as its first bytes say.</summary>
    internal static bool IsTar(string file)
    {
        const int magicAt = 257;
        var bytes = FileBeginning.Of(file, 512);
        return bytes is [0x1f, 0x8b, ..] || (bytes.Length == 512 && bytes.AsSpan(magicAt).StartsWith("ustar"u8));
    }

    private static bool IsBatch(string path) => CifarBatches.IsBatch(path[(path.LastIndexOf('/') + 1)..]);

    private static PartedDataSet InArchive(string place, string archive, SourceOptions options, CancellationToken stop)
    {
        PublishedFile.Check(archive, PublishedDataSet.All.SelectMany(set => set.Files), stop);
        return Set(place, archive, ArchiveFiles.InTar(archive, CifarBatches.IsPart, stop), options);
    }

    private static PartedDataSet InFolder(string place, string folder, SourceOptions options, CancellationToken stop) =>
        Set(place, folder, ArchiveFiles.InFolder(folder, FolderSigns.Files(folder).Where(CifarBatches.IsPart), stop), options);

    private static PartedDataSet Set(string place, string from, Dictionary<string, byte[]> files, SourceOptions options)
    {
        var classNames = options.ClassNames is { } file ? ClassNameFile.Read(file) : null;
        var (name, parts) = CifarBatches.Read(from, files, classNames, options.CoarseLabels);
        return new(place, name, parts, []);
    }
}
