namespace Fovea.Training.Steps;

/// <summary>What one batch gave.</summary>
/// <param name="Loss">The mean loss of its images.</param>
/// <param name="Hits">How many of them have their largest logit at the right class.</param>
/// <param name="Samples">Their number.</param>
/// <param name="Updated">Whether the model was updated; false while gradients are still being accumulated.</param>
/// <param name="GradientNorm">The norm of the gradient before clipping; null when it is not computed, or nothing was updated.</param>
public readonly record struct StepResult(double Loss, int Hits, int Samples, bool Updated, double? GradientNorm)
{
    /// <summary>Of how many images the right class is among the five largest logits.</summary>
    public int HitsOfFive { get; init; }
}
