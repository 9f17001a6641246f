namespace Fovea.Training.Recipes;

/// <summary>The full rate throughout, after the warm-up.</summary>
public sealed record ConstantOptions : ScheduleOptions
{
    /// <inheritdoc/>
    public override string Kind => "constant";
}
