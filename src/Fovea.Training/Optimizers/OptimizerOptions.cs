using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Options;
using Fovea.Tensors;

namespace Fovea.Training.Optimizers;

/// <summary>How gradients change the weights; <c>kind</c> says by which rule.</summary>
/// <remarks>
/// A rule is one record: its options, their ranges, and <see cref="Step"/>, which composes it of operations. It is known to recipes by its row in
/// <see cref="Kinds"/>; a program may train with any other, too.
/// </remarks>
public abstract record OptimizerOptions : IAlternative
{
    /// <summary>The default of each rule; its <see cref="Kind"/> is what a recipe names.</summary>
    public static IReadOnlyList<OptimizerOptions> Kinds { get; } =
    [
        new SgdOptions(), new AdamOptions(), new AdamWOptions(), new NAdamOptions(), new RmsPropOptions(), new RmsPropTfOptions(), new AdagradOptions(),
        new AdaBoundOptions(), new AdanOptions(), new LionOptions(), new LarsOptions(), new LarcOptions(), new LambOptions(), new MuonOptions(),
    ];

    /// <summary>The name of the rule in a recipe.</summary>
    public abstract string Kind { get; }

    /// <summary>The largest learning rate, which the schedule scales; above 0, 1e-30 to 1e30.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>
    /// The batch size, in images, that <see cref="LearningRate"/> is meant for: it is multiplied by (batch_size · accumulate) / this. 0, the
    /// default, takes the rate as it is; at most 1 000 000 000. Goyal et al. 2017, arXiv:1706.02677, section 2.1.
    /// </summary>
    public int LinearRuleBatch { get; init; }

    /// <summary>λ of the decay towards zero; 0–1000.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Whether parameters of one axis (biases, scale and shift of normalisations) decay, too; default false.</summary>
    public bool Decay1d { get; init; }

    /// <summary>
    /// Names of parameters that do not decay, whatever their axes; <c>*</c> stands for any characters, <c>?</c> for one: <c>[stem.*, "*.pos_embed"]</c>.
    /// Each has to name some of the model. Default none.
    /// </summary>
    public IReadOnlyList<string> NoDecay { get; init; } = [];

    /// <summary>The factor on the learning rate of biases, parameters whose names end in <c>bias</c>; above 0, 1e-30 to 1e30. Default 1.</summary>
    public double BiasRate { get; init; } = 1;

    /// <summary>
    /// Names of parameters of one axis that decay all the same: <c>["*identity.weight"]</c> is what RepVGG's and RepOpt's authors do. Each has to name some
    /// of the model. Default none.
    /// </summary>
    public IReadOnlyList<string> AlsoDecay { get; init; } = [];

    /// <summary>
    /// The factor on the learning rate from each block to the one before it, so that the first learn least; above 0, at most 1. 1, the default, leaves the
    /// rates as they are. A block is what shares a name up to its last number (<c>layer1.0</c>); what comes before all blocks is one, and what
    /// comes after; in a model without numbers every module is.
    /// </summary>
    public double LayerDecay { get; init; } = 1;

    /// <summary>
    /// What is done around the rule, in this order: <c>[{kind: sam}, {kind: lookahead, every: 5}]</c>. Each kind once. Of sam and asam
    /// together, the second steps from the weights along the gradient that the first has found, a pass more for each. Default nothing.
    /// </summary>
    public IReadOnlyList<WrapperOptions> Around { get; init; } = [];

    /// <summary>
    /// How steps follow gradients that are all s times as large: as s to this power, 1 for steps in proportion, 0 for steps that stay as they are but for
    /// rounding; null, the default, where neither holds. Decay must be beside it: a share of the weight, or of degree 1.
    /// </summary>
    public virtual int? GradientDegree => null;

    /// <summary>The share of the past direction that a step keeps: momentum, or β₁ of the rules after Adam; 0, the default, for rules without.</summary>
    public virtual double KeptDirection => 0;

    /// <summary>The rate for batches of <paramref name="effectiveBatch"/> images.</summary>
    public double ScaledRate(int effectiveBatch) => LinearRuleBatch == 0 ? LearningRate : LearningRate * effectiveBatch / LinearRuleBatch;

    /// <inheritdoc/>
    public virtual void Check(OptionChecks checks)
    {
        checks.Positive(LearningRate, OptionChecks.LargestScale);
        checks.AtLeast(LinearRuleBatch, 0, 1_000_000_000);
        checks.AtLeast(WeightDecay, 0, 1000);
        checks.Positive(LayerDecay, 1);
        checks.Positive(BiasRate, OptionChecks.LargestScale);
        if (NoDecay.Any(string.IsNullOrEmpty)) checks.Fail(nameof(NoDecay), "an empty name", "names of parameters, as stem.*");
        if (AlsoDecay.Any(string.IsNullOrEmpty)) checks.Fail(nameof(AlsoDecay), "an empty name", "names of parameters, as *identity.weight");
        for (var i = 0; i < Around.Count; i++)
        {
            var below = checks.In(FormattableString.Invariant($"around[{i}]"));
            Around[i].Check(below);
            Around[i].CheckAround(this, below);
            // Two of a kind would share their slots and numbers.
            if (Around.Take(i).Any(before => before.Kind == Around[i].Kind)) below.Fail(nameof(Kind), $"{Around[i].Kind} once more", "each kind once");
        }
    }

    /// <summary>The rule: what a parameter becomes, and by <see cref="ParameterUpdate.Keep"/> its slots.</summary>
    /// <param name="update">The parameter with its gradient.</param>
    /// <returns>The parameter after the step.</returns>
    public abstract Value Step(ParameterUpdate update);

    /// <summary>What a parameter becomes by the rule and what stands around it.</summary>
    internal Value Apply(ParameterUpdate update)
    {
        var given = Around.Aggregate(update, (given, wrapper) => wrapper.Before(this, given));
        return Around.Aggregate(Step(given), (next, wrapper) => wrapper.After(given, next));
    }

    /// <summary>Prepares the variables of a run that begins, where something around the rule wants it.</summary>
    /// <exception cref="State.TrainingException">It cannot begin so.</exception>
    internal void Begin(RunStart start)
    {
        foreach (var wrapper in Around) wrapper.Begin(this, start);
    }

    /// <summary>How many tensors the rule, and what stands around it, keeps for each parameter.</summary>
    public int CountSlots()
    {
        var graph = new Graph("slots");
        var weight = graph.Parameter("conv.weight", new Shape(2, 2, 3, 3), Initializer.Zeros);
        Apply(new(new StepNumbers(graph), weight, graph.Input("g", weight.Type), WeightDecay, rateFactor: 1, () => graph.Input("norm", TensorType.F32())));
        return graph.Variables.Count(value => value.Variable!.Kind == VariableKind.Slot);
    }

    /// <summary>Whether the rule has a momentum, or a first moment, that a schedule may set from step to step.</summary>
    public bool TakesMomentum()
    {
        var graph = new Graph("momentum");
        var (numbers, weight) = (new StepNumbers(graph), graph.Parameter("w", new Shape(2, 2), Initializer.Zeros));
        Apply(new(
            numbers, weight, graph.Input("g", weight.Type), WeightDecay, rateFactor: 1, () => graph.Input("norm", TensorType.F32()), isMomentumDriven: true));
        return numbers.All.Any(number => number.At(new(2, LearningRate, 0.5)) != number.At(new(2, LearningRate, 0.75)));
    }

    /// <summary>The factor on the learning rate of a parameter beside that of its block.</summary>
    internal double RateOf(Value parameter) => parameter.Variable!.Label.EndsWith("bias", StringComparison.Ordinal) ? BiasRate : 1;

    /// <summary>λ for a parameter.</summary>
    internal double DecayOf(Value parameter)
    {
        var label = parameter.Variable!.Label;
        var decays = parameter.Shape.Rank > 1 || Decay1d || NamePattern.AnyMatches(AlsoDecay, label);
        return decays && !NamePattern.AnyMatches(NoDecay, label) ? WeightDecay : 0;
    }

    /// <summary>Whether all options are the same, those of lists included.</summary>
    public virtual bool Equals(OptimizerOptions? other) => other is not null && EqualityContract == other.EqualityContract
        && (LearningRate, LinearRuleBatch, WeightDecay, Decay1d, LayerDecay, BiasRate)
            == (other.LearningRate, other.LinearRuleBatch, other.WeightDecay, other.Decay1d, other.LayerDecay, other.BiasRate)
        && NoDecay.SequenceEqual(other.NoDecay, StringComparer.Ordinal)
        && AlsoDecay.SequenceEqual(other.AlsoDecay, StringComparer.Ordinal) && Around.SequenceEqual(other.Around);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EqualityContract, LearningRate, LinearRuleBatch, WeightDecay, Decay1d, LayerDecay);
}
