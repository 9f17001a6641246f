using Fovea.Data.Augment.Pixels;

namespace Fovea.Data.Augment;

/// <summary>
/// 3-Augment (arXiv:2204.07118, section 3): of each image, either the colours are taken, or it is solarised from 128 on, or blurred by σ of 0.1 to 2.
/// </summary>
public sealed record ThreeAugment : Transform
{
    /// <inheritdoc/>
    public override string Kind => "three_augment";

    /// <inheritdoc/>
    public override void Apply(Canvas canvas, ref Draws draws)
    {
        var choice = draws.Integer(3);
        if (choice == 0) Enhancements.Color(canvas.Edit(), 0);
        else if (choice == 1) PointOperations.Solarize(canvas.Edit(), 128);
        else Blurs.Gaussian(canvas.Pixels, canvas.Redraw(canvas.Width, canvas.Height), draws.Uniform(0.1, 2));
    }
}
