using Fovea.Training.Recipes;

namespace Fovea.Training.Schedules;

/// <summary>The learning rate of every step of a run: a function of the step's number alone.</summary>
public sealed class LearningRates
{
    private readonly ScheduleOptions _options;
    private readonly double _full;

    /// <summary>The rates of a run.</summary>
    /// <param name="options">The rule.</param>
    /// <param name="full">The largest rate, which follows the warm-up.</param>
    /// <param name="epochs">The epochs of the run; at least 1.</param>
    /// <param name="stepsPerEpoch">The updates of an epoch; at least 1.</param>
    public LearningRates(ScheduleOptions options, double full, int epochs, long stepsPerEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        (_options, _full, StepsPerEpoch) = (options, full, stepsPerEpoch);
        Steps = checked(epochs * stepsPerEpoch);
        WarmupSteps = Math.Min(Steps, (long)Math.Round(options.WarmupEpochs * stepsPerEpoch));
    }

    /// <summary>The steps of an epoch.</summary>
    public long StepsPerEpoch { get; }

    /// <summary>The steps of the run.</summary>
    public long Steps { get; }

    /// <summary>The steps of the warm-up.</summary>
    public long WarmupSteps { get; }

    /// <summary>The rate of a step; steps count from 0.</summary>
    public double At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return step < WarmupSteps ? Warmup(step) : _options switch
        {
            CosineOptions cosine => Cosine(cosine, step),
            StepOptions steps => _full * Math.Pow(steps.Gamma, Falls(steps, step / StepsPerEpoch)),
            _ => _full,
        };
    }

    private double Warmup(long step) => _options.WarmupLearningRate is { } first
        ? first + ((_full - first) * step / WarmupSteps)
        : _full * (step + 1) / WarmupSteps;

    private double Cosine(CosineOptions cosine, long step)
    {
        var progress = Math.Min(1, (double)(step - WarmupSteps) / Math.Max(1, Steps - WarmupSteps));
        return cosine.MinLearningRate + ((_full - cosine.MinLearningRate) * 0.5 * (1 + Math.Cos(Math.PI * progress)));
    }

    private static long Falls(StepOptions steps, long epoch) =>
        steps.Every > 0 ? epoch / steps.Every : steps.Milestones.Count(milestone => epoch >= milestone);
}
