using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>A loss that compares with the logits of a teacher beside what labels say.</summary>
public abstract record DistillationOptions : LossOptions
{
    /// <summary>
    /// The teacher: a shipped model (.fovea) or the folder of a run, whose best checkpoint teaches; of the same classes, image size and normalisation.
    /// Empty, the default, where a program brings one along.
    /// </summary>
    public string Teacher { get; init; } = "";

    /// <summary>The loss that labels make.</summary>
    public LossOptions Labels { get; init; } = new CrossEntropyOptions();

    /// <inheritdoc/>
    public sealed override bool WantsTeacher => true;

    /// <inheritdoc/>
    public sealed override bool WantsClassCounts => Labels.WantsClassCounts;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        Labels.Check(checks.In("labels"));
        if (Labels.AuxiliaryWeight is not null)
            checks.Fail("labels.auxiliary_weight", FormattableString.Invariant($"{Labels.AuxiliaryWeight}"), "loss.auxiliary_weight in its place");
        if (Labels.CustomL2 != 0) checks.Fail("labels.custom_l2", FormattableString.Invariant($"{Labels.CustomL2}"), "loss.custom_l2 in its place");
        if (Labels.WantsTeacher) checks.Fail("labels.kind", Labels.Kind, "a loss without a teacher");
    }
}
