using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>
/// Distillation of PaddleClas (SSLD, arXiv:2103.05959), which needs no labels: half of KL(teacher ‖ student) + KL(student ‖ teacher), called JS divergence
/// there.
/// </summary>
public sealed record SsldOptions : DistillationOptions
{
    private const double Largest = 1000;

    /// <inheritdoc/>
    public override string Kind => "ssld";

    /// <summary>What the loss of labels is multiplied with; 0–1000. Default 0.</summary>
    public double LabelWeight { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(LabelWeight, 0, Largest);
    }

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs)
    {
        var (student, teacher) = (inputs.Logits.LogSoftmax(), inputs.TeacherLogits.LogSoftmax());
        var divergence = student.Exp().Minus(teacher.Exp()).Times(student.Minus(teacher)).Sum(1).Times(0.5);
        return LabelWeight == 0 ? divergence : divergence.Plus(Labels.PerSample(inputs).Times(LabelWeight));
    }
}
