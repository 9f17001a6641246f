using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>
/// Stochastic weight averaging (Izmailov et al. 2018, arXiv:1803.05407): the plain mean of the weights at every so many steps towards the end of a run. For
/// these weights the running statistics of norms are estimated anew.
/// </summary>
public sealed record SwaOptions : AverageOptions
{
    /// <inheritdoc/>
    public override string Kind => "swa";

    /// <summary>The updates during which the averages are the weights themselves; at least 0. Default 0.</summary>
    public int After { get; init; }

    /// <summary>The updates from one set of weights that enters the mean to the next; at least 1. Default 1.</summary>
    public int Every { get; init; } = 1;

    /// <summary>
    /// The batches of an epoch, augmented as in training, over which the statistics of norms are taken anew for the averages, after each epoch that is
    /// evaluated and after the last; at most as many as the epoch has. Of a run with data.progressive they are those of its last epoch, whose size the averages
    /// are for. 0 averages the running statistics like the weights; default 100.
    /// </summary>
    public int NormBatches { get; init; } = 100;

    /// <inheritdoc/>
    public override int NormBatchesAt(long step) => step > After ? NormBatches : 0;

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
        checks.AtLeast(NormBatches, 0, int.MaxValue);
    }
}
