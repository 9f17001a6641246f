using Fovea.Data.Sources;
using Fovea.Data.Sources.Archives;
using Fovea.Data.Sources.Lists;
using Fovea.Data.Sources.Published;

namespace Fovea.Data.Sets;

/// <summary>A folder of IDX files: MNIST, Fashion-MNIST and their likes.</summary>
internal sealed class IdxKind : IDataKind
{
    public DataSet? TryRead(string place, SourceOptions options, CancellationToken stop)
    {
        if (File.Exists(place) && IdxFolder.IsPart(Path.GetFileName(place)))
            throw new DataException(place, "this is one file of a data set", "the folder that holds it beside its images or labels");
        if (!Directory.Exists(place)) return null;
        string[] files = [.. FolderSigns.Files(place).Where(IdxFolder.IsPart)];
        if (files.Length == 0 || FolderSigns.HoldsClasses(place)) return null;
        var names = options.ClassNames ?? ClassFile(place);
        var parts = IdxFolder.Read(place, files, names is not null ? ClassNameFile.Read(names) : Published(place, files, stop));
        return new PartedDataSet(place, "IDX files", parts, []);
    }

    private static string? ClassFile(string folder) => Path.Join(folder, "classes.txt") is var file && File.Exists(file) ? file : null;

    /// <summary>The classes of a published data set of which the folder holds the labels; null if it holds others, or their names are the numbers.</summary>
    private static IReadOnlyList<string>? Published(string folder, string[] files, CancellationToken stop)
    {
        string[] packed = [.. files.Where(name => name.EndsWith("labels-idx1-ubyte.gz", StringComparison.Ordinal))];
        if (packed.Length == 0) return null;
        return ArchiveFiles.Guarded(folder, () =>
        {
            string[] sums = [.. packed.Select(name => FileDigest.Md5(Path.Join(folder, name), stop))];
            return PublishedDataSet.All.FirstOrDefault(set => set.Files.Any(file => sums.Contains(file.Md5)))?.ClassNames;
        });
    }
}
