using Fovea.Naming;

namespace Fovea.Data.Sources;

/// <summary>A subset whose classes become rarer exponentially, as in CIFAR-10-LT (Cui et al. 2019, arXiv:1901.05555, section 5.1).</summary>
/// <remarks>Class i of C keeps ⌊n · μⁱ⌋ images with μ = f^(−1/(C−1)), where n is the size of the largest class and f the imbalance factor.</remarks>
public static class LongTail
{
    private const ulong Purpose = 0x4C6F6E67;

    /// <summary>How many images of each class are kept; at least 1.</summary>
    /// <param name="most">The images of the largest class, at least 1.</param>
    /// <param name="classes">The number of classes, at least 2.</param>
    /// <param name="factor">How many times as many images the first class keeps as the last; at least 1, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static IReadOnlyList<int> Sizes(int most, int classes, double factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (!(factor >= 1 && double.IsFinite(factor)))
            throw new ArgumentOutOfRangeException(
                nameof(factor), $"the factor is {factor}; wanted a number from 1 on");
        return [.. Enumerable.Range(0, classes).Select(i => Math.Max(1, (int)(most * Math.Pow(1 / factor, i / (classes - 1.0)))))];
    }

    /// <summary>
    /// The subset; which images are kept follows from the seed and the class's name alone, and of a larger factor they are among those of a smaller one.
    /// </summary>
    /// <param name="source">The images; the order of its classes is that of their sizes.</param>
    /// <param name="factor">The imbalance factor.</param>
    /// <param name="seed">Which images are kept follows from it.</param>
    /// <returns>The images in the source's order. A class that has fewer than it should keep keeps all.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The factor is out of range.</exception>
    /// <exception cref="DataException">There are fewer than two classes, or no images.</exception>
    public static ImageSelection Of(IImageSource source, double factor, ulong seed = 0)
    {
        if (source.ClassNames.Count < 2 || source.Count == 0)
            throw new DataException(
                "long tail", $"there is no tail in {Amount.Of(source.ClassNames.Count, "class")} with {Amount.Of(source.Count, "image")}",
                "at least 2 classes, with images");
        var most = Enumerable.Range(0, source.Count).CountBy(source.Label).Max(entry => entry.Value);
        var sizes = Sizes(most, source.ClassNames.Count, factor);
        return ClassShare.Take(source, seed, Purpose, (label, _) => sizes[label]);
    }

    /// <summary>Writes parts as class folders to a folder, which must be empty or not exist. What fails or is stopped leaves nothing behind.</summary>
    /// <param name="folder">The folder; it may not lie in the data folder, nor hold it.</param>
    /// <param name="train">What is trained on.</param>
    /// <param name="validation">What is evaluated on; may be empty.</param>
    /// <param name="asLinks">Whether symbolic links are made rather than copies.</param>
    /// <param name="stop">Ends the writing.</param>
    /// <exception cref="DataException">
    /// The folder holds something, or cannot be written to; a class cannot be a folder's name; two images would have the same place; links are wanted to images
    /// in an archive.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static void Write(string folder, IImageSource train, IImageSource validation, bool asLinks, CancellationToken stop = default) =>
        ClassFolderWriter.WriteNew(folder, "the subset", train, writer =>
        {
            if (asLinks) ClassFolderWriter.CheckLinkable(train, "link");
            writer.Add("train", train);
            writer.Add("val", validation);
            writer.Write(asLinks, stop);
        });
}
