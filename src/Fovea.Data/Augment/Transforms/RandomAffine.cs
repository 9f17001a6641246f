using Fovea.Data.Augment.Pixels;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>Turns, shifts, scales and shears about the middle by random amounts. torchvision: <c>RandomAffine</c>.</summary>
public sealed record RandomAffine : Transform
{
    /// <inheritdoc/>
    public override string Kind => "random_affine";

    /// <summary>The share of images that are changed; 0–1. Default 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>The turn is uniform in ± so many degrees; 0 to 180. Default 10.</summary>
    public double Degrees { get; init; } = 10;

    /// <summary>The shift along each side is uniform in ± this share of it, in whole pixels; 0–1. Default 0.</summary>
    public double Translate { get; init; }

    /// <summary>The smallest scale; 0.01 to <see cref="MaxScale"/>. Default 1.</summary>
    public double MinScale { get; init; } = 1;

    /// <summary>The largest scale; at most 100. Default 1.</summary>
    public double MaxScale { get; init; } = 1;

    /// <summary>The shear along each side is uniform in ± so many degrees; 0 to 89. Default 0.</summary>
    public double Shear { get; init; }

    /// <summary>What is seen of outside. Default black.</summary>
    public Outside Outside { get; init; } = Outside.Black;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        checks.Within(Probability, 0, 1);
        checks.Within(Degrees, 0, 180);
        checks.Within(Translate, 0, 1);
        checks.Within(MinScale, 0.01, 100);
        checks.Within(MaxScale, Math.Clamp(MinScale, 0.01, 100), 100);
        checks.Within(Shear, 0, 89);
    }

    /// <inheritdoc/>
    public override void Apply(Canvas canvas, ref Draws draws)
    {
        if (!draws.Chance(Probability)) return;
        var degrees = draws.Uniform(-Degrees, Degrees);
        var (width, height) = (canvas.Width, canvas.Height);
        var x = Math.Round(draws.Uniform(-Translate, Translate) * width);
        var y = Math.Round(draws.Uniform(-Translate, Translate) * height);
        var scale = draws.Uniform(MinScale, MaxScale);
        var shear = (draws.Uniform(-Shear, Shear), draws.Uniform(-Shear, Shear));
        var map = AffineMap.Of(degrees, (x, y), scale, shear, (width * 0.5, height * 0.5));
        Affine.Draw(canvas.Pixels, canvas.Redraw(width, height), map, canvas.Input.Interpolation, Colour.Of(Outside == Outside.Mean, canvas.Input));
    }
}
