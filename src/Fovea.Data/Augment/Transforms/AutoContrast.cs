using Fovea.Data.Augment.Pixels;

namespace Fovea.Data.Augment;

/// <summary>Stretches the values of each channel to black and white. Pillow: <c>ImageOps.autocontrast</c>.</summary>
public sealed record AutoContrast : Occasional
{
    /// <inheritdoc/>
    public override string Kind => "auto_contrast";

    /// <inheritdoc/>
    protected override void Change(Canvas canvas, ref Draws draws) => Histograms.AutoContrast(canvas.Edit());
}
