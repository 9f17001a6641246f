using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>How gradients change the weights; <c>kind</c> says by which rule.</summary>
public abstract record OptimizerOptions : IAlternative
{
    /// <summary>The default of each rule; its <see cref="Kind"/> is what a recipe names.</summary>
    public static IReadOnlyList<OptimizerOptions> Kinds { get; } = [new SgdOptions(), new AdamWOptions()];

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

    /// <summary>The rate for batches of <paramref name="effectiveBatch"/> images.</summary>
    public double ScaledRate(int effectiveBatch) => LinearRuleBatch == 0 ? LearningRate : LearningRate * effectiveBatch / LinearRuleBatch;

    /// <inheritdoc/>
    public virtual void Check(OptionChecks checks)
    {
        checks.Positive(LearningRate, OptionChecks.LargestScale);
        checks.AtLeast(LinearRuleBatch, 0, 1_000_000_000);
        checks.AtLeast(WeightDecay, 0, 1000);
    }
}
