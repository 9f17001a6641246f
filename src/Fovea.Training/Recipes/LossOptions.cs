using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>What is minimised: softmax cross-entropy.</summary>
public sealed record LossOptions : IOptions
{
    /// <summary>The share of the target that is spread evenly over all classes (arXiv:1512.00567, section 7); at least 0, below 1. Default 0.</summary>
    public double LabelSmoothing { get; init; }

    /// <inheritdoc/>
    public void Check(OptionChecks checks) => checks.Below(LabelSmoothing, 0, 1);
}
