using Fovea.Data.Augment.Pixels;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>Keeps the upper bits of each sample. Pillow: <c>ImageOps.posterize</c>.</summary>
public sealed record Posterize : Occasional
{
    /// <inheritdoc/>
    public override string Kind => "posterize";

    /// <summary>How many bits are kept; 1 to 8. Default 4.</summary>
    public int Bits { get; init; } = 4;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Within(Bits, 1, 8);
    }

    /// <inheritdoc/>
    protected override void Change(Canvas canvas, ref Draws draws) => PointOperations.Posterize(canvas.Edit(), Bits);
}
