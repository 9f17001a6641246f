using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>The rate is multiplied by <see cref="Gamma"/> at the start of certain epochs. Epochs count from 0 and include the warm-up.</summary>
public sealed record StepOptions : ScheduleOptions
{
    /// <inheritdoc/>
    public override string Kind => "step";

    /// <summary>The epochs at whose start the rate falls, increasing, at least 1; default none. Not together with <see cref="Every"/>.</summary>
    public IReadOnlyList<int> Milestones { get; init; } = [];

    /// <summary>The rate falls each time as many epochs are over; at least 1, or 0 (the default) for <see cref="Milestones"/>.</summary>
    public int Every { get; init; }

    /// <summary>The factor; above 0, at most 1. Default 0.1.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(Every, 0, int.MaxValue);
        checks.Increasing(Milestones, 1);
        if (Every > 0 && Milestones.Count > 0) checks.Fail(nameof(Every), $"{Every} beside milestones", "either of them");
        if (Every == 0 && Milestones.Count == 0) checks.Fail(nameof(Milestones), "[]", "at least one epoch, or every above 0");
        if (!(Gamma > 0 && Gamma <= 1)) checks.Fail(nameof(Gamma), FormattableString.Invariant($"{Gamma}"), "above 0 and at most 1");
    }
}
