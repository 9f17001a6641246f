namespace Fovea.Training.RateFinding;

/// <summary>How much of a curve's ups and downs is chance.</summary>
/// <remarks>
/// The deviation σ of the losses of batches is taken from their second differences, which a trend hardly touches: the median of their sizes, times 1.4826 as
/// for a normal distribution, over √6. An average with the weights w has the deviation σ·√Σw² / Σw, which at the beginning is that of few batches.
/// </remarks>
internal sealed class RateNoise
{
    private const double MedianToDeviation = 1.4826;
    private const int FewestLosses = 8;

    private readonly double[] _deviations;

    /// <param name="curve">The curve.</param>
    internal RateNoise(RateCurve curve)
    {
        var (points, beta) = (curve.Points, curve.Range.Smoothing);
        OfBatches = DeviationOf(points);
        _deviations = new double[points.Count];
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < _deviations.Length; i++)
        {
            (sum, squares) = ((beta * sum) + (1 - beta), (beta * beta * squares) + ((1 - beta) * (1 - beta)));
            _deviations[i] = OfBatches * Math.Sqrt(squares) / sum;
        }
    }

    /// <summary>The standard deviation of the loss of one batch.</summary>
    internal double OfBatches { get; }

    /// <summary>The standard deviation of the difference of the smoothed losses of two steps; what they share is not taken off.</summary>
    internal double Between(RatePoint first, RatePoint second) => Math.Sqrt(Square(_deviations[first.Step]) + Square(_deviations[second.Step]));

    private static double Square(double number) => number * number;

    /// <summary>The deviation of the losses up to the least smoothed one: beyond, they rise, and not by chance.</summary>
    private static double DeviationOf(IReadOnlyList<RatePoint> points)
    {
        var until = points.Index().MinBy(point => point.Item.SmoothedLoss).Index + 1;
        var losses = points.Take(until < FewestLosses ? points.Count : until).Select(point => point.Loss).ToArray();
        if (losses.Length < 3) return 0;
        double[] differences = [.. Enumerable.Range(1, losses.Length - 2).Select(i => Math.Abs(losses[i - 1] - (2 * losses[i]) + losses[i + 1])).Order()];
        var middle = (differences[(differences.Length - 1) / 2] + differences[differences.Length / 2]) / 2;
        return MedianToDeviation * middle / Math.Sqrt(6);
    }
}
