namespace Fovea.Data.Augment;

/// <summary>
/// Mirrors left and right in every other epoch: half of the images in the first, the others in the next, and so on, so that two epochs see each image both
/// ways (arXiv:2404.00498, section 3.6).
/// </summary>
public sealed record AlternatingFlip : Transform
{
    /// <inheritdoc/>
    public override string Kind => "alternating_flip";

    /// <inheritdoc/>
    public override void Apply(Canvas canvas, ref Draws draws)
    {
        var first = draws.OfEveryEpoch;
        if (first.Chance(0.5) == (draws.Epoch % 2 == 0)) canvas.Mirror();
    }
}
