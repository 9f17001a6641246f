using Fovea.Images;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>Cuts a rectangle of random area and proportions, and resizes it to the input (arXiv:1409.4842, section 6).</summary>
/// <remarks>
/// torchvision: <c>RandomResizedCrop(size, scale, ratio)</c>: ten attempts at an area uniform in <c>scale</c> and proportions whose logarithm is
/// uniform in <c>ratio</c>; then the largest rectangle in the middle whose proportions are within <c>ratio</c>. The crop is resized on its own: no
/// pixel outside it enters.
/// </remarks>
public sealed record RandomResizedCrop : Transform
{
    private const int Attempts = 10;

    /// <inheritdoc/>
    public override string Kind => "random_resized_crop";

    /// <summary>The smallest area, as a share of the image's; at least 1e-6, at most <see cref="MaxScale"/>. Default 0.08.</summary>
    public double MinScale { get; init; } = 0.08;

    /// <summary>The largest area, as a share of the image's; at most 1. Default 1.</summary>
    public double MaxScale { get; init; } = 1;

    /// <summary>The smallest width over height; at least 0.01, at most <see cref="MaxRatio"/>. Default 0.75.</summary>
    public double MinRatio { get; init; } = 0.75;

    /// <summary>The largest width over height; at most 100. Default 4/3.</summary>
    public double MaxRatio { get; init; } = 4.0 / 3;

    /// <inheritdoc/>
    public override bool FixesSize => true;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        checks.Within(MinScale, 1e-6, 1);
        checks.Within(MaxScale, Math.Clamp(MinScale, 1e-6, 1), 1);
        checks.Within(MinRatio, 0.01, 100);
        checks.Within(MaxRatio, Math.Clamp(MinRatio, 0.01, 100), 100);
    }

    /// <inheritdoc/>
    public override void Apply(Canvas canvas, ref Draws draws)
    {
        var input = canvas.Input;
        var (left, top, width, height) = Choose(canvas.Original.Width, canvas.Original.Height, ref draws);
        if (canvas.Denominator == 1)
        {
            canvas.Crop(left, top, width, height);
            canvas.Resize(input.Width, input.Height, input.Interpolation);
            return;
        }

        // In a smaller decoding the rectangle's borders cut pixels.
        var part = canvas.Reduced(left, top, width, height);
        var (x, y) = ((int)part.Left, (int)part.Top);
        canvas.Crop(x, y, (int)Math.Ceiling(part.Right) - x, (int)Math.Ceiling(part.Bottom) - y);
        canvas.Resize(new(part.Left - x, part.Top - y, part.Right - x, part.Bottom - y), input.Width, input.Height, input.Interpolation);
    }

    internal override double Reduction(int width, int height, Preprocessing input, Draws draws)
    {
        var (_, _, cropWidth, cropHeight) = Choose(width, height, ref draws);
        return Math.Min((double)cropWidth / input.Width, (double)cropHeight / input.Height);
    }

    internal (int Left, int Top, int Width, int Height) Choose(int width, int height, ref Draws draws)
    {
        var (logMin, logMax) = (Math.Log(MinRatio), Math.Log(MaxRatio));
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var area = (double)width * height * draws.Uniform(MinScale, MaxScale);
            var ratio = Math.Exp(draws.Uniform(logMin, logMax));
            var w = (int)Math.Round(Math.Sqrt(area * ratio), MidpointRounding.ToEven);
            var h = (int)Math.Round(Math.Sqrt(area / ratio), MidpointRounding.ToEven);
            if (w < 1 || h < 1 || w > width || h > height) continue;
            var top = draws.Integer(height - h + 1);
            return (draws.Integer(width - w + 1), top, w, h);
        }

        return Central(width, height);
    }

    private (int Left, int Top, int Width, int Height) Central(int width, int height)
    {
        var (w, h) = (width, height);
        if ((double)width / height < MinRatio) h = Math.Max((int)Math.Round(width / MinRatio, MidpointRounding.ToEven), 1);
        else if ((double)width / height > MaxRatio) w = Math.Max((int)Math.Round(height * MaxRatio, MidpointRounding.ToEven), 1);
        return ((width - w) / 2, (height - h) / 2, w, h);
    }
}
