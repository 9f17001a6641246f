using Fovea.Data.Augment.Resampling;
using Fovea.Data.Decoding;
using Fovea.Images;

namespace Fovea.Data.Augment;

/// <summary>Gives images another size, byte for byte as Pillow's <c>Image.resize</c> does; one thread at a time.</summary>
/// <remarks>
/// First across, then down; weights in 22-bit fixed point, rounding to 8 bits after each pass. A pass that would change nothing is left
/// out. The scratch memory is kept for the next image.
/// </remarks>
public sealed class Resampler
{
    private readonly ResampleKernel _kernel;
    private readonly Taps _across = new();
    private readonly Taps _down = new();
    private readonly RgbImage _between = new();

    /// <summary>A resampler that uses the best instructions of this machine.</summary>
    public Resampler()
        : this(ResampleKernel.Best)
    {
    }

    internal Resampler(ResampleKernel kernel) => _kernel = kernel;

    /// <summary>Resizes an image.</summary>
    /// <param name="source">The image to read, of at least 1×1 pixels.</param>
    /// <param name="target">Another image, which takes the new size.</param>
    /// <param name="width">The new width, at least 1.</param>
    /// <param name="height">The new height, at least 1.</param>
    /// <param name="interpolation">How pixels are weighted.</param>
    /// <param name="box">
    /// The part of the source that becomes the whole target; all of it if <see langword="null"/>. Pixels outside the box enter those at its
    /// border, as in Pillow; to resize a crop alone, crop first.
    /// </param>
    /// <exception cref="ArgumentException">A size is below 1, the box is empty or leaves the source, or the images are the same.</exception>
    public unsafe void Resize(RgbImage source, RgbImage target, int width, int height, Interpolation interpolation, Box? box = null)
    {
        if (ReferenceEquals(source, target)) throw new ArgumentException("an image cannot be resized into itself");
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var part = box ?? new(0, 0, source.Width, source.Height);
        var isInside = part.Left >= 0 && part.Top >= 0 && part.Right <= source.Width && part.Bottom <= source.Height;
        if (!(isInside && part.Left < part.Right && part.Top < part.Bottom))
            throw new ArgumentException($"the box {part} is no part of an image of {source.Width}×{source.Height} pixels");
        fixed (byte* pixels = source.Buffer)
            Resize(new PixelView(pixels, source.Width, source.Height, source.Stride), target, new(width, height, interpolation, part), 0, 0, width, height);
    }

    /// <summary>Makes a rectangle of the resized image, without the rest of it.</summary>
    internal unsafe void Resize(PixelView source, RgbImage target, Resizing to, int left, int top, int partWidth, int partHeight)
    {
        var (width, height, interpolation, box) = to;
        target.Reshape(partWidth, partHeight);
        var isAcross = width != source.Width || box.Left != 0 || box.Right != width;
        var isDown = height != source.Height || box.Top != 0 || box.Bottom != height;
        if (isAcross) _across.Prepare(source.Width, box.Left, box.Right, width, interpolation, left, partWidth);
        else source = source.Crop(left, 0, partWidth, source.Height);
        if (isDown) _down.Prepare(source.Height, box.Top, box.Bottom, height, interpolation, top, partHeight);
        else source = source.Crop(0, top, source.Width, partHeight);
        fixed (byte* write = target.Buffer)
        {
            if (isAcross && isDown) Both(source, write, target.Stride);
            else if (isAcross) _kernel.Horizontal(source.Pixels, source.Stride, write, target.Stride, partHeight, _across);
            else if (isDown) _kernel.Vertical(source.Pixels, source.Stride, write, target.Stride, target.Stride, _down);
            else source.CopyTo(write, target.Stride);
        }
    }

    private unsafe void Both(PixelView source, byte* target, int stride)
    {
        var (from, to) = _down.Range;
        _down.Rebase(from);
        _between.Reshape(_across.Count, to - from);
        fixed (byte* between = _between.Buffer)
        {
            _kernel.Horizontal(source.Pixels + ((nint)from * source.Stride), source.Stride, between, _between.Stride, to - from, _across);
            _kernel.Vertical(between, _between.Stride, target, stride, stride, _down);
        }
    }
}
