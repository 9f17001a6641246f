using Fovea.Data.Augment.Pixels;

namespace Fovea.Data.Augment;

/// <summary>Makes the negative. Pillow: <c>ImageOps.invert</c>.</summary>
public sealed record Invert : Occasional
{
    /// <inheritdoc/>
    public override string Kind => "invert";

    /// <inheritdoc/>
    protected override void Change(Canvas canvas, ref Draws draws) => PointOperations.Invert(canvas.Edit());
}
