namespace Fovea.Training.RateFinding;

/// <summary>Why a range test ended.</summary>
public enum RateCurveEnd
{
    /// <summary>All rates were tried.</summary>
    Completed,

    /// <summary>The smoothed loss was more than four times its best.</summary>
    Diverged,

    /// <summary>The loss was no finite number any more.</summary>
    NotFinite,
}
