using System.Globalization;
using System.Text.RegularExpressions;
using Fovea.Naming;

namespace Fovea.Data.Sources.Archives;

/// <summary>
/// The files of MNIST, Fashion-MNIST and their likes: <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-…</c>, gzipped or not.
/// </summary>
internal static partial class IdxFolder
{
    /// <summary>Whether a file of this name is one of them.</summary>
    public static bool IsPart(string name) => Name().IsMatch(name);

    /// <summary>The parts of a data set.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">The names of its files.</param>
    /// <param name="classNames">The classes; null if the labels are their names.</param>
    /// <exception cref="DataException">A file lacks the one that belongs to it, is damaged, or differs from it; a label is no class's.</exception>
    public static IReadOnlyList<DataPart> Read(string folder, IEnumerable<string> files, IReadOnlyList<string>? classNames)
    {
        var read = new List<(string Part, int Count, int Height, int Width, byte[] Pixels, byte[] Labels)>();
        foreach (var part in files.Select(name => Name().Match(name)).Where(match => match.Success).GroupBy(match => match.Groups["part"].Value))
        {
            var (images, labels) = (FileOf(folder, part, "images"), FileOf(folder, part, "labels"));
            var (count, height, width, pixels) = IdxFile.Images(images);
            var classes = IdxFile.Labels(labels);
            if (classes.Length != count)
                throw new DataException(
                    labels, $"it has {classes.Length} labels, {Printable.Of(Path.GetFileName(images))} {Amount.Of(count, "image")}",
                    "as many labels as images");
            read.Add((part.Key, count, height, width, pixels, classes));
        }

        var names = classNames ?? [.. read.SelectMany(part => part.Labels).Distinct().Order().Select(label => label.ToString(CultureInfo.InvariantCulture))];
        return [.. read.OrderBy(part => KindOf(part.Part)).Select(part =>
            new DataPart(part.Part, KindOf(part.Part), Images(folder, part, names, classNames is null)))];
    }

    private static RawImages Images(
        string folder, (string Part, int Count, int Height, int Width, byte[] Pixels, byte[] Labels) part, IReadOnlyList<string> names, bool areLabels)
    {
        var places = areLabels ? names.Index().ToDictionary(entry => byte.Parse(entry.Item, CultureInfo.InvariantCulture), entry => entry.Index) : null;
        if (!areLabels && Array.FindIndex(part.Labels, label => label >= names.Count) is var wrong and >= 0)
            throw new DataException($"{folder}: {part.Part}", $"image {wrong} has the label {part.Labels[wrong]}", $"0 to {names.Count - 1}");
        var labels = Array.ConvertAll(part.Labels, label => places is null ? label : places[label]);
        return new(folder, names, part.Width, part.Height, 1, [new(part.Part, part.Pixels, 0, part.Width * part.Height, labels)]);
    }

    private static string FileOf(string folder, IEnumerable<Match> part, string what)
    {
        // An unpacked file beside its archive is the same, and read sooner.
        var file = part.Where(match => match.Groups["what"].Value == what).OrderBy(match => match.Value.Length).FirstOrDefault();
        if (file is not null) return Path.Join(folder, file.Value);
        var wanted = $"{part.First().Groups["part"].Value}-{what}-idx{(what == "images" ? 3 : 1)}-ubyte";
        throw new DataException(
            folder, $"{wanted} is missing, beside {Printable.Of(part.First().Value)}", "images and labels of each part, as .gz or unpacked");
    }

    private static PartKind KindOf(string part)
    {
        var words = part.ToLowerInvariant().Split('-', '_', '.');
        return words.Contains("t10k") ? PartKind.Test : words.Select(PartNames.Of).FirstOrDefault(kind => kind is not null) ?? PartKind.Train;
    }

    [GeneratedRegex("^(?<part>.+)[-.](?<what>images|labels)[-.]idx[13]-ubyte(\\.gz)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
