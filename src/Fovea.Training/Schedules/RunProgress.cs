using Fovea.Training.State;

namespace Fovea.Training.Schedules;

/// <summary>How far a run is at an update: what the learning rate and other numbers that change from step to step are functions of.</summary>
/// <param name="Step">
/// The number of the update, from 0, as a run would count it over the images that are not known to be bad: a run that skips images gets by its last
/// update where it should.
/// </param>
/// <param name="StepsPerEpoch">The updates of an epoch; at least 1.</param>
/// <param name="Epochs">The epochs of the run; at least 1.</param>
/// <param name="Scores">The evaluations so far, in their order.</param>
public readonly record struct RunProgress(long Step, long StepsPerEpoch, int Epochs, IReadOnlyList<EpochScore> Scores)
{
    /// <summary>A run without evaluations.</summary>
    /// <param name="step">The number of the update, from 0.</param>
    /// <param name="stepsPerEpoch">The updates of an epoch; at least 1.</param>
    /// <param name="epochs">The epochs of the run; at least 1.</param>
    public RunProgress(long step, long stepsPerEpoch, int epochs)
        : this(step, stepsPerEpoch, epochs, [])
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
    }

    /// <summary>With how many updates the run ends in any case; 0 where that is with its last epoch.</summary>
    public long MostSteps { get; init; }

    /// <summary>The updates of the run.</summary>
    public long Steps => checked(Epochs * StepsPerEpoch) is var all && MostSteps > 0 ? Math.Min(MostSteps, all) : all;

    /// <summary>The epochs that are over, with the share of the present one.</summary>
    public double Epoch => (double)Step / StepsPerEpoch;
}
