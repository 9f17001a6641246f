using Fovea.Data.Augment.Pixels;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>
/// Changes brightness, contrast, saturation and hue by random factors, in random order. torchvision: <c>ColorJitter</c>, on images of Pillow.
/// </summary>
public sealed record ColorJitter : Transform
{
    /// <inheritdoc/>
    public override string Kind => "color_jitter";

    /// <summary>The share of images that are changed; 0–1. Default 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>The factor of brightness is uniform in 1 ± this, at least 0; 0 to 10. Default 0.4.</summary>
    public double Brightness { get; init; } = 0.4;

    /// <summary>The same for contrast. Default 0.4.</summary>
    public double Contrast { get; init; } = 0.4;

    /// <summary>The same for saturation. Default 0.4.</summary>
    public double Saturation { get; init; } = 0.4;

    /// <summary>The hue turns by a part of the circle, uniform in ± this; 0 to 0.5. Default 0.</summary>
    public double Hue { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        checks.Within(Probability, 0, 1);
        checks.Within(Brightness, 0, 10);
        checks.Within(Contrast, 0, 10);
        checks.Within(Saturation, 0, 10);
        checks.Within(Hue, 0, 0.5);
    }

    /// <inheritdoc/>
    public override void Apply(Canvas canvas, ref Draws draws)
    {
        if (!draws.Chance(Probability)) return;
        Span<int> order = [0, 1, 2, 3];
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = draws.Integer(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        var (brightness, contrast, saturation) = (Factor(Brightness, ref draws), Factor(Contrast, ref draws), Factor(Saturation, ref draws));
        var hue = draws.Uniform(-Hue, Hue);
        var image = canvas.Edit();
        foreach (var change in order)
        {
            if (change == 0) Enhancements.Brightness(image, brightness);
            else if (change == 1) Enhancements.Contrast(image, contrast);
            else if (change == 2) Enhancements.Color(image, saturation);
            else if (Hue > 0) Hues.Turn(image, hue);
        }
    }

    private static double Factor(double range, ref Draws draws) => draws.Uniform(Math.Max(1 - range, 0), 1 + range);
}
