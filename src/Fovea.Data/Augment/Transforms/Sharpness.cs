using Fovea.Data.Augment.Pixels;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>Sharpens, or blurs, by a factor. Pillow: <c>ImageEnhance.Sharpness</c>.</summary>
public sealed record Sharpness : Occasional
{
    /// <inheritdoc/>
    public override string Kind => "sharpness";

    /// <summary>0 smooths, 1 changes nothing, 2 sharpens; 0 to 100. Default 2.</summary>
    public double Factor { get; init; } = 2;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Within(Factor, 0, 100);
    }

    /// <inheritdoc/>
    protected override void Change(Canvas canvas, ref Draws draws) => Enhancements.Sharpness(canvas.Pixels, canvas.Redraw(canvas.Width, canvas.Height), Factor);
}
