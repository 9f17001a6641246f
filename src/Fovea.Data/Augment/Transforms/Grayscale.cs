using Fovea.Data.Augment.Pixels;

namespace Fovea.Data.Augment;

/// <summary>Takes the colours away: all channels become the luma. torchvision: <c>RandomGrayscale</c>.</summary>
public sealed record Grayscale : Occasional
{
    /// <inheritdoc/>
    public override string Kind => "grayscale";

    /// <inheritdoc/>
    protected override void Change(Canvas canvas, ref Draws draws) => Enhancements.Color(canvas.Edit(), 0);
}
