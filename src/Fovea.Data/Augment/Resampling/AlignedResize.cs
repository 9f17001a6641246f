using Fovea.Data.Decoding;
using Fovea.Images;

namespace Fovea.Data.Augment.Resampling;

/// <summary>
/// A part of an image in another size, linear between pixels whose corners lie on each other, as Darknet resizes (<c>resize_image</c>): position i of n is
/// i·(N − 1)/(n − 1) of N.
/// </summary>
/// <param name="Width">The new width of the whole.</param>
/// <param name="Height">The new height of the whole.</param>
/// <param name="Box">The part of the source that becomes the whole.</param>
/// <param name="Left">Where the part that is made begins, from the left border.</param>
/// <param name="Top">Where it begins, from the upper border.</param>
/// <param name="PartWidth">Its width.</param>
/// <param name="PartHeight">Its height.</param>
internal sealed record AlignedResize(int Width, int Height, Box Box, int Left, int Top, int PartWidth, int PartHeight)
{
    private const float White = 255;

    /// <summary>The whole image in another size.</summary>
    internal static AlignedResize Of(int width, int height, Box box) => new(width, height, box, 0, 0, width, height);

    internal AlignedResize Crop(int left, int top, int width, int height) =>
        this with { Left = Left + left, Top = Top + top, PartWidth = width, PartHeight = height };

    /// <summary>The part as bytes.</summary>
    internal void Draw(PixelView source, RgbImage target)
    {
        target.Reshape(PartWidth, PartHeight);
        var (columns, rows, samples) = Begin(source);
        for (var y = 0; y < PartHeight; y++)
        {
            Fill(samples, source, columns, rows[y]);
            var row = target.Row(y);
            for (var i = 0; i < samples.Length; i++) row[i] = (byte)(samples[i] + 0.5f);
        }
    }

    /// <summary>The part as planes [C, H, W], normalised without being rounded to bytes first.</summary>
    /// <param name="source">The image.</param>
    /// <param name="isMirrored">Whether it is written from right to left.</param>
    /// <param name="input">Mean and deviation of each channel.</param>
    /// <param name="target">As many numbers.</param>
    internal void Write(PixelView source, bool isMirrored, Preprocessing input, Span<float> target)
    {
        var (columns, rows, samples) = Begin(source);
        for (var y = 0; y < PartHeight; y++)
        {
            Fill(samples, source, columns, rows[y]);
            for (var channel = 0; channel < input.Channels; channel++)
            {
                var (mean, std) = ((float)input.Mean[channel], (float)input.Std[channel]);
                var row = target.Slice(((channel * PartHeight) + y) * PartWidth, PartWidth);
                for (var x = 0; x < PartWidth; x++) row[isMirrored ? PartWidth - 1 - x : x] = ((samples[(3 * x) + channel] / White) - mean) / std;
            }
        }
    }

    private ((int First, int Second, float Weight)[] Columns, (int First, int Second, float Weight)[] Rows, float[] Samples) Begin(PixelView source) => (
        Taps(Box.Left, Box.Right, source.Width, Width, Left, PartWidth), Taps(Box.Top, Box.Bottom, source.Height, Height, Top, PartHeight),
        new float[3 * PartWidth]);

    /// <summary>A row of samples, 0–255, red, green and blue side by side.</summary>
    private static void Fill(
        float[] samples, PixelView source, (int First, int Second, float Weight)[] columns, (int First, int Second, float Weight) row)
    {
        var upper = source.Row(row.First);
        var lower = source.Row(row.Second);
        for (var x = 0; x < columns.Length; x++)
        {
            var (left, right, weight) = (3 * columns[x].First, 3 * columns[x].Second, columns[x].Weight);
            for (var channel = 0; channel < 3; channel++)
            {
                var above = Between(upper[left + channel], upper[right + channel], weight);
                var below = Between(lower[left + channel], lower[right + channel], weight);
                samples[(3 * x) + channel] = Between(above, below, row.Weight);
            }
        }
    }

    private static float Between(float a, float b, float weight) => ((1 - weight) * a) + (weight * b);

    private static (int First, int Second, float Weight)[] Taps(float from, float to, int inputs, int outputs, int first, int count)
    {
        var step = outputs > 1 ? (to - from - 1) / (outputs - 1) : 0;
        var taps = new (int First, int Second, float Weight)[count];
        for (var i = 0; i < count; i++)
        {
            var at = Math.Clamp(first + i == outputs - 1 ? to - 1 : from + ((first + i) * step), 0, inputs - 1);
            taps[i] = ((int)at, Math.Min((int)at + 1, inputs - 1), at - (int)at);
        }

        return taps;
    }
}
