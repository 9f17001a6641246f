using System.Globalization;
using Fovea.Data.Files;
using Fovea.Naming;

namespace Fovea.Data.Sources;

/// <summary>A division of images into a training and a validation part.</summary>
/// <param name="Train">What is trained on.</param>
/// <param name="Validation">What is evaluated on.</param>
/// <param name="InBoth">Classes too small for the fraction: all their images are in both parts.</param>
public sealed record DatasetSplit(ImageFiles Train, ImageFiles Validation, IReadOnlyList<string> InBoth)
{
    /// <summary>Holds back ⌊n · fraction⌋ images of each class; a class of which that is none puts all its images in both parts.</summary>
    /// <param name="source">All images.</param>
    /// <param name="fraction">The share held back; above 0, below 1.</param>
    /// <param name="seed">With the class's name: which images are held back.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range.</exception>
    public static DatasetSplit Of(ImageFiles source, double fraction, ulong seed = 0)
    {
        if (!(fraction is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(fraction), $"{fraction}; wanted above 0 and below 1");
        var (train, validation, both) = (new List<int>(), new List<int>(), new List<string>());
        foreach (var group in Enumerable.Range(0, source.Count).GroupBy(source.Label).OrderBy(group => group.Key))
        {
            int[] places = [.. group.OrderBy(source.Key, StringComparer.Ordinal)];
            var (kept, held) = SplitRule.Divide(places.Length, source.ClassNames[group.Key], fraction, seed);
            train.AddRange(kept.Select(i => places[i]));
            validation.AddRange(held.Select(i => places[i]));
            if (kept.Length == places.Length) both.Add(source.ClassNames[group.Key]);
        }

        return new(source.Subset(train), source.Subset(validation), both);
    }

    /// <summary>Writes the division to a folder, which must be empty or not exist. What fails or is stopped leaves nothing behind.</summary>
    /// <param name="folder">The folder; it may not lie in the data folder, nor hold it.</param>
    /// <param name="mode">What is written.</param>
    /// <param name="stop">Ends the writing.</param>
    /// <exception cref="DataException">
    /// The folder holds something, or cannot be written to; a class cannot be a folder's name; two images would have the same place.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public void Write(string folder, SplitMode mode, CancellationToken stop = default)
    {
        try
        {
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
                throw new DataException(folder, "the folder is not empty", "an empty or a new one");
            if (FolderRelation.Between(folder, Train.Root) is { } relation)
                throw new DataException(folder, $"{relation} {Printable.Of(Train.Root)}", "a folder beside it");
            using var output = new NewFolder(folder);
            if (mode == SplitMode.Lists) WriteLists(folder);
            else WriteFiles(Places(folder), mode, stop);
            output.Keep();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(folder, $"the split cannot be written ({e.Message})", "a folder that can be written to", e);
        }
    }

    private void WriteLists(string folder)
    {
        File.WriteAllLines(Path.Join(folder, "classes.txt"), Train.ClassNames.Select((name, label) => Line(name, label)));
        File.WriteAllLines(Path.Join(folder, "train.txt"), Lines(Train));
        File.WriteAllLines(Path.Join(folder, "val.txt"), Lines(Validation));
    }

    private static IEnumerable<string> Lines(ImageFiles images) =>
        Enumerable.Range(0, images.Count).Select(i => Line(Path.GetFullPath(images.Path(i)), images.Label(i)));

    private static string Line(string name, int label) => string.Create(CultureInfo.InvariantCulture, $"{Printable.Of(name)} {label}");

    /// <summary>Where each file comes from, by where it goes to.</summary>
    private Dictionary<string, string> Places(string folder)
    {
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (part, images) in new[] { ("train", Train), ("val", Validation) })
            for (var i = 0; i < images.Count; i++)
            {
                var className = images.ClassNames[images.Label(i)];
                if (className is "" or "." or ".." || className.AsSpan().ContainsAny('/', '\0'))
                    throw new DataException(folder, $"the class {Printable.Of(className)} cannot be a folder", "names without slashes");
                var (parent, target) = (Path.Join(folder, part, className), Path.Join(folder, part, className, Within(images.Key(i), className)));
                if (!RealPath.IsWithin(Path.GetFullPath(target), Path.GetFullPath(parent)))
                    throw new DataException(images.Path(i), $"its path {Printable.Of(images.Key(i))} leads out of its class", "paths within the data folder");
                if (!places.TryAdd(target, images.Path(i)))
                    throw new DataException(images.Path(i), $"it would have the same place as {Printable.Of(places[target])}", "images whose names differ");
            }

        return places;
    }

    private static void WriteFiles(Dictionary<string, string> places, SplitMode mode, CancellationToken stop)
    {
        foreach (var (target, source) in places)
        {
            stop.ThrowIfCancellationRequested();
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (mode == SplitMode.Link) File.CreateSymbolicLink(target, Path.GetFullPath(source));
            else if (FileFacts.Of(source) is { Kind: FileKind.File } or null) File.Copy(source, target);
            else throw new DataException(source, "it is no file", "images alone");
        }
    }

    // The path within the class folder; what parts the images came from is told apart by a prefix.
    private static string Within(string key, string className)
    {
        if (key.StartsWith($"{className}/", StringComparison.Ordinal)) return key[(className.Length + 1)..];
        var at = key.IndexOf($"/{className}/", StringComparison.Ordinal);
        return at < 0 ? key : $"{key[..at].Replace('/', '-')}-{key[(at + className.Length + 2)..]}";
    }
}
