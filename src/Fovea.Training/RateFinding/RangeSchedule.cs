using Fovea.Training.Schedules;

namespace Fovea.Training.RateFinding;

/// <summary>The rates of a range test as a schedule: they follow the updates that were made, whatever share of an epoch these are.</summary>
/// <param name="Range">The rates.</param>
/// <param name="Stated">What <c>optimizer.learning_rate</c> is in the recipe.</param>
/// <param name="Updates">Tells how many updates were made.</param>
internal sealed record RangeSchedule(RateRange Range, double Stated, Func<int> Updates) : ScheduleOptions
{
    /// <inheritdoc/>
    public override string Kind => "range_test";

    /// <inheritdoc/>
    protected override double Rate(double full, SchedulePosition at) => full * (Range.RateAt(Updates()) / Stated);
}
