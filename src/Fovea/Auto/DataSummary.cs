using Fovea.Data.Sets;
using Fovea.Data.Sources;

namespace Fovea.Auto;

/// <summary>What a recipe is chosen by: how many images of which classes there are, and of which size, from names and some headers.</summary>
public sealed record DataSummary
{
    /// <summary>The most headers that are read; of a larger set so many, evenly.</summary>
    public const int MostHeaders = 2048;

    private const int MostRemoteHeaders = 64;

    /// <summary>The names of the classes.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>
    /// The images of each class, by number: those of the training part, or all where the data has no validation part, of which some will be held back.
    /// </summary>
    public required IReadOnlyList<int> ClassCounts { get; init; }

    /// <summary>The median of the shorter sides, in pixels, upright; at least 1.</summary>
    public required int MedianSide { get; init; }

    /// <summary>Whether the images are grey; default false.</summary>
    public bool IsGrey { get; init; }

    /// <summary>The images of the validation part; 0, the default, where there is none, so that some are held back.</summary>
    public int ValidationImages { get; init; }

    /// <summary>How many times as many validation images the largest class has as the smallest that has any; 1, the default, where all have as many.</summary>
    public double ValidationImbalance { get; init; } = 1;

    /// <summary>All images of <see cref="ClassCounts"/>.</summary>
    public int Images => ClassCounts.Sum();

    /// <summary>How many times as many images the largest class has as the smallest that has any.</summary>
    public double Imbalance => ImbalanceOf(ClassCounts);

    /// <summary>Looks at a data set.</summary>
    /// <param name="data">The data.</param>
    /// <param name="stop">Ends reading, even if the system hangs.</param>
    /// <exception cref="DataException">There are too few classes, a class without images, or none of the images can be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static DataSummary Of(DataSet data, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var parts = data.Open(new OpenOptions { ValidationFraction = 0 }, stop);
        return Of(parts.Train, parts.Validation, data.Place, stop);
    }

    /// <summary>Looks at training images.</summary>
    /// <param name="images">The training images.</param>
    /// <param name="validation">The validation images beside them; null where there are none.</param>
    /// <param name="place">What the data is called in messages.</param>
    /// <param name="stop">Ends reading, even if the system hangs.</param>
    /// <exception cref="DataException">None of the images can be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static DataSummary Of(IImageSource images, IImageSource? validation, string place, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        var sample = HeaderSample.Of(images, DataSet.IsAddress(place) ? MostRemoteHeaders : MostHeaders, stop);
        return new()
        {
            ClassNames = images.ClassNames,
            ClassCounts = images.CountClasses(),
            MedianSide = sample.MedianSide
                ?? throw new DataException(place, $"none of {sample.Looked} images that were looked at can be read", "JPEG, PNG, WebP or BMP files"),
            IsGrey = sample.IsGrey,
            ValidationImages = validation?.Count ?? 0,
            ValidationImbalance = validation is { Count: > 0 } ? ImbalanceOf(validation.CountClasses()) : 1,
        };
    }

    private static double ImbalanceOf(IReadOnlyList<int> counts) =>
        counts.Max() / (double)Math.Max(1, counts.Where(count => count > 0).DefaultIfEmpty(1).Min());
}
