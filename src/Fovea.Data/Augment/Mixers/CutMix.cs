using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>
/// CutMix (arXiv:1905.04899): a rectangle of the proportions of the image shows another. It covers 1 − λ of the area, λ from Beta(α, α), as far as it
/// does not reach over the border: shares in the target are numbers of pixels.
/// </summary>
public sealed record CutMix : Mixer
{
    /// <inheritdoc/>
    public override string Kind => "cutmix";

    /// <summary>α; above 0, 1e-30 to 1000. Of 1, λ is uniform. Default 1.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>
    /// The least side of the rectangle as a share of the image's; 0–1. Above 0, in place of α: each side is uniform up to <see cref="MaxSide"/>, and the
    /// rectangle lies within the image. Default 0.
    /// </summary>
    public double MinSide { get; init; }

    /// <summary>The largest side; at least <see cref="MinSide"/>, at most 1. Default 0.8.</summary>
    public double MaxSide { get; init; } = 0.8;

    /// <inheritdoc/>
    public override int Images => 2;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Alpha, 1000);
        checks.Within(MinSide, 0, 1);
        checks.Within(MaxSide, Math.Clamp(MinSide, 0, 1), 1);
    }

    /// <inheritdoc/>
    public override Blend Draw(int width, int height, ref Draws draws)
    {
        var (left, top, right, bottom) = MinSide > 0 ? Within(width, height, ref draws) : Around(width, height, ref draws);
        return new PatchBlend(
        [
            new(1, left, top, right - left, bottom - top, left, top),
            new(0, 0, 0, width, top, 0, 0),
            new(0, 0, bottom, width, height - bottom, 0, bottom),
            new(0, 0, top, left, bottom - top, 0, top),
            new(0, right, top, width - right, bottom - top, right, top),
        ], Images);
    }

    private (int Left, int Top, int Right, int Bottom) Around(int width, int height, ref Draws draws)
    {
        var side = Math.Sqrt(1 - draws.Beta(Alpha, Alpha));
        var (w, h) = ((int)(width * side), (int)(height * side));
        var (x, y) = (draws.Integer(width), draws.Integer(height));
        return (Math.Max(x - (w / 2), 0), Math.Max(y - (h / 2), 0), Math.Min(x + (w / 2), width), Math.Min(y + (h / 2), height));
    }

    private (int Left, int Top, int Right, int Bottom) Within(int width, int height, ref Draws draws)
    {
        var (w, h) = ((int)Math.Round(width * draws.Uniform(MinSide, MaxSide)), (int)Math.Round(height * draws.Uniform(MinSide, MaxSide)));
        var (x, y) = (draws.Integer(width - w + 1), draws.Integer(height - h + 1));
        return (x, y, x + w, y + h);
    }
}
