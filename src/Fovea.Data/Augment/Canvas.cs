using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fovea.Data.Augment.Pixels;
using Fovea.Data.Augment.Resampling;
using Fovea.Data.Decoding;
using Fovea.Images;

namespace Fovea.Data.Augment;

/// <summary>The image that transforms work on, with the scratch memory they need; one thread at a time.</summary>
/// <remarks>Resizing and padding wait for a crop, of which only the part is made, and mirroring for whatever needs the pixels in place.</remarks>
public sealed unsafe class Canvas
{
    private const long MaxScratchBytes = 1L << 30;

    private readonly Resampler _resampler = new();
    private readonly RgbImage[] _scratch = [new(), new()];
    private PixelView _view;
    private Resizing? _resizing;
    private AlignedResize? _aligned;
    private Padding? _padding;
    private bool _isMirrored;
    private int _next;

    /// <summary>A canvas without an image yet.</summary>
    /// <param name="input">The input of the model: of grey ones, images lose their colours as they are loaded.</param>
    internal Canvas(Preprocessing input) => Input = input;

    /// <summary>The input of the model that the image becomes: size, interpolation, mean and deviation.</summary>
    public Preprocessing Input { get; }

    /// <summary>Which of the views of the image is made.</summary>
    internal int View { get; set; }

    /// <summary>How messages call the image.</summary>
    public string Path { get; private set; } = "";

    /// <summary>
    /// How much smaller than <see cref="Original"/> the image was decoded: its pixel x covers the original's pixels from x · denominator on. 1 after
    /// the first change of size.
    /// </summary>
    internal int Denominator { get; private set; }

    /// <summary>Where the original's upper left corner lies in a smaller decoding; (0, 0) unless its orientation moved a cut border there.</summary>
    internal (float X, float Y) Origin { get; private set; }

    /// <summary>Pixels per row.</summary>
    public int Width => _padding?.Width ?? _aligned?.PartWidth ?? _resizing?.Width ?? _view.Width;

    /// <summary>Rows.</summary>
    public int Height => _padding?.Height ?? _aligned?.PartHeight ?? _resizing?.Height ?? _view.Height;

    /// <summary>The image's own size, or that of the original of which it is a smaller decoding.</summary>
    internal (int Width, int Height) Original { get; private set; }

    /// <summary>The pixels as they stand, to be read until the image changes.</summary>
    public PixelView Pixels
    {
        get
        {
            Settle();
            return _view;
        }
    }

    private bool IsGrey => Input.Channels == 1;

    // Pinned arrays: the pointer holds as long as the image is not reshaped.
    internal static PixelView ViewOf(RgbImage image) =>
        new((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(image.Buffer)), image.Width, image.Height, image.Stride);

    internal void Load(PixelView view, string path)
    {
        foreach (var image in _scratch) image.Release();
        (Path, _isMirrored) = (path, false);
        Show(IsGrey ? Grey(view) : view);
    }

    /// <summary>Loads a smaller decoding of an image of <paramref name="width"/> × <paramref name="height"/> pixels, turned upright.</summary>
    internal void LoadReduced(PixelView view, string path, int width, int height, int denominator, int orientation)
    {
        Load(view, path);
        (Original, Denominator) = ((width, height), denominator);
        var (cutX, cutY) = (view.Width - ((float)width / denominator), view.Height - ((float)height / denominator));
        Origin = (orientation is 2 or 3 or 6 or 7 ? cutX : 0, orientation is 3 or 4 or 7 or 8 ? cutY : 0);
    }

    /// <summary>The pixels, to be changed in place.</summary>
    public RgbImage Edit()
    {
        Settle();
        foreach (var image in _scratch)
            if (image.Width == _view.Width && image.Height == _view.Height && ViewOf(image).Pixels == _view.Pixels) return image;
        var source = _view;
        var copy = Redraw(source.Width, source.Height);
        source.CopyTo(ViewOf(copy).Pixels, copy.Stride);
        return copy;
    }

    /// <summary>Another image of undefined pixels in place of this one, whose <see cref="Pixels"/> of before hold until the next change.</summary>
    /// <param name="width">Its width, at least 1.</param>
    /// <param name="height">Its height, at least 1.</param>
    public RgbImage Redraw(int width, int height)
    {
        Settle();
        var target = Next();
        target.Reshape(width, height);
        Show(ViewOf(target));
        return target;
    }

    /// <summary>Mirrors left and right.</summary>
    public void Mirror() => _isMirrored = !_isMirrored;

    /// <summary>Mirrors top and bottom.</summary>
    public void Flip()
    {
        var source = Pixels;
        var target = Redraw(source.Width, source.Height);
        for (var y = 0; y < source.Height; y++) source.Row(y).CopyTo(target.Row(source.Height - 1 - y));
    }

    /// <summary>Cuts a rectangle; of a resized image, only that part is made.</summary>
    public void Crop(int left, int top, int width, int height)
    {
        if (_isMirrored) Settle();
        if (_padding is { } padding) PutInto(padding, left, top, width, height);
        else if (_aligned is { } aligned) _aligned = aligned.Crop(left, top, width, height);
        else if (_resizing is { } resizing) Resample(resizing, left, top, width, height);
        else Show(_view.Crop(left, top, width, height));
    }

    /// <summary>
    /// Cuts a rectangle from the middle, half a pixel rounded to even, or down after <see cref="Interpolation.Aligned"/>; a smaller image is first padded with
    /// black.
    /// </summary>
    /// <remarks>torchvision: <c>CenterCrop((height, width))</c>. Darknet: <c>crop_image</c> behind <c>resize_min</c>.</remarks>
    public void CropMiddle(int width, int height)
    {
        var (missingX, missingY) = (Math.Max(width - Width, 0), Math.Max(height - Height, 0));
        if (missingX > 0 || missingY > 0) Pad(missingX / 2, missingY / 2, (missingX + 1) / 2, (missingY + 1) / 2);
        if (_aligned is null) Crop(Middle(Width, width), Middle(Height, height), width, height);
        else Crop((Width - width) / 2, (Height - height) / 2, width, height);
    }

    /// <summary>Resizes the shorter side and keeps the proportions: the longer side is ⌊size · long / short⌋.</summary>
    /// <remarks>torchvision: <c>Resize(size)</c> with antialiasing.</remarks>
    /// <exception cref="ImageException">The longer side is too long to be resized.</exception>
    public void ResizeShorter(int size, Interpolation interpolation)
    {
        var (width, height) = OfShorter(Original.Width, Original.Height, size);
        if (width == int.MaxValue || height == int.MaxValue)
            throw new ImageException(Path, $"its {Original.Width}×{Original.Height} pixels are too long to be resized to {size}", "a rounder image");
        Resize(width, height, interpolation);
    }

    /// <summary>Resizes to a width and a height, whatever becomes of the proportions.</summary>
    public void Resize(int width, int height, Interpolation interpolation) =>
        Resize(Reduced(0, 0, Original.Width, Original.Height), width, height, interpolation);

    internal void Resize(Box box, int width, int height, Interpolation interpolation)
    {
        Settle();
        if ((width, height) == (Width, Height) && box == new Box(0, 0, width, height)) return;
        if (interpolation == Interpolation.Aligned) _aligned = AlignedResize.Of(width, height, box);
        else _resizing = new(width, height, interpolation, box);
        (Original, Denominator, Origin) = ((width, height), 1, (0, 0));
    }

    /// <summary>Where a rectangle of the original lies in this image.</summary>
    internal Box Reduced(int left, int top, int width, int height)
    {
        var scale = 1f / Denominator;
        var (x, y) = (Origin.X + (left * scale), Origin.Y + (top * scale));
        return new(x, y, Math.Min(x + (width * scale), Width), Math.Min(y + (height * scale), Height));
    }

    /// <summary>Adds borders.</summary>
    public void Pad(int left, int top, int right, int bottom, Border border = Border.Black)
    {
        Settle();
        _padding = new(Width + left + right, Height + top + bottom, left, top, border);
        (Original, Denominator, Origin) = ((Width, Height), 1, (0, 0));
    }

    /// <summary>Writes the image as planes [C, H, W].</summary>
    internal void Write(PlaneWriter writer, float* target)
    {
        if (_padding is null && _aligned is { } aligned)
        {
            aligned.Write(_view, _isMirrored, Input, new Span<float>(target, Input.Channels * aligned.PartWidth * aligned.PartHeight));
            return;
        }

        MakeAll();
        writer.Write(_view, _isMirrored, target);
    }

    /// <summary>Writes the image as it stands, [H, W, 3].</summary>
    internal void CopyTo(RgbImage target)
    {
        Settle();
        target.Reshape(Width, Height);
        _view.CopyTo(ViewOf(target).Pixels, target.Stride);
    }

    internal static int Middle(int length, int size) => (int)Math.Round((length - size) / 2.0, MidpointRounding.ToEven);

    internal static (int Width, int Height) OfShorter(int width, int height, int size)
    {
        var other = (int)Math.Min((long)size * Math.Max(width, height) / Math.Min(width, height), int.MaxValue);
        return width <= height ? (size, other) : (other, size);
    }

    /// <summary>A copy of which all three channels are the luma of ITU-R BT.601: Pillow's <c>convert("L")</c>, so that grey stays what it is.</summary>
    private PixelView Grey(PixelView source)
    {
        var target = Next();
        target.Reshape(source.Width, source.Height);
        var grey = ViewOf(target);
        for (var y = 0; y < source.Height; y++)
        {
            var read = source.Pixels + ((nint)y * source.Stride);
            var write = grey.Pixels + ((nint)y * grey.Stride);
            for (var x = 0; x < source.Width; x++, read += 3, write += 3)
            {
                var luma = Luma.Of(read[0], read[1], read[2]);
                (write[0], write[1], write[2]) = (luma, luma, luma);
            }
        }

        return grey;
    }

    private void Settle()
    {
        MakeAll();
        if (!_isMirrored) return;
        var source = _view;
        var target = Next();
        target.Reshape(source.Width, source.Height);
        var mirrored = ViewOf(target);
        for (var y = 0; y < source.Height; y++)
        {
            var read = source.Pixels + ((nint)y * source.Stride) + (3 * (nint)source.Width);
            var write = mirrored.Pixels + ((nint)y * mirrored.Stride);
            for (var x = 0; x < source.Width; x++, write += 3)
            {
                read -= 3;
                (write[0], write[1], write[2]) = (read[0], read[1], read[2]);
            }
        }

        (_view, _isMirrored) = (mirrored, false);
    }

    private void MakeAll()
    {
        if (_padding is { } padding) PutInto(padding, 0, 0, padding.Width, padding.Height);
        else if (_aligned is { } aligned) Draw(aligned);
        else if (_resizing is { } resizing) Resample(resizing, 0, 0, resizing.Width, resizing.Height);
    }

    private void Resample(Resizing resizing, int left, int top, int width, int height)
    {
        // Between the two passes stand rows of the new width, as many as the part has in the source.
        CheckScratch(3L * width * Math.Max(height, _view.Height));
        var target = Next();
        _resampler.Resize(_view, target, resizing, left, top, width, height);
        Show(ViewOf(target));
    }

    private void Draw(AlignedResize aligned)
    {
        CheckScratch(3L * aligned.PartWidth * aligned.PartHeight);
        var target = Next();
        aligned.Draw(_view, target);
        Show(ViewOf(target));
    }

    private void CheckScratch(long bytes)
    {
        if (bytes > MaxScratchBytes)
            throw new ImageException(
                Path, $"resizing its {_view.Width}×{_view.Height} pixels takes {bytes} bytes", $"at most {MaxScratchBytes}; crop it first");
    }

    private void PutInto(Padding padding, int left, int top, int width, int height)
    {
        var target = Next();
        target.Reshape(width, height);
        Borders.Fill(_view, target, padding.Left - left, padding.Top - top, padding.Border);
        Show(ViewOf(target));
    }

    private void Show(PixelView view)
    {
        (_view, _resizing, _aligned, _padding) = (view, null, null, null);
        (Original, Denominator, Origin) = ((view.Width, view.Height), 1, (0, 0));
    }

    // The scratch image that the view does not stand on.
    private RgbImage Next() => _scratch[_next ^= 1];

    /// <summary>A border that waits: the size with it, and where the image lies in that.</summary>
    private readonly record struct Padding(int Width, int Height, int Left, int Top, Border Border);
}
