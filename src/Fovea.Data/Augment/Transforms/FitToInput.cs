using Fovea.Images;

namespace Fovea.Data.Augment;

/// <summary>As in evaluation: resized, and cut from the middle, as <c>data.fit</c> says. Stands in front of the steps of which none fixes the size.</summary>
public sealed record FitToInput : Transform
{
    /// <inheritdoc/>
    public override string Kind => "fit";

    /// <inheritdoc/>
    public override bool IsRandom => false;

    /// <inheritdoc/>
    public override bool FixesSize => true;

    /// <summary>Of which views it makes that of the canvas.</summary>
    internal Views Views { get; init; }

    /// <inheritdoc/>
    public override void Apply(Canvas canvas, ref Draws draws)
    {
        var input = canvas.Input;
        if (input.Fit == Fit.Stretch)
        {
            canvas.Resize(input.Width, input.Height, input.Interpolation);
        }
        else
        {
            canvas.ResizeShorter(input.ShorterSide, input.Interpolation);
        }

        ViewPlan.Cut(canvas, Views, canvas.View);
    }

    internal override double Reduction(int width, int height, Preprocessing input, Draws draws) => input.Fit == Fit.Stretch
        ? Math.Min((double)width / input.Width, (double)height / input.Height)
        : (double)Math.Min(width, height) / input.ShorterSide;
}
