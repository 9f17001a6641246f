using Fovea.Data.Augment.Resampling;
using Fovea.Data.Decoding;
using Fovea.Naming;

namespace Fovea.Data.Augment;

/// <summary>Decodes, transforms and normalises one image after the other; one thread at a time, without allocating once its buffers have grown.</summary>
public sealed unsafe class Preprocessor : IDisposable
{
    // A smaller decoding must leave this many pixels for each that the first transform makes.
    private const double Margin = 2;

    // The numbers of samples lie below.
    private const int CopyBit = 40;

    private readonly ImageDecoder _decoder;
    private readonly RgbImage _image = new();
    private readonly Canvas _canvas;
    private readonly PlaneWriter _writer;
    private readonly DecodeOptions _decode;
    private readonly Transform[] _steps;
    private readonly ulong[] _streams;

    /// <summary>Prepares for one pipeline.</summary>
    /// <param name="options">The steps.</param>
    /// <param name="decode">What the decoder accepts; the defaults if <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Preprocessor(ImagePipeline options, DecodeOptions? decode = null)
    {
        options.Validate();
        (Options, _decode) = (options, decode ?? new());
        (_decoder, _writer, _canvas) = (new(_decode), new(options.Input), new(options.Input));
        _steps = [.. options.Steps];
        _streams = [.. DrawNames.Of("transform", _steps).Select(Draws.StreamOf)];
    }

    /// <summary>The steps.</summary>
    public ImagePipeline Options { get; }

    /// <summary>Width of every result.</summary>
    public int Width => Options.Input.Width;

    /// <summary>Height of every result.</summary>
    public int Height => Options.Input.Height;

    /// <summary>Channels of every result: 1 (grey) or 3 (red, green, blue).</summary>
    public int Channels => Options.Input.Channels;

    /// <summary>Numbers in a result: C · H · W.</summary>
    public int Length => Channels * Width * Height;

    /// <summary>What the codec complained of in the last image although it could decode it, or <see langword="null"/>.</summary>
    public string? Warning => _decoder.Warning;

    /// <summary>Decodes an image and writes it as planes [C, H, W].</summary>
    /// <param name="data">The encoded image.</param>
    /// <param name="path">What to call the image in messages.</param>
    /// <param name="target">At least <see cref="Length"/> numbers.</param>
    /// <param name="seed">With <paramref name="epoch"/> and <paramref name="sample"/>: what the random steps follow from.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="sample">The number of the sample in its source.</param>
    /// <exception cref="ImageException">The image cannot be decoded, or is too small to crop.</exception>
    /// <exception cref="MissingLibraryException">The format's native library is not installed.</exception>
    public void Process(ReadOnlySpan<byte> data, string path, Span<float> target, ulong seed = 0, long epoch = 0, long sample = 0)
    {
        var key = KeyOf(seed, epoch, sample);
        if (!(Options.ScaledDecoding && DecodeReduced(data, path, key)))
        {
            _decoder.Decode(data, path, _image);
            _canvas.Load(Canvas.ViewOf(_image), path);
        }

        Finish(key, target);
    }

    /// <summary>Writes a decoded image as planes [C, H, W].</summary>
    /// <param name="image">The decoded image, upright.</param>
    /// <param name="path">What to call the image in messages.</param>
    /// <param name="target">At least <see cref="Length"/> numbers.</param>
    /// <param name="seed">With <paramref name="epoch"/> and <paramref name="sample"/>: what the random steps follow from.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="sample">The number of the sample in its source.</param>
    /// <exception cref="ImageException">The image is too small to crop.</exception>
    public void Process(RgbImage image, string path, Span<float> target, ulong seed = 0, long epoch = 0, long sample = 0) =>
        Process(Canvas.ViewOf(image), path, target, seed, epoch, sample);

    /// <summary>Decodes an image and transforms it without normalising, as for looking at it.</summary>
    /// <param name="data">The encoded image.</param>
    /// <param name="path">What to call the image in messages.</param>
    /// <param name="target">Receives the pixels.</param>
    /// <param name="seed">With <paramref name="epoch"/> and <paramref name="sample"/>: what the random steps follow from.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="sample">The number of the sample in its source.</param>
    /// <exception cref="ImageException">The image cannot be decoded, or is too small to crop.</exception>
    public void Preview(ReadOnlySpan<byte> data, string path, RgbImage target, ulong seed = 0, long epoch = 0, long sample = 0)
    {
        _decoder.Decode(data, path, _image);
        _canvas.Load(Canvas.ViewOf(_image), path);
        Apply(KeyOf(seed, epoch, sample));
        _canvas.CopyTo(target);
    }

    /// <summary>Frees the codec's state.</summary>
    public void Dispose() => _decoder.Dispose();

    /// <summary>Which view of the images is made, and in training which of their repetitions.</summary>
    internal int Copy
    {
        get => _canvas.View;
        set => _canvas.View = value;
    }

    internal void Process(PixelView image, string path, Span<float> target, ulong seed, long epoch, long sample)
    {
        _canvas.Load(image, path);
        Finish(KeyOf(seed, epoch, sample), target);
    }

    /// <summary>Decodes alone; the image stands until the next call.</summary>
    internal RgbImage Decode(ReadOnlySpan<byte> data, string path)
    {
        _decoder.Decode(data, path, _image);
        return _image;
    }

    private static int Denominator(double reduction) => reduction switch
    {
        >= 8 * Margin => 8,
        >= 4 * Margin => 4,
        >= 2 * Margin => 2,
        _ => 1,
    };

    private bool DecodeReduced(ReadOnlySpan<byte> data, string path, Key key)
    {
        var header = ImageHeader.Read(data, path);
        var orientation = _decode.ApplyOrientation ? header.Orientation : 1;
        var (width, height) = (header with { Orientation = orientation }).Upright;
        var denominator = Denominator(_steps[0].Reduction(width, height, Options.Input, key.Draws(_streams[0])));
        if (denominator == 1 || header.Format != ImageFormat.Jpeg) return false;
        _decoder.Decode(data, path, _image, denominator);
        _canvas.LoadReduced(Canvas.ViewOf(_image), path, width, height, denominator, orientation);
        return true;
    }

    private void Finish(Key key, Span<float> target)
    {
        if (target.Length < Length) throw new ArgumentException($"the target holds {Amount.Of(target.Length, "number")}; wanted {Length}");
        Apply(key);
        if ((_canvas.Width, _canvas.Height) != (Width, Height))
            throw new InvalidOperationException($"«{Options}» made an image of {_canvas.Width}×{_canvas.Height}; wanted steps that leave {Width}×{Height}");
        fixed (float* to = target)
            _canvas.Write(_writer, to);
        var planes = new Planes(target[..Length], Options.Input);
        for (var i = 0; i < _steps.Length; i++)
        {
            var draws = key.Draws(_streams[i]);
            _steps[i].Finish(planes, ref draws);
        }
    }

    private void Apply(Key key)
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            var draws = key.Draws(_streams[i]);
            _steps[i].Apply(_canvas, ref draws);
        }
    }

    private Key KeyOf(ulong seed, long epoch, long sample) => new(seed, epoch, sample + ((long)Copy << CopyBit));

    /// <summary>What all draws for one image in one epoch have in common.</summary>
    private readonly record struct Key(ulong Seed, long Epoch, long Sample)
    {
        public Draws Draws(ulong stream) => new(Seed, stream, Epoch, Sample);
    }
}
