using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>
/// Knowledge distillation (Hinton et al. 2015, arXiv:1503.02531): α·T²·KL(softmax(teacher/T) ‖ softmax(z/T)) + (1 − α) times the loss of labels.
/// </summary>
public sealed record KdOptions : DistillationOptions
{
    private const double Hottest = 1000;

    /// <inheritdoc/>
    public override string Kind => "kd";

    /// <summary>T; above 0, at most 1000. Default 4.</summary>
    public double Temperature { get; init; } = 4;

    /// <summary>α; 0–1. Default 0.9.</summary>
    public double Alpha { get; init; } = 0.9;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Temperature, Hottest);
        checks.Within(Alpha, 0, 1);
    }

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs)
    {
        var log = inputs.TeacherLogits.Times(1 / Temperature).LogSoftmax();
        var teacher = log.Exp();
        var divergence = inputs.Logits.Times(1 / Temperature).SoftmaxCrossEntropy(teacher).Plus(teacher.Times(log).Sum(1));
        return divergence.Times(Alpha * Temperature * Temperature).Plus(Labels.PerSample(inputs).Times(1 - Alpha));
    }
}
