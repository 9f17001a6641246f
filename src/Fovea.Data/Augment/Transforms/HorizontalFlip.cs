using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>Mirrors left and right, with a probability. torchvision: <c>RandomHorizontalFlip</c>.</summary>
public sealed record HorizontalFlip : Transform
{
    /// <inheritdoc/>
    public override string Kind => "horizontal_flip";

    /// <summary>The share of images that are mirrored; 0–1. Default 0.5.</summary>
    public double Probability { get; init; } = 0.5;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks) => checks.Within(Probability, 0, 1);

    /// <inheritdoc/>
    public override void Apply(Canvas canvas, ref Draws draws)
    {
        if (draws.Chance(Probability)) canvas.Mirror();
    }
}
