namespace Fovea.Training.RateFinding;

/// <summary>Where fastai's rules find their rates among the points of a curve, by number.</summary>
/// <param name="Steepest">Where the smoothed loss falls fastest over the logarithm of the rate.</param>
/// <param name="Lowest">Where it is least.</param>
/// <param name="Valley">About half down the longest fall.</param>
/// <param name="FallFrom">Where that fall begins.</param>
/// <param name="FallTo">Where it ends.</param>
internal readonly record struct RatePlaces(int Steepest, int Lowest, int Valley, int FallFrom, int FallTo)
{
    /// <summary>The places in a curve.</summary>
    /// <param name="points">The points to judge, their rates rising.</param>
    /// <returns>Null where there are fewer than three points, or none is lower than one before it.</returns>
    internal static RatePlaces? Of(IReadOnlyList<RatePoint> points)
    {
        if (points.Count < 3) return null;
        var (from, to, length) = LongestFall(points);
        if (length < 2) return null;
        var (steepest, lowest) = (0, 0);
        for (var i = 0; i < points.Count; i++)
        {
            if (i + 1 < points.Count && Slope(points, i) < Slope(points, steepest)) steepest = i;
            if (points[i].SmoothedLoss < points[lowest].SmoothedLoss) lowest = i;
        }

        // A third of the fall from its start, and half a third more; it is taken to be as long in points as it has members.
        var third = length / 3.0;
        return new(steepest, lowest, Math.Max(0, to - length + (int)third + (int)(third / 2)), from, to);
    }

    private static double Slope(IReadOnlyList<RatePoint> points, int at)
    {
        var (here, next) = (points[at], points[at + 1]);
        return (next.SmoothedLoss - here.SmoothedLoss) / Math.Log(next.LearningRate / here.LearningRate);
    }

    /// <summary>The longest sequence of points, in order, each lower than the one before: where it begins and ends, and how many it has.</summary>
    private static (int From, int To, int Length) LongestFall(IReadOnlyList<RatePoint> points)
    {
        var (lengths, starts) = (new int[points.Count], new int[points.Count]);
        var to = 0;
        for (var i = 0; i < points.Count; i++)
        {
            (lengths[i], starts[i]) = (1, i);
            for (var j = 0; j < i; j++)
                if (points[i].SmoothedLoss < points[j].SmoothedLoss && lengths[j] + 1 > lengths[i]) (lengths[i], starts[i]) = (lengths[j] + 1, starts[j]);
            if (lengths[i] > lengths[to]) to = i;
        }

        return (starts[to], to, lengths[to]);
    }
}
