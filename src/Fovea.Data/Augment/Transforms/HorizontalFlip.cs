namespace Fovea.Data.Augment;

/// <summary>Mirrors left and right. torchvision: <c>RandomHorizontalFlip</c>.</summary>
public sealed record HorizontalFlip : Occasional
{
    /// <inheritdoc/>
    public override string Kind => "horizontal_flip";

    /// <inheritdoc/>
    protected override void Change(Canvas canvas, ref Draws draws) => canvas.Mirror();
}
