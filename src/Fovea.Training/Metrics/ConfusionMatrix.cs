
namespace Fovea.Training.Metrics;

/// <summary>How many images of each class were taken for which class.</summary>
/// <param name="classes">The number of classes.</param>
public sealed class ConfusionMatrix(int classes)
{
    private readonly long[] _counts = new long[(long)classes * classes];

    /// <summary>The number of classes.</summary>
    public int Classes { get; } = classes;

    /// <summary>The images of class <paramref name="actual"/> that were taken for <paramref name="predicted"/>.</summary>
    public long this[int actual, int predicted] => _counts[((long)actual * Classes) + predicted];

    /// <summary>The images of a class.</summary>
    public long Count(int actual)
    {
        var sum = 0L;
        for (var predicted = 0; predicted < Classes; predicted++) sum += this[actual, predicted];
        return sum;
    }

    /// <summary>The images that were taken for a class.</summary>
    public long Predicted(int predicted)
    {
        var sum = 0L;
        for (var actual = 0; actual < Classes; actual++) sum += this[actual, predicted];
        return sum;
    }

    internal void Add(int actual, int predicted) => _counts[((long)actual * Classes) + predicted]++;
}
