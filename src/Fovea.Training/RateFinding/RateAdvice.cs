namespace Fovea.Training.RateFinding;

/// <summary>Which learning rate to take from a curve, and how much that is worth.</summary>
/// <param name="Take">The rate to take; null where no rule counts.</param>
/// <param name="Rules">What each rule finds, the one that is preferred first; those that do not count are among them. Empty where the loss never falls.</param>
/// <param name="Disagreement">The highest rate of the rules that count over the lowest; 1 with fewer than two.</param>
public sealed record RateAdvice(double? Take, IReadOnlyList<RateRule> Rules, double Disagreement)
{
    /// <summary>Rules whose rates are further apart than by this factor disagree.</summary>
    public const double MostDisagreement = 10;

    /// <summary>Falls that are this many standard deviations of chance, or fewer, do not count.</summary>
    private const double Deviations = 4;

    /// <summary>Half of what is looked at around the steepest place, as a factor of rates: a factor of ten in all.</summary>
    private static readonly double s_around = Math.Sqrt(10);

    /// <summary>Whether the curve is too rough for one answer: rules that count disagree.</summary>
    public bool IsRough => Disagreement > MostDisagreement;

    /// <summary>The advice of a curve.</summary>
    /// <param name="curve">The curve.</param>
    /// <remarks>
    /// That of the first rule that counts, in the order valley, steepest, a tenth of the lowest. Where they disagree, the middle one, of two the lower.
    /// </remarks>
    public static RateAdvice Of(RateCurve curve)
    {
        var points = curve.Judged;
        if (RatePlaces.Of(points) is not { } places) return new(null, [], 1);
        var noise = new RateNoise(curve);
        RateRule[] rules =
        [
            Rule(RateRuleKind.Valley, points[places.Valley].LearningRate, (places.FallFrom, places.FallTo)),
            Rule(RateRuleKind.Steepest, points[places.Steepest].LearningRate, Around(points, places.Steepest)),
            Rule(RateRuleKind.MinimumTenth, points[places.Lowest].LearningRate / 10, (Highest(points, 0, places.Lowest), places.Lowest)),
        ];
        double[] rates = [.. rules.Where(rule => rule.Counts).Select(rule => rule.Rate).Order()];
        if (rates.Length == 0) return new(null, rules, 1);
        var disagreement = rates[^1] / rates[0];
        return new(disagreement > MostDisagreement ? rates[(rates.Length - 1) / 2] : rules.First(rule => rule.Counts).Rate, rules, disagreement);

        RateRule Rule(RateRuleKind kind, double rate, (int From, int To) fall) => new(
            kind, rate, points[fall.From].SmoothedLoss - points[fall.To].SmoothedLoss, Deviations * noise.Between(points[fall.From], points[fall.To]),
            rate >= curve.Points[0].LearningRate && rate <= curve.Points[^1].LearningRate);
    }

    /// <summary>The fall around a place: from the highest point before it to the lowest behind it, as far as their rates are near.</summary>
    private static (int From, int To) Around(IReadOnlyList<RatePoint> points, int place)
    {
        var (first, last, rate) = (place, place, points[place].LearningRate);
        while (first > 0 && points[first - 1].LearningRate >= rate / s_around) first--;
        while (last + 1 < points.Count && (last == place || points[last + 1].LearningRate <= rate * s_around)) last++;
        var lowest = last;
        for (var i = place; i < last; i++)
            if (points[i].SmoothedLoss < points[lowest].SmoothedLoss) lowest = i;
        return (Highest(points, first, place), lowest);
    }

    private static int Highest(IReadOnlyList<RatePoint> points, int first, int last)
    {
        var highest = first;
        for (var i = first; i <= last; i++)
            if (points[i].SmoothedLoss > points[highest].SmoothedLoss) highest = i;
        return highest;
    }
}
