using Fovea.Images;

namespace Fovea.Data.Augment;

/// <summary>An image as the model sees it: normalised numbers, one plane for each channel. A number of 0 is the mean of its channel.</summary>
/// <param name="values">[C, H, W], row-major.</param>
/// <param name="input">How they became what they are, with their size.</param>
public readonly ref struct Planes(Span<float> values, Preprocessing input)
{
    /// <summary>[C, H, W], row-major.</summary>
    public Span<float> Values { get; } = values;

    /// <summary>How they became what they are: mean and deviation of each channel.</summary>
    public Preprocessing Input { get; } = input;

    /// <summary>1 (grey) or 3 (red, green, blue).</summary>
    public int Channels => Input.Channels;

    /// <summary>Rows.</summary>
    public int Height => Input.Height;

    /// <summary>Columns.</summary>
    public int Width => Input.Width;

    /// <summary>A part of a row of one channel.</summary>
    public Span<float> Row(int channel, int y, int left, int width) => Values.Slice((((channel * Height) + y) * Width) + left, width);

    /// <summary>Sets a rectangle of all channels to the mean, as far as it lies within the image.</summary>
    public void Clear(int left, int top, int right, int bottom)
    {
        (left, top) = (Math.Max(left, 0), Math.Max(top, 0));
        (right, bottom) = (Math.Min(right, Width), Math.Min(bottom, Height));
        if (left >= right) return;
        for (var c = 0; c < Channels; c++)
            for (var y = top; y < bottom; y++) Row(c, y, left, right - left).Clear();
    }
}
