using Fovea.Data.Sets;
using Fovea.Data.Sources;

namespace Fovea.Cli.Work;

/// <summary>What is known of a data set once it has been looked at.</summary>
/// <param name="Data">The data set.</param>
/// <param name="Images">All images of all parts.</param>
/// <param name="PartOf">The number of an image's part; negative for none.</param>
/// <param name="Statistics">What its headers say.</param>
/// <param name="Duplicates">What its pixels say; null if they were not looked at.</param>
internal sealed record DataFindings(
    DataSet Data, IImageSource Images, Func<int, int> PartOf, DatasetStatistics Statistics, DatasetDuplicates? Duplicates)
{
    /// <summary>The parts of the data set.</summary>
    internal IReadOnlyList<string> Parts { get; } = Data.Parts;

    /// <summary>For each part, the number of images of each class.</summary>
    internal int[][] PartCounts { get; } = Counts(Images, PartOf, Data.Parts.Count);

    /// <summary>Groups of images with the same pixels that lie in more than one part.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> ExactLeaks { get; } = Duplicates is null ? [] : DatasetDuplicates.Across(Duplicates.Exact, PartOf);

    /// <summary>Groups of images that look the same and lie in more than one part.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> NearLeaks { get; } = Duplicates is null ? [] : DatasetDuplicates.Across(Duplicates.Near, PartOf);

    /// <summary>The distributions, with their names.</summary>
    internal (string Name, Distribution Values)[] Distributions =>
        [("images per class", Statistics.ImagesPerClass), ("width", Statistics.Widths), ("height", Statistics.Heights)];

    private static int[][] Counts(IImageSource images, Func<int, int> partOf, int parts)
    {
        var counts = Enumerable.Range(0, parts).Select(_ => new int[images.ClassNames.Count]).ToArray();
        for (var i = 0; i < images.Count; i++)
            if (partOf(i) is var part and >= 0) counts[part][images.Label(i)]++;
        return counts;
    }
}
