using Fovea.Data.Augment.Pixels;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>Inverts samples from a threshold on. Pillow: <c>ImageOps.solarize</c>.</summary>
public sealed record Solarize : Occasional
{
    /// <inheritdoc/>
    public override string Kind => "solarize";

    /// <summary>The least sample that is inverted; 0 to 256. Default 128.</summary>
    public int Threshold { get; init; } = 128;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Within(Threshold, 0, 256);
    }

    /// <inheritdoc/>
    protected override void Change(Canvas canvas, ref Draws draws) => PointOperations.Solarize(canvas.Edit(), Threshold);
}
