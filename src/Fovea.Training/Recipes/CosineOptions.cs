using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>Half a cosine wave from the full rate down, step by step, over what follows the warm-up (arXiv:1608.03983, without restarts).</summary>
public sealed record CosineOptions : ScheduleOptions
{
    /// <inheritdoc/>
    public override string Kind => "cosine";

    /// <summary>The rate that the wave would reach one step after the last; 0 to 1e30. Default 0.</summary>
    public double MinLearningRate { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(MinLearningRate, 0, OptionChecks.LargestScale);
    }
}
