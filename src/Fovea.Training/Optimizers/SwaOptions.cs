using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>
/// Stochastic weight averaging (Izmailov et al. 2018, arXiv:1803.05407): the plain mean of the weights at every so many steps towards the end of a run. Running
/// statistics of norms are averaged like the weights.
/// </summary>
public sealed record SwaOptions : AverageOptions
{
    /// <inheritdoc/>
    public override string Kind => "swa";

    /// <summary>The updates during which the averages are the weights themselves; at least 0. Default 0.</summary>
    public int After { get; init; }

    /// <summary>The updates from one set of weights that enters the mean to the next; at least 1. Default 1.</summary>
    public int Every { get; init; } = 1;

    /// <inheritdoc/>
    public override double ShareAt(long step)
    {
        var updates = step - After;
        if (updates <= 0) return 0;
        return updates % Every != 0 ? updates < Every ? 0 : 1 : 1 - (1 / (double)(updates / Every));
    }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        checks.AtLeast(After, 0, int.MaxValue);
        checks.AtLeast(Every, 1, int.MaxValue);
    }
}
