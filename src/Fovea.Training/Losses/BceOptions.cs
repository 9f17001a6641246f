using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>Binary cross-entropy of each class by itself (arXiv:2110.00476), with timm's options; an image may be of several classes.</summary>
public sealed record BceOptions : LossOptions
{
    /// <inheritdoc/>
    public override string Kind => "bce";

    /// <summary>The share of the target that is spread evenly over all classes; at least 0, below 1. Default 0.</summary>
    public double LabelSmoothing { get; init; }

    /// <inheritdoc/>
    public override double Spread => LabelSmoothing;

    /// <summary>Targets above it become 1 and others 0, after smoothing; at least 0, below 1. Null, the default, takes them as they are.</summary>
    public double? TargetThreshold { get; init; }

    /// <summary>Whether the loss of an image is the sum over classes and not their mean; default false.</summary>
    public bool SumClasses { get; init; }

    /// <summary>What the loss of each class is multiplied with, 0 to 1e6; empty, the default, means 1.</summary>
    public IReadOnlyList<double> ClassWeights { get; init; } = [];

    /// <summary>What the loss of each class is multiplied with where it is the right one, 0 to 1e6; empty, the default, means 1.</summary>
    public IReadOnlyList<double> PositiveWeights { get; init; } = [];

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Below(LabelSmoothing, 0, 1);
        if (TargetThreshold is { } threshold) checks.Below(threshold, 0, 1, nameof(TargetThreshold));
        ClassLists.Check(checks, ClassWeights, nameof(ClassWeights));
        ClassLists.Check(checks, PositiveWeights, nameof(PositiveWeights));
    }

    /// <inheritdoc/>
    public override void CheckClasses(OptionChecks checks, int classes)
    {
        ClassLists.CheckCount(checks, ClassWeights, classes, nameof(ClassWeights));
        ClassLists.CheckCount(checks, PositiveWeights, classes, nameof(PositiveWeights));
    }

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs)
    {
        var (z, t) = (inputs.Logits, inputs.Smoothed(LabelSmoothing));
        if (TargetThreshold is { } threshold) t = inputs.Graph.Constant((float)threshold).BroadcastTo(t.Shape).AtLeast(t).OneMinus();
        var losses = PositiveWeights.Count == 0 ? z.BinaryCrossEntropy(t) : Weighted(z, t, inputs.Row(PositiveWeights, "positive_weights"));
        if (ClassWeights.Count > 0) losses = losses.Times(inputs.Row(ClassWeights, "class_weights"));
        return SumClasses ? losses.Sum(1) : losses.Mean(1);
    }

    /// <summary>−p·t·log σ(z) − (1 − t)·log σ(−z) = (1 − t)·z + (1 + (p − 1)·t)·log(1 + e⁻ᶻ).</summary>
    private static Value Weighted(Value z, Value t, Value positive) =>
        t.OneMinus().Times(z).Plus(t.Times(positive.Plus(-1)).Plus(1).Times(z.Times(-1).Softplus()));
}
