using Fovea.Data.Sources.Lists;
using Fovea.Naming;

namespace Fovea.Data.Sources.Darknet;

/// <summary>Reads the lists of images that a <c>.data</c> file names: a path a line, whose class its labels tell.</summary>
internal sealed class DarknetLists
{
    private const int MostBytes = 1 << 30;
    private const int MostNamed = 5;

    private readonly PathLabels _labels;
    private readonly string[] _texts;
    private readonly DarknetData _data;
    private readonly string? _root;

    /// <summary>A reader for the lists of a data set.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="root">The folder where relative paths begin; null for the working folder or else that of the list.</param>
    /// <exception cref="DataException">Labels or names cannot be read, are too few, or one stands there twice.</exception>
    public DarknetLists(DarknetData data, string? root)
    {
        (_data, _root) = (data, root);
        _texts = First(data, data.Labels, "labels");
        if (_texts.GroupBy(text => text, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new DataException(data.Labels, $"the label {Printable.Of(twice.Key)} is there twice", "each label once");
        _labels = new(_texts);
        ClassNames = data.Names is { } names ? Distinct(First(data, names, "names"), _texts) : _texts;
    }

    /// <summary>The classes: the names, told apart by their labels where two are the same, or else the labels.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The images of a list.</summary>
    /// <exception cref="DataException">It cannot be read or is empty, or the path of an image holds no label, or several.</exception>
    public ImageFiles Read(string list)
    {
        var lines = Lines(list).ToArray();
        var paths = Array.ConvertAll(lines, line => _root is null ? DarknetData.Found(line, list) : Path.GetFullPath(line, _root));
        if (paths.Length == 0) throw new DataException(list, "the list is empty", "the path of an image on each line");
        if (paths.GroupBy(path => path, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new DataException(list, $"{Printable.Of(twice.Key)} is there {twice.Count()} times", "each image once");
        // As the list has them: folders above those say nothing of an image.
        var found = Array.ConvertAll(lines, _labels.Of);
        if (Array.Exists(found, labels => labels.Count != 1)) throw Unclear(list, lines, found);
        var root = Common(paths);
        var images = new ImageFiles(root, ClassNames, paths.Select((path, i) => (Path.GetRelativePath(root, path), found[i][0])));
        ListedPath.Check(list, images, "paths that begin in the working folder or that of the list, or the folder where they begin as root");
        return images;
    }

    private DataException Unclear(string list, string[] paths, IReadOnlyList<int>[] found)
    {
        var unclear = found.Index().Where(of => of.Item.Count != 1).ToArray();
        var none = unclear.Count(of => of.Item.Count == 0);
        var named = unclear.Take(MostNamed).Select(of => $"{Printable.Of(paths[of.Index])} ({Labels(of.Item)})");
        var rest = unclear.Length > MostNamed ? ", …" : "";
        return new(
            list, $"of {Amount.Of(paths.Length, "path")} {none} hold no label and {unclear.Length - none} several: {string.Join(", ", named)}{rest}",
            $"one of the {Amount.Of(_texts.Length, "label")} of {Printable.Of(_data.Labels)} as a folder of each path, or within the file's name");
    }

    private string Labels(IReadOnlyList<int> places) => places.Count == 0 ? "none" : string.Join(" and ", places.Take(MostNamed).Select(place => _texts[place]));

    private static string[] First(DarknetData data, string file, string key) => Lines(file).Take(data.Classes).ToArray() is var lines
        && lines.Length == data.Classes
            ? lines
            : throw new DataException(file, $"the file of {key} has {Amount.Of(lines.Length, "line")}", $"{data.Classes}, as classes in {Printable.Of(data.File)} says");

    private static IEnumerable<string> Lines(string file) => TextFile.Lines(file, MostBytes).Select(line => line.Trim()).Where(line => line.Length > 0);

    private static string[] Distinct(string[] names, string[] labels)
    {
        var counts = names.CountBy(name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return [.. names.Select((name, i) => counts[name] == 1 ? name : $"{name} ({labels[i]})")];
    }

    /// <summary>The deepest folder that holds all files.</summary>
    private static string Common(string[] paths)
    {
        var common = Path.GetDirectoryName(paths[0])!;
        foreach (var path in paths)
            while (!path.StartsWith(Path.EndsInDirectorySeparator(common) ? common : common + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                common = Path.GetDirectoryName(common)!;
        return common;
    }
}
