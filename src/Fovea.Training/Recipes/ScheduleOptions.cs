using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>How the learning rate changes from step to step; <c>kind</c> says by which rule. Every rule may start with a linear warm-up.</summary>
public abstract record ScheduleOptions : IAlternative
{
    /// <summary>The default of each rule; its <see cref="Kind"/> is what a recipe names.</summary>
    public static IReadOnlyList<ScheduleOptions> Kinds { get; } = [new CosineOptions(), new StepOptions(), new ConstantOptions()];

    /// <summary>The name of the rule in a recipe.</summary>
    public abstract string Kind { get; }

    /// <summary>
    /// How long the rate rises linearly to the full one, in epochs, fractions allowed, at most train.epochs; rounded to whole steps. Default 0.
    /// </summary>
    public double WarmupEpochs { get; init; }

    /// <summary>
    /// The rate of the first step; 0 to 1e30. With w warm-up steps, step s then has r + (η − r)·s/w, as timm and PyTorch's LinearLR have
    /// it. Left out (null, the default): step s has η·(s + 1)/w.
    /// </summary>
    public double? WarmupLearningRate { get; init; }

    /// <inheritdoc/>
    public virtual void Check(OptionChecks checks)
    {
        checks.AtLeast(WarmupEpochs, 0, double.PositiveInfinity);
        if (WarmupLearningRate is { } rate) checks.AtLeast(rate, 0, OptionChecks.LargestScale, nameof(WarmupLearningRate));
    }
}
