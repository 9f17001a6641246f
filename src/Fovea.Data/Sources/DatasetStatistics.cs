using System.Numerics;
using Fovea.Data.Decoding;

namespace Fovea.Data.Sources;

/// <summary>What a data set is made of, from names and headers; no pixel is decoded.</summary>
public sealed record DatasetStatistics
{
    /// <summary>A side below this many pixels is small.</summary>
    public const int SmallSide = 200;

    /// <summary>The number of images.</summary>
    public required int Images { get; init; }

    /// <summary>The number of images of each class, in the order of the classes.</summary>
    public required IReadOnlyList<(string Name, int Images)> Classes { get; init; }

    /// <summary>The distribution of the images per class.</summary>
    public required Distribution ImagesPerClass { get; init; }

    /// <summary>How many different pairs of width and height there are, upright.</summary>
    public required int DistinctSizes { get; init; }

    /// <summary>The distribution of widths, upright.</summary>
    public required Distribution Widths { get; init; }

    /// <summary>The distribution of heights, upright.</summary>
    public required Distribution Heights { get; init; }

    /// <summary>The share of images whose sides are both below <see cref="SmallSide"/>, 0 to 1; NaN if none can be read.</summary>
    public required double SmallShare { get; init; }

    /// <summary>The number of images by channels as stored: 1 grey, 2 grey with alpha, 3 colour or palette, 4 with alpha or CMYK.</summary>
    public required IReadOnlyDictionary<int, int> Channels { get; init; }

    /// <summary>The number of images by format, by content.</summary>
    public required IReadOnlyDictionary<ImageFormat, int> Formats { get; init; }

    /// <summary>How many images are there with each size, upright.</summary>
    public required IReadOnlyDictionary<(int Width, int Height), int> Sizes { get; init; }

    /// <summary>
    /// How many images have a longer side of so many pixels, the bounds included: up to 31, 32 to 63, and so on in powers of two; from the first range with
    /// images to the last.
    /// </summary>
    public IReadOnlyList<(int From, int To, int Images)> SizeHistogram
    {
        get
        {
            var bins = Sizes.GroupBy(size => Math.Max(5, BitOperations.Log2((uint)Math.Max(size.Key.Width, size.Key.Height)) + 1))
                .ToDictionary(group => group.Key, group => group.Sum(size => size.Value));
            if (bins.Count == 0) return [];
            return
            [
                .. Enumerable.Range(bins.Keys.Min(), bins.Keys.Max() - bins.Keys.Min() + 1)
                    .Select(bin => (bin == 5 ? 1 : 1 << (bin - 1), (int)((1L << bin) - 1), bins.GetValueOrDefault(bin))),
            ];
        }
    }

    /// <summary>The images whose headers cannot be read; they count in the classes alone.</summary>
    public required IReadOnlyList<BadImage> Unreadable { get; init; }

    /// <summary>Reads all headers.</summary>
    /// <param name="source">The images.</param>
    /// <param name="workers">Threads; 0 for one per core.</param>
    /// <param name="progress">Called with the number of images done, from any thread.</param>
    /// <param name="stop">Ends the scan, even if the system hangs.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static DatasetStatistics Of(IImageSource source, int workers = 0, Action<int>? progress = null, CancellationToken stop = default)
    {
        var (results, bad) = ParallelScan.Run<Nothing, ImageHeader?>(source, workers, () => default, (_, i) => source.ReadHeader(i), progress, stop);
        var headers = results.OfType<ImageHeader>().ToArray();
        var sizes = headers.Select(header => header.Upright).ToArray();
        var counts = source.CountClasses();
        return new()
        {
            Images = source.Count,
            Classes = [.. source.ClassNames.Select((name, label) => (name, counts[label]))],
            ImagesPerClass = Distribution.Of(counts),
            DistinctSizes = sizes.Distinct().Count(),
            Widths = Distribution.Of(sizes.Select(size => size.Width)),
            Heights = Distribution.Of(sizes.Select(size => size.Height)),
            SmallShare = sizes.Length == 0 ? double.NaN : sizes.Count(size => size is { Width: < SmallSide, Height: < SmallSide }) / (double)sizes.Length,
            Channels = Counted(headers.Select(header => header.Channels)),
            Formats = Counted(headers.Select(header => header.Format)),
            Sizes = Counted(sizes),
            Unreadable = bad,
        };
    }

    private static SortedDictionary<T, int> Counted<T>(IEnumerable<T> values)
        where T : notnull =>
        new(values.CountBy(value => value).ToDictionary());

    private readonly struct Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
