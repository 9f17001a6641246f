using System.Globalization;
using Fovea.Naming;

namespace Fovea.Data.Sources.Darknet;

/// <summary>What a <c>.data</c> file of Darknet says of a data set for classifiers (AlexeyAB/darknet, <c>classifier.c</c> and <c>option_list.c</c>).</summary>
public sealed record DarknetData
{
    /// <summary>The end of such a file's name.</summary>
    public const string Extension = ".data";

    private const int MostBytes = 1 << 20;
    private const int MostClasses = 1 << 20;
    private const int UsualTop = 5;

    private static readonly string[] s_keys =
        ["classes", "train", "valid", "test", "labels", "names", "backup", "results", "top", "leaves", "tree", "map", "eval"];

    /// <summary>The file itself.</summary>
    public required string File { get; init; }

    /// <summary><c>classes</c>: how many there are; of longer lists of labels and names the first ones count. Darknet's default is 2.</summary>
    public int Classes { get; init; } = 2;

    /// <summary><c>train</c>: the list of images to train on; null where it is left out.</summary>
    public string? Train { get; init; }

    /// <summary><c>valid</c>: the list of images to evaluate; null where it is left out.</summary>
    public string? Valid { get; init; }

    /// <summary><c>test</c>: the list of further images; null where it is left out.</summary>
    public string? Test { get; init; }

    /// <summary><c>labels</c>: the file of the texts that tell an image's class in its path, one a line.</summary>
    public required string Labels { get; init; }

    /// <summary><c>names</c>: the file of the classes' names in the same order; null where the labels are the names.</summary>
    public string? Names { get; init; }

    /// <summary><c>backup</c>: the folder for weights; null where it is left out.</summary>
    public string? Backup { get; init; }

    /// <summary><c>top</c>: the k of top-k, at least 1; null where it is left out, by which Darknet takes 5 in training and 1 elsewhere.</summary>
    public int? Top { get; init; }

    /// <summary>The k of top-k while a net trains, never more than there are classes.</summary>
    public int TopWhileTraining => Math.Min(Top ?? UsualTop, Classes);

    /// <summary>The k of top-k elsewhere, never more than there are classes.</summary>
    public int TopElsewhere => Math.Min(Top ?? 1, Classes);

    /// <summary>What is odd, one line each: keys that nobody reads.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Reads a file.</summary>
    /// <param name="path">
    /// The file: lines <c>key = value</c>, comments behind # and ;, blanks without meaning; of a key that stands there twice the first counts. Paths begin in
    /// the working folder, as in Darknet, or, where nothing is there, in the folder of the file.
    /// </param>
    /// <exception cref="DataException">The file cannot be read, a line is none of these, a number is out of range, or it is of a hierarchy of classes.</exception>
    public static DarknetData Read(string path)
    {
        var (options, warnings) = Options(path);
        if (options.TryGetValue("tree", out var tree) || options.TryGetValue("leaves", out tree))
            throw new DataException($"{path}:{tree.Line}", "the classes are a hierarchy (tree, leaves)", "a list of labels without one");
        string? File(string key) => options.TryGetValue(key, out var option) ? Found(option.Value, path) : null;
        int? Number(string key, int most) => options.TryGetValue(key, out var option) ? WholeNumber(path, option, key, most) : null;
        return new()
        {
            File = path, Classes = Number("classes", MostClasses) ?? 2, Train = File("train"), Valid = File("valid"), Test = File("test"),
            Labels = File("labels") ?? throw new DataException(path, "it has no labels", "labels = FILE, with a text on each line that paths of its class hold"),
            Names = File("names"), Backup = options.GetValueOrDefault("backup").Value, Top = Number("top", MostClasses), Warnings = warnings,
        };
    }

    /// <summary>The names of the classes by number: those of <see cref="Names"/>, told apart by their labels where two are the same, or the labels.</summary>
    /// <exception cref="DataException">Labels or names cannot be read, are too few, or a label stands there twice.</exception>
    public IReadOnlyList<string> ReadClassNames() => new DarknetLists(this, root: null).ClassNames;

    /// <summary>A path as such files and lists mean it: from the working folder, or, where nothing is there, from the folder of the file that holds it.</summary>
    internal static string Found(string path, string file) => Path.Exists(path)
        ? Path.GetFullPath(path)
        : Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(file))!) is var other && Path.Exists(other) ? other : Path.GetFullPath(path);

    private static (Dictionary<string, (string Value, int Line)> Options, IReadOnlyList<string> Warnings) Options(string path)
    {
        var options = new Dictionary<string, (string Value, int Line)>(StringComparer.Ordinal);
        var (warnings, number) = (new List<string>(), 0);
        foreach (var line in TextFile.Lines(path, MostBytes))
        {
            number++;
            var text = line.Replace(" ", "", StringComparison.Ordinal).Replace("\t", "", StringComparison.Ordinal);
            if (text.Length == 0 || text[0] is '#' or ';') continue;
            var at = line.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = at < 0 ? ("", "") : (line[..at].Trim(), line[(at + 1)..].Trim());
            if (key.Length == 0 || value.Length == 0)
                throw new DataException($"{path}:{number}", $"the line is «{Printable.Line(line.Trim(), 200)}»", "key = value");
            if (!s_keys.Contains(key)) warnings.Add($"{Printable.Of(path)}:{number}: unused field {Printable.Of(key)}{NearestName.Hint(key, s_keys)}");
            else if (!options.TryAdd(key, (value, number)))
                warnings.Add($"{Printable.Of(path)}:{number}: {key} stands on line {options[key].Line} already, which counts");
        }

        return (options, warnings);
    }

    private static int WholeNumber(string path, (string Value, int Line) option, string key, int most) =>
        int.TryParse(option.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw new DataException($"{path}:{option.Line}", $"{key} is «{Printable.Line(option.Value, 200)}»", $"a whole number from 1 to {most}");
}
