using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>
/// Distillation from a stronger teacher (DIST, arXiv:2205.10536): the loss of labels, and by how much probabilities of student and teacher do not
/// correlate: over the classes of each image (inter), and over the images of a batch for each class (intra).
/// </summary>
public sealed record DistOptions : DistillationOptions
{
    private const double Largest = 1000;

    /// <summary>Added to sums of squares, so that what does not vary correlates with nothing.</summary>
    private const double Smallest = 1e-16;

    /// <inheritdoc/>
    public override string Kind => "dist";

    /// <summary>What the inter-class part is multiplied with; 0–1000. Default 1.</summary>
    public double Inter { get; init; } = 1;

    /// <summary>What the intra-class part is multiplied with; 0–1000. Default 1.</summary>
    public double Intra { get; init; } = 1;

    /// <summary>The temperature T of the probabilities, with whose square both parts are multiplied; above 0, at most 1000. Default 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>What the loss of labels is multiplied with; 0–1000. Default 1.</summary>
    public double LabelWeight { get; init; } = 1;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(Inter, 0, Largest);
        checks.AtLeast(Intra, 0, Largest);
        checks.Positive(Temperature, Largest);
        checks.AtLeast(LabelWeight, 0, Largest);
    }

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs)
    {
        var student = inputs.Logits.Times(1 / Temperature).LogSoftmax().Exp();
        var teacher = inputs.TeacherLogits.Times(1 / Temperature).LogSoftmax().Exp();
        var inter = Correlation(student, teacher, axis: 1).OneMinus();
        var intra = Correlation(student, teacher, axis: 0).OneMinus().Mean(0);
        var square = Temperature * Temperature;
        var relation = inter.Times(Inter * square).Plus(intra.Times(Intra * square));
        return LabelWeight == 0 ? relation : relation.Plus(Labels.PerSample(inputs).Times(LabelWeight));
    }

    /// <summary>Pearson's correlation along an axis.</summary>
    private static Value Correlation(Value a, Value b, int axis) => Standardised(a, axis).Times(Standardised(b, axis)).Sum(axis);

    private static Value Standardised(Value x, int axis)
    {
        var kept = x.Shape.With(axis, 1);
        var centred = x.Minus(x.Mean(axis).Reshape(kept));
        return centred.Times(centred.Square().Sum(axis).Plus(Smallest).ReciprocalSqrt().Reshape(kept));
    }
}
