namespace Fovea.Training.RateFinding;

/// <summary>A rule that finds a learning rate in the curve of a range test, as fastai has it.</summary>
public enum RateRuleKind
{
    /// <summary>About half down the longest fall of the smoothed loss.</summary>
    Valley,

    /// <summary>Where the smoothed loss falls fastest over the logarithm of the rate.</summary>
    Steepest,

    /// <summary>A tenth of the rate at which the smoothed loss is least.</summary>
    MinimumTenth,
}
