using Fovea.Options;

namespace Fovea.Training.Schedules;

/// <summary>How the rate rises to the full one, η, in w steps s = 0 … w − 1; r is schedule.warmup_learning_rate.</summary>
public abstract record WarmupOptions : IAlternative
{
    /// <summary>The default of each way.</summary>
    public static IReadOnlyList<WarmupOptions> Kinds { get; } =
        [new LinearWarmupOptions(), new ConstantWarmupOptions(), new ExponentialWarmupOptions(), new PowerWarmupOptions()];

    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <summary>The rate of a step of the warm-up.</summary>
    /// <param name="first">r; null where the recipe does not say.</param>
    /// <param name="full">η.</param>
    /// <param name="step">s.</param>
    /// <param name="steps">w, at least 1.</param>
    public abstract double RateAt(double? first, double full, long step, long steps);

    /// <inheritdoc/>
    public virtual void Check(OptionChecks checks)
    {
    }
}
