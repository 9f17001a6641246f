namespace Fovea.Training.Schedules;

/// <summary>The full rate throughout, after the warm-up.</summary>
public sealed record ConstantOptions : ScheduleOptions
{
    /// <inheritdoc/>
    public override string Kind => "constant";

    /// <inheritdoc/>
    protected override double Rate(double full, SchedulePosition at) => full;
}
