namespace Fovea.Training.RateFinding;

/// <summary>What a range test has found: the loss over the learning rate.</summary>
/// <param name="Range">The rates that were to be tried.</param>
/// <param name="Points">The steps that were made, in order; at least one.</param>
/// <param name="End">Why there are no more.</param>
public sealed record RateCurve(RateRange Range, IReadOnlyList<RatePoint> Points, RateCurveEnd End)
{
    /// <summary>How many of the last points say nothing of good rates.</summary>
    private const int Tail = 5;

    /// <summary>The points that suggestions are made from: without the first tenth of the planned steps and the last five, as fastai has it.</summary>
    public IReadOnlyList<RatePoint> Judged => [.. Points.Skip(Range.Steps / 10).SkipLast(Tail)];

    /// <summary>The rates that the curve suggests, whatever they are worth; null where it is too short, or never falls.</summary>
    public RateSuggestions? Suggest() => RateSuggestions.Of(Judged);

    /// <summary>The rate to take, and which of the suggestions count.</summary>
    public RateAdvice Advise() => RateAdvice.Of(this);
}
