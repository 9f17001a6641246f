using Fovea.Training.Logging;

namespace Fovea.Training.Checks;

/// <summary>An input far larger than the images, so that most of the work is done on pixels that say nothing.</summary>
/// <remarks>Weights that are given may want their own size.</remarks>
public sealed record InputLargerThanImages : RunCheck
{
    private const int Harmless = 32;
    private const int Far = 2;
    private const int Multiple = 16;

    /// <inheritdoc/>
    public override Advice? Before(PlannedRun run)
    {
        var (size, side) = (run.InputSide, run.TypicalSide);
        if (run.HasWeights || side == 0 || size <= Harmless || size <= Far * side) return null;
        return Advise(
            $"the input of {size}×{size} is {Text((double)size / side)} times as large as the images, whose shorter side is {side} pixels: "
            + "much work for nothing, best with a net that is made for small images",
            "data.image_size", $"{Math.Max(Harmless, (side + Multiple - 1) / Multiple * Multiple)}");
    }
}
