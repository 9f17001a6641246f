namespace Fovea.Data.Augment;

/// <summary>Mirrors top and bottom. torchvision: <c>RandomVerticalFlip</c>.</summary>
public sealed record VerticalFlip : Occasional
{
    /// <inheritdoc/>
    public override string Kind => "vertical_flip";

    /// <inheritdoc/>
    protected override void Change(Canvas canvas, ref Draws draws) => canvas.Flip();
}
