using Fovea.Images;

namespace Fovea.Data.Augment;

/// <summary>Cuts a rectangle of random area and aspect and resizes it to a square (Szegedy et al. 2014, arXiv:1409.4842 §6).</summary>
/// <remarks>
/// torchvision: <c>RandomResizedCrop(size, scale, ratio)</c>: ten attempts at an area uniform in <c>scale</c> and an aspect whose logarithm is
/// uniform in <c>ratio</c>; then the largest rectangle in the middle whose aspect is within <c>ratio</c>. The crop is resized on its own: no
/// pixel outside it enters.
/// </remarks>
public sealed record RandomResizedCrop : Transform
{
    private const int Attempts = 10;

    /// <summary>The side of the resulting square in pixels. Default 224.</summary>
    public int Size { get; init; } = 224;

    /// <summary>The smallest part of the image's area, 0 (exclusive) to 1. Default 0.08.</summary>
    public double MinScale { get; init; } = 0.08;

    /// <summary>The largest part of the image's area, up to 1. Default 1.</summary>
    public double MaxScale { get; init; } = 1;

    /// <summary>The smallest aspect, width over height. Default 3/4.</summary>
    public double MinRatio { get; init; } = 3.0 / 4;

    /// <summary>The largest aspect, width over height. Default 4/3.</summary>
    public double MaxRatio { get; init; } = 4.0 / 3;

    /// <summary>How pixels are weighted. Default bilinear.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    internal override bool IsRandom => true;

    /// <inheritdoc/>
    public override void Validate()
    {
        CheckSize(Size, nameof(Size));
        CheckRange(MinScale, MaxScale, 1e-6, 1, "Scale");
        CheckRange(MinRatio, MaxRatio, 1e-3, 1e3, "Ratio");
    }

    internal override void Apply(Canvas canvas, ref Draws draws)
    {
        var (left, top, width, height) = Choose(canvas.Original.Width, canvas.Original.Height, ref draws);
        if (canvas.Denominator == 1)
        {
            canvas.Crop(left, top, width, height);
            canvas.Resize(Size, Size, Interpolation);
            return;
        }

        // In a smaller decoding the rectangle's borders cut pixels.
        var part = canvas.Reduced(left, top, width, height);
        var (x, y) = ((int)part.Left, (int)part.Top);
        canvas.Crop(x, y, (int)Math.Ceiling(part.Right) - x, (int)Math.Ceiling(part.Bottom) - y);
        canvas.Resize(new(part.Left - x, part.Top - y, part.Right - x, part.Bottom - y), Size, Size, Interpolation);
    }

    internal override (int Width, int Height)? OutputSize((int Width, int Height)? input) => (Size, Size);

    internal override double Reduction(int width, int height, Draws draws)
    {
        var (_, _, cropWidth, cropHeight) = Choose(width, height, ref draws);
        return (double)Math.Min(cropWidth, cropHeight) / Size;
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
