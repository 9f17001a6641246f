using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>What is minimised; <c>kind</c> says by which rule. It is the mean over the images of a batch.</summary>
/// <remarks>A loss is one record: its options, their ranges and <see cref="PerSample"/>. Its row in <see cref="Kinds"/> makes it known to recipes.</remarks>
public abstract record LossOptions : IAlternative
{
    private const double LargestWeight = 1000;

    /// <summary>The default of each loss; its <see cref="Kind"/> is what a recipe names.</summary>
    public static IReadOnlyList<LossOptions> Kinds { get; } =
    [
        new CrossEntropyOptions(), new BceOptions(), new FocalOptions(), new SigmoidFocalOptions(), new AsymmetricOptions(), new EqlOptions(),
        new SoftmaxEqlOptions(), new EqlV2Options(), new SeesawOptions(), new LdamOptions(), new BalancedSoftmaxOptions(), new LogitAdjustmentOptions(),
        new KdOptions(), new SsldOptions(), new DistOptions(),
    ];

    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <summary>
    /// What the losses of side heads (GoogLeNet's, RepVGGplus's) are multiplied with; 0–1000, 0 leaves them out. Null, the default, takes what each model
    /// has of itself.
    /// </summary>
    public double? AuxiliaryWeight { get; init; }

    /// <summary>
    /// The weight of RepVGG's L2 penalty on the kernels that its blocks are equivalent to, which are worth no weight decay beside it; 0–1000. The official
    /// code takes half the weight decay. 0, the default, adds none.
    /// </summary>
    public double CustomL2 { get; init; }

    /// <summary>Whether the loss compares with the logits of a teacher; default false.</summary>
    public virtual bool WantsTeacher => false;

    /// <summary>Whether the loss wants to know how many training images each class has; default false.</summary>
    public virtual bool WantsClassCounts => false;

    /// <summary>The share of a target that is spread over all classes, 0–1; 0, the default, for losses without.</summary>
    public virtual double Spread => 0;

    /// <summary>The rule: the loss of each image.</summary>
    /// <param name="inputs">Logits and target.</param>
    /// <returns>f32 [N].</returns>
    public abstract Value PerSample(LossInputs inputs);

    /// <inheritdoc/>
    public virtual void Check(OptionChecks checks)
    {
        if (AuxiliaryWeight is { } weight) checks.AtLeast(weight, 0, LargestWeight, nameof(AuxiliaryWeight));
        checks.AtLeast(CustomL2, 0, LargestWeight);
    }

    /// <summary>Tells which options with a number for each class have more or fewer; by default there are none.</summary>
    /// <param name="checks">Receives what is wrong.</param>
    /// <param name="classes">The number of classes.</param>
    public virtual void CheckClasses(OptionChecks checks, int classes)
    {
    }

    /// <summary>The loss of each image with those of side heads and penalties, f32 [N].</summary>
    /// <param name="graph">The training form of the model.</param>
    /// <param name="logits">The model's own logits.</param>
    /// <param name="target">What they should be.</param>
    /// <param name="context">What the loss may know beside.</param>
    internal Value Total(Graph graph, Value logits, Value target, LossContext context)
    {
        var losses = PerSample(new(logits, target, context));
        foreach (var (name, value, ownWeight) in AuxiliaryWeight == 0 ? [] : graph.Auxiliaries)
            losses = losses.Plus(PerSample(new(value, target, context with { Head = name })).Times(AuxiliaryWeight ?? ownWeight));
        return CustomL2 == 0 ? losses : losses.Plus(RepVggPenalty.Of(graph).Times(CustomL2));
    }
}
