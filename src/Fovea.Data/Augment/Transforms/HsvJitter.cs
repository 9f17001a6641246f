using Fovea.Data.Augment.Pixels;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>
/// Darknet's change of colours (<c>random_distort_image</c>): the hue is shifted, saturation and value are multiplied by random factors or divided by
/// them.
/// </summary>
public sealed record HsvJitter : Transform
{
    /// <inheritdoc/>
    public override string Kind => "hsv_jitter";

    /// <summary>The hue turns by a part of the circle, uniform in ± this; 0 to 0.5. Default 0.1.</summary>
    public double Hue { get; init; } = 0.1;

    /// <summary>The largest factor of saturation; 1 to 100. Default 1.5.</summary>
    public double Saturation { get; init; } = 1.5;

    /// <summary>The largest factor of value; 1 to 100. Default 1.5.</summary>
    public double Exposure { get; init; } = 1.5;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        checks.Within(Hue, 0, 0.5);
        checks.Within(Saturation, 1, 100);
        checks.Within(Exposure, 1, 100);
    }

    /// <inheritdoc/>
    public override void Apply(Canvas canvas, ref Draws draws)
    {
        var hue = draws.Uniform(-Hue, Hue);
        var saturation = Scales.Draw(Saturation, ref draws);
        Hues.Distort(canvas.Edit(), hue, saturation, Scales.Draw(Exposure, ref draws));
    }
}
