using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>A loss that compares with the logits of a teacher beside what labels say.</summary>
public abstract record DistillationOptions : LossOptions
{
    /// <summary>
    /// The teacher: a shipped model (.fovea), an ONNX file (.onnx), the folder of a run, whose best checkpoint teaches, or a name in the catalogue with
    /// <c>teacher_weights</c>; of the same classes and normalisation, and able to take images of the student's sizes. Empty, the default, where a program
    /// brings one along.
    /// </summary>
    public string Teacher { get; init; } = "";

    /// <summary>The weights of a teacher that is a name in the catalogue. Empty, the default, where it has weights of its own.</summary>
    public string TeacherWeights { get; init; } = "";

    /// <summary>The loss that labels make.</summary>
    public LossOptions Labels { get; init; } = new CrossEntropyOptions();

    /// <inheritdoc/>
    public sealed override bool WantsTeacher => true;

    /// <inheritdoc/>
    public sealed override bool WantsClassCounts => Labels.WantsClassCounts;

    /// <inheritdoc/>
    public sealed override void CheckClasses(OptionChecks checks, int classes)
    {
        ArgumentNullException.ThrowIfNull(checks);
        Labels.CheckClasses(checks.In("labels"), classes);
    }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        Labels.Check(checks.In("labels"));
        if (TeacherWeights.Length > 0 && Teacher.Length == 0)
            checks.Fail(nameof(TeacherWeights), $"'{TeacherWeights}' without a teacher", "none, or a name in the catalogue in teacher");
        if (Labels.AuxiliaryWeight is not null)
            checks.Fail("labels.auxiliary_weight", FormattableString.Invariant($"{Labels.AuxiliaryWeight}"), "loss.auxiliary_weight in its place");
        if (Labels.CustomL2 != 0) checks.Fail("labels.custom_l2", FormattableString.Invariant($"{Labels.CustomL2}"), "loss.custom_l2 in its place");
        if (Labels.WantsTeacher) checks.Fail("labels.kind", Labels.Kind, "a loss without a teacher");
    }
}
