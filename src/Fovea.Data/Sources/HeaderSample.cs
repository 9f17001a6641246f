namespace Fovea.Data.Sources;

/// <summary>What some images of a source say of themselves, taken evenly from all: quick, however many there are.</summary>
/// <param name="Looked">How many headers were read, or could not be.</param>
/// <param name="MedianSide">The median of the shorter sides, in pixels, upright; null where no header can be read.</param>
/// <param name="IsGrey">Whether all of them are grey.</param>
public sealed record HeaderSample(int Looked, int? MedianSide, bool IsGrey)
{
    /// <summary>Reads headers.</summary>
    /// <param name="images">The images.</param>
    /// <param name="most">The most headers that are read.</param>
    /// <param name="stop">Ends reading, even if the system hangs.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static HeaderSample Of(IImageSource images, int most, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        var looked = Math.Min(images.Count, most);
        var places = Enumerable.Range(0, looked).Select(i => (int)((long)i * images.Count / looked));
        var statistics = DatasetStatistics.Of(new ImageSelection(images, places), stop: stop);
        return new(looked, MedianOf(statistics.Sizes), statistics.Channels.Count > 0 && statistics.Channels.Keys.All(channels => channels <= 2));
    }

    private static int? MedianOf(IReadOnlyDictionary<(int Width, int Height), int> sizes)
    {
        var left = sizes.Values.Sum() / 2;
        foreach (var (side, count) in sizes.Select(size => (Math.Min(size.Key.Width, size.Key.Height), size.Value)).OrderBy(size => size.Item1))
        {
            left -= count;
            if (left < 0) return side;
        }

        return null;
    }
}
