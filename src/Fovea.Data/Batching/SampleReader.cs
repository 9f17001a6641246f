using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Data.Sources;

namespace Fovea.Data.Batching;

/// <summary>Makes single samples; one thread at a time.</summary>
internal sealed class SampleReader(IImageSource source, ImagePipeline pipeline, LoaderOptions options, ImageCache? cache) : IDisposable
{
    // A name may be a new string: images from memory get theirs when something is wrong with them.
    private const string Unnamed = "";

    private readonly Preprocessor _preprocessor = new(pipeline, options.Decode);
    private readonly ByteBuffer _bytes = new();

    /// <summary>Reads, decodes and transforms an image.</summary>
    /// <returns>What the codec complained of although it could decode the image, or null; from memory an image comes without.</returns>
    /// <exception cref="ImageException">It cannot be read or decoded.</exception>
    public string? Read(int index, int copy, long epoch, Span<float> target)
    {
        _preprocessor.Copy = copy;
        try
        {
            if (cache is { IsDecoded: true } && cache.TryPixels(index, out var pixels))
                _preprocessor.Process(pixels, Unnamed, target, options.Seed, epoch, index);
            else if (cache is { IsDecoded: false } && cache.TryBytes(index, out var bytes))
                _preprocessor.Process(bytes, Unnamed, target, options.Seed, epoch, index);
            else
                return ReadSource(index, epoch, target);
            return null;
        }
        catch (ImageException e) when (e.Path == Unnamed)
        {
            throw new ImageException(source.Key(index), e.Reason, e.Wanted, e.InnerException);
        }
    }

    public void Dispose() => _preprocessor.Dispose();

    private string? ReadSource(int index, long epoch, Span<float> target)
    {
        var path = source.Path(index);
        source.Read(index, _bytes, options.Decode);
        if (cache is { IsDecoded: true })
        {
            var image = _preprocessor.Decode(_bytes.Span, path);
            _preprocessor.Process(image, path, target, options.Seed, epoch, index);
            cache.Add(index, image.Pixels, image.Width, image.Height);
            return _preprocessor.Warning;
        }

        _preprocessor.Process(_bytes.Span, path, target, options.Seed, epoch, index);
        cache?.Add(index, _bytes.Span);
        return _preprocessor.Warning;
    }
}
