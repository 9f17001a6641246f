using Fovea.Data.Augment.Pixels;

namespace Fovea.Data.Augment;

/// <summary>
/// AutoAugment (arXiv:1805.09501): one of 25 pairs of operations, each with its probability and magnitude. torchvision: <c>AutoAugment</c>, with the
/// interpolation of the data.
/// </summary>
public sealed record AutoAugment : Transform
{
    private const int Bins = 10;

    /// <inheritdoc/>
    public override string Kind => "auto_augment";

    /// <summary>For which data the pairs were found. Default imagenet.</summary>
    public AutoAugmentPolicy Policy { get; init; }

    /// <summary>What is seen of outside. Default black.</summary>
    public Outside Outside { get; init; } = Outside.Black;

    /// <inheritdoc/>
    public override void Apply(Canvas canvas, ref Draws draws)
    {
        var pairs = AutoAugmentPolicies.Of(Policy);
        var (first, second) = pairs[draws.Integer(pairs.Count)];
        Apply(first, canvas, ref draws);
        Apply(second, canvas, ref draws);
    }

    private void Apply(AutoAugmentPolicies.Step step, Canvas canvas, ref Draws draws)
    {
        if (draws.Chance(step.Probability))
            MagnitudeSpace.Auto[step.Operation].Apply(canvas, Bins, step.Bin, Colour.Of(Outside == Outside.Mean, canvas.Input), ref draws);
    }
}
