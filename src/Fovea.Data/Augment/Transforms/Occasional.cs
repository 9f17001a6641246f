using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>A change of pixels that is made with a probability.</summary>
public abstract record Occasional : Transform
{
    /// <summary>The share of images that are changed; 0–1. Default 0.5.</summary>
    public double Probability { get; init; } = 0.5;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks) => checks.Within(Probability, 0, 1);

    /// <inheritdoc/>
    public sealed override void Apply(Canvas canvas, ref Draws draws)
    {
        if (draws.Chance(Probability)) Change(canvas, ref draws);
    }

    /// <summary>Makes the change.</summary>
    protected abstract void Change(Canvas canvas, ref Draws draws);
}
