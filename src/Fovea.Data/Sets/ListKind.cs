using Fovea.Data.Sources;
using Fovea.Data.Sources.Lists;
using Fovea.Naming;

namespace Fovea.Data.Sets;

/// <summary>Lists of paths and labels: a file, or a folder with one, or with one for each part.</summary>
internal sealed class ListKind : IDataKind
{
    private static readonly string[] s_extensions = [".csv", ".tsv", ".txt", ".lst", ".list"];
    private static readonly string[] s_nameFiles = ["classes.txt", "class_names.txt"];
    private static readonly string[] s_others = ["readme.txt", "license.txt", "labels_map.txt", .. s_nameFiles];

    public DataSet? TryRead(string place, SourceOptions options, CancellationToken stop)
    {
        if (File.Exists(place))
            return IsText(place)
                ? Set(place, [("", place)], options)
                : throw new DataException(
                    place, "this is neither text nor an archive that is known", "a list of paths and labels, an archive of CIFAR, or tar shards");
        if (!Directory.Exists(place)) return null;
        var lists = Lists(place);
        if (lists.Count == 0 || FolderSigns.HoldsClasses(place)) return null;
        if (lists is [_, _, ..] && lists.All(list => list.Part.Length == 0)) throw Several(place, lists);
        return Set(place, lists, options);
    }

    /// <summary>Whether a file begins as text does; UTF-16 and UTF-32 have zeros, behind a byte order mark.</summary>
    private static bool IsText(string file) => FileBeginning.Of(file, 4096) is var bytes
        && (bytes is [0xff, 0xfe, ..] or [0xfe, 0xff, ..] or [0, 0, 0xfe, 0xff, ..] || !bytes.AsSpan().Contains((byte)0));

    /// <summary>The lists of a folder: those that are called like parts, or else all.</summary>
    private static List<(string Part, string File)> Lists(string folder)
    {
        var files = FolderSigns.Files(folder).Where(name => s_extensions.Contains(Path.GetExtension(name).ToLowerInvariant())
            && !s_others.Contains(name.ToLowerInvariant())).ToArray();
        var parts = files.Where(name => KindOf(name) is not null).Select(name => (Path.GetFileNameWithoutExtension(name), Path.Join(folder, name))).ToList();
        return parts.Count > 0 ? parts : [.. files.Select(name => ("", Path.Join(folder, name)))];
    }

    private static PartedDataSet Set(string place, List<(string Part, string File)> lists, SourceOptions options)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(lists[0].File))!;
        var names = options.ClassNames ?? s_nameFiles.Select(name => Path.Join(folder, name)).FirstOrDefault(File.Exists);
        var (images, areNumbers) = ImageLists.Read([.. lists.Select(list => list.File)], names, options.Root);
        var wanted = options.Root is null ? "paths that begin in the folder of the list, or the folder where they begin as root" : "paths that begin in the root";
        for (var i = 0; i < images.Count; i++) ListedPath.Check(lists[i].File, images[i], wanted);
        DataPart[] parts = [.. lists.Zip(images, (list, of) => new DataPart(list.Part, KindOf(list.Part) ?? PartKind.Train, of))];
        return new PartedDataSet(place, parts.Length == 1 ? "a list" : "lists", parts, [.. Shared(place, parts)]) { NumbersForNames = areNumbers };
    }

    /// <summary>What a list of this name is for: <c>train.txt</c>, <c>val_list.txt</c>, <c>cifar10-test.csv</c>; null if its name does not say.</summary>
    private static PartKind? KindOf(string name)
    {
        var stem = Path.GetFileNameWithoutExtension(name);
        if (PartNames.Of(stem) is { } kind) return kind;
        var kinds = stem.Split([' ', '_', '-', '.']).Select(PartNames.Of).OfType<PartKind>().Distinct().ToArray();
        return kinds is [var only] ? only : null;
    }

    private static IEnumerable<string> Shared(string place, DataPart[] parts)
    {
        if (parts is not [_, _, ..]) yield break;
        var train = parts.Where(part => part.Kind == PartKind.Train).SelectMany(Files).ToHashSet(StringComparer.Ordinal);
        foreach (var part in parts.Where(part => part.Kind != PartKind.Train))
            if (Files(part).Count(train.Contains) is var count and > 0)
                yield return $"{Printable.Of(place)}: {Amount.Of(count, "image")} of {Printable.Of(part.Name)} "
                    + (count == 1 ? "is trained on as well, and says nothing about others" : "are trained on as well; they say nothing about others");
    }

    private static IEnumerable<string> Files(DataPart part) => Enumerable.Range(0, part.Images.Count).Select(part.Images.Path);

    private static DataException Several(string folder, IEnumerable<(string Part, string File)> lists) => new(
        folder, $"there are several lists ({ClassFolders.Listed([.. lists.Select(list => Path.GetFileName(list.File))])})",
        "the path of one of them, or names such as train.csv and val.csv");
}
