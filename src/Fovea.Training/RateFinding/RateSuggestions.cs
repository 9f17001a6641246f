namespace Fovea.Training.RateFinding;

/// <summary>Learning rates that a curve suggests, each by a rule of fastai's.</summary>
/// <param name="Steepest">Where the smoothed loss falls fastest over the logarithm of the rate.</param>
/// <param name="MinimumTenth">A tenth of the rate at which the smoothed loss is least.</param>
/// <param name="Valley">About half down the longest fall; what fastai suggests unless told otherwise, and usually the one to take.</param>
public sealed record RateSuggestions(double Steepest, double MinimumTenth, double Valley)
{
    /// <summary>The suggestions of a curve.</summary>
    /// <param name="points">The points to judge, their rates rising.</param>
    /// <returns>Null where there are fewer than three points, or none is lower than one before it.</returns>
    public static RateSuggestions? Of(IReadOnlyList<RatePoint> points)
    {
        if (points.Count < 3) return null;
        var (end, length) = LongestFall(points);
        if (length < 2) return null;
        var (steepest, lowest) = (0, 0);
        for (var i = 0; i < points.Count; i++)
        {
            if (i + 1 < points.Count && Slope(points, i) < Slope(points, steepest)) steepest = i;
            if (points[i].SmoothedLoss < points[lowest].SmoothedLoss) lowest = i;
        }

        // A third of the fall from its start, and half a third more; it is taken to be as long in points as it has members.
        var third = length / 3.0;
        var valley = Math.Max(0, end - length + (int)third + (int)(third / 2));
        return new(points[steepest].LearningRate, points[lowest].LearningRate / 10, points[valley].LearningRate);
    }

    private static double Slope(IReadOnlyList<RatePoint> points, int at)
    {
        var (here, next) = (points[at], points[at + 1]);
        return (next.SmoothedLoss - here.SmoothedLoss) / Math.Log(next.LearningRate / here.LearningRate);
    }

    /// <summary>The longest sequence of points, in order, each lower than the one before: where it ends, and how many it has.</summary>
    private static (int End, int Length) LongestFall(IReadOnlyList<RatePoint> points)
    {
        var lengths = new int[points.Count];
        var end = 0;
        for (var i = 0; i < points.Count; i++)
        {
            lengths[i] = 1;
            for (var j = 0; j < i; j++)
                if (points[i].SmoothedLoss < points[j].SmoothedLoss) lengths[i] = Math.Max(lengths[i], lengths[j] + 1);
            if (lengths[i] > lengths[end]) end = i;
        }

        return (end, lengths[end]);
    }
}
