using Fovea.Data.Augment;
using Fovea.Options;

namespace Programs;

/// <summary>Black pixels here and there.</summary>
public sealed record Speckle : Transform
{
    public override string Kind => "speckle";

    /// <summary>The share of pixels; 0–1. Default 0.02.</summary>
    public double Share { get; init; } = 0.02;

    public override void Check(OptionChecks checks) => checks.Within(Share, 0, 1);

    public override void Apply(Canvas canvas, ref Draws draws)
    {
        var image = canvas.Edit();
        for (var y = 0; y < image.Height; y++)
            for (var x = 0; x < image.Width; x++)
                if (draws.Chance(Share)) image.Row(y).Slice(3 * x, 3).Clear();
    }
}
