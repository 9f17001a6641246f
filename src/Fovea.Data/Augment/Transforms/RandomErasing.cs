using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>
/// Erases a rectangle of random area and proportions (arXiv:1708.04896), on the normalised numbers. timm: <c>RandomErasing</c>; torchvision's is that with
/// <c>fill: mean</c>.
/// </summary>
public sealed record RandomErasing : Transform
{
    private const int Attempts = 10;

    /// <inheritdoc/>
    public override string Kind => "random_erasing";

    /// <summary>The share of images of which something is erased; 0–1. Default 0.25.</summary>
    public double Probability { get; init; } = 0.25;

    /// <summary>The smallest area, as a share of the image's; at least 1e-6, at most <see cref="MaxArea"/>. Default 0.02.</summary>
    public double MinArea { get; init; } = 0.02;

    /// <summary>The largest area, as a share of the image's; at most 1. Default 1/3.</summary>
    public double MaxArea { get; init; } = 1.0 / 3;

    /// <summary>The smallest height over width; 0.01 to 1. The largest is 1 over this. Default 0.3.</summary>
    public double MinRatio { get; init; } = 0.3;

    /// <summary>How many rectangles there are, with as much smaller areas; 1 to 64. Default 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>What is seen there. Default pixel.</summary>
    public ErasingFill Fill { get; init; } = ErasingFill.Pixel;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        checks.Within(Probability, 0, 1);
        checks.Within(MinArea, 1e-6, 1);
        checks.Within(MaxArea, Math.Clamp(MinArea, 1e-6, 1), 1);
        checks.Within(MinRatio, 0.01, 1);
        checks.Within(Count, 1, 64);
    }

    /// <inheritdoc/>
    public override void Finish(Planes planes, ref Draws draws)
    {
        if (!draws.Chance(Probability)) return;
        for (var i = 0; i < Count; i++)
        {
            var (left, top, width, height) = Choose(planes.Width, planes.Height, ref draws);
            Erase(planes, left, top, width, height, ref draws);
        }
    }

    internal (int Left, int Top, int Width, int Height) Choose(int width, int height, ref Draws draws)
    {
        var log = Math.Log(1 / MinRatio);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var area = draws.Uniform(MinArea, MaxArea) * width * height / Count;
            var ratio = Math.Exp(draws.Uniform(-log, log));
            var h = (int)Math.Round(Math.Sqrt(area * ratio), MidpointRounding.ToEven);
            var w = (int)Math.Round(Math.Sqrt(area / ratio), MidpointRounding.ToEven);
            if (w < width && h < height) return (draws.Integer(width - w + 1), draws.Integer(height - h + 1), w, h);
        }

        return default;
    }

    private void Erase(Planes planes, int left, int top, int width, int height, ref Draws draws)
    {
        for (var c = 0; c < planes.Channels; c++)
        {
            var colour = Fill == ErasingFill.Color ? (float)draws.Normal() : 0;
            for (var y = top; y < top + height; y++)
            {
                var row = planes.Row(c, y, left, width);
                if (Fill != ErasingFill.Pixel) row.Fill(colour);
                else
                    foreach (ref var number in row) number = (float)draws.Normal();
            }
        }
    }
}
