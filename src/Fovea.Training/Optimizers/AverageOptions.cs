using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>Averages of parameters and state over the updates of a run, which are evaluated in their place; <c>kind</c> says how they are weighted.</summary>
public abstract record AverageOptions : IAlternative
{
    /// <summary>The default of each way.</summary>
    public static IReadOnlyList<AverageOptions> Kinds { get; } = [new NoAverageOptions(), new EmaOptions(), new SwaOptions()];

    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <summary>The share that the averages keep at an update, 0–1; the weights after it have the rest.</summary>
    /// <param name="step">The number of the update, counted from 1.</param>
    public abstract double ShareAt(long step);

    /// <summary>
    /// How many batches of training images the running statistics of norms are estimated from anew before the averages are evaluated; 0, the default, for
    /// statistics that are averaged like the weights.
    /// </summary>
    /// <param name="step">The updates so far.</param>
    public virtual int NormBatchesAt(long step) => 0;

    /// <inheritdoc/>
    public abstract void Check(OptionChecks checks);
}
