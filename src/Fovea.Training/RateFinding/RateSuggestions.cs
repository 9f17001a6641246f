namespace Fovea.Training.RateFinding;

/// <summary>Learning rates that a curve suggests, each by a rule of fastai's; <see cref="RateAdvice"/> judges them.</summary>
/// <param name="Steepest">Where the smoothed loss falls fastest over the logarithm of the rate.</param>
/// <param name="MinimumTenth">A tenth of the rate at which the smoothed loss is least.</param>
/// <param name="Valley">About half down the longest fall; what fastai suggests unless told otherwise.</param>
public sealed record RateSuggestions(double Steepest, double MinimumTenth, double Valley)
{
    /// <summary>The suggestions of a curve.</summary>
    /// <param name="points">The points to judge, their rates rising.</param>
    /// <returns>Null where there are fewer than three points, or none is lower than one before it.</returns>
    public static RateSuggestions? Of(IReadOnlyList<RatePoint> points) => RatePlaces.Of(points) is { } places
        ? new(points[places.Steepest].LearningRate, points[places.Lowest].LearningRate / 10, points[places.Valley].LearningRate)
        : null;
}
