using Fovea.Data.Augment.Pixels;

namespace Fovea.Data.Augment;

/// <summary>Gives all values of each channel the same share. Pillow: <c>ImageOps.equalize</c>.</summary>
public sealed record Equalize : Occasional
{
    /// <inheritdoc/>
    public override string Kind => "equalize";

    /// <inheritdoc/>
    protected override void Change(Canvas canvas, ref Draws draws) => Histograms.Equalize(canvas.Edit());
}
