using System.Globalization;
using Fovea.Naming;

namespace Fovea.Data.Sources;

/// <summary>A division of images into a training and a validation part.</summary>
/// <param name="Train">What is trained on.</param>
/// <param name="Validation">What is evaluated on.</param>
/// <param name="InBoth">Classes too small for the fraction: all their images are in both parts.</param>
public sealed record DatasetSplit(IImageSource Train, IImageSource Validation, IReadOnlyList<string> InBoth)
{
    /// <summary>Holds back ⌊n · fraction⌋ images of each class; a class of which that is none puts all its images in both parts.</summary>
    /// <param name="source">All images.</param>
    /// <param name="fraction">The share held back; above 0, below 1.</param>
    /// <param name="seed">With the class's name: which images are held back.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range.</exception>
    public static DatasetSplit Of(IImageSource source, double fraction, ulong seed = 0)
    {
        if (!(fraction is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(fraction), $"{fraction}; wanted above 0 and below 1");
        var (train, validation, both) = (new List<int>(), new List<int>(), new List<string>());
        foreach (var group in Enumerable.Range(0, source.Count).GroupBy(source.Label).OrderBy(group => group.Key))
        {
            int[] places = [.. group.OrderBy(source.Key, StringComparer.Ordinal)];
            var (kept, held) = SplitRule.Divide(places.Length, source.ClassNames[group.Key], fraction, seed, least: 0);
            train.AddRange(kept.Select(i => places[i]));
            validation.AddRange(held.Select(i => places[i]));
            if (kept.Length == places.Length) both.Add(source.ClassNames[group.Key]);
        }

        return new(new ImageSelection(source, train), new ImageSelection(source, validation), both);
    }

    /// <summary>Writes the division to a folder, which must be empty or not exist. What fails or is stopped leaves nothing behind.</summary>
    /// <param name="folder">The folder; it may not lie in the data folder, nor hold it.</param>
    /// <param name="mode">What is written.</param>
    /// <param name="stop">Ends the writing.</param>
    /// <exception cref="DataException">
    /// The folder holds something, or cannot be written to; a class cannot be a folder's name; two images would have the same place; links or lists are wanted
    /// of images in an archive.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public void Write(string folder, SplitMode mode, CancellationToken stop = default) => ClassFolderWriter.WriteNew(folder, "the split", Train, writer =>
    {
        if (mode != SplitMode.Copy) ClassFolderWriter.CheckLinkable(Train, mode == SplitMode.Link ? "link" : "list");
        if (mode == SplitMode.Lists)
        {
            WriteLists(folder);
            return;
        }

        writer.Add("train", Train);
        writer.Add("val", Validation);
        writer.Write(mode == SplitMode.Link, stop);
    });

    private void WriteLists(string folder)
    {
        File.WriteAllLines(Path.Join(folder, "classes.txt"), Train.ClassNames.Select((name, label) => Line(name, label)));
        File.WriteAllLines(Path.Join(folder, "train.txt"), Lines(Train));
        File.WriteAllLines(Path.Join(folder, "val.txt"), Lines(Validation));
    }

    private static IEnumerable<string> Lines(IImageSource images) =>
        Enumerable.Range(0, images.Count).Select(i => Line(Path.GetFullPath(images.Path(i)), images.Label(i)));

    private static string Line(string name, int label) => string.Create(CultureInfo.InvariantCulture, $"{Printable.Of(name)} {label}");
}
