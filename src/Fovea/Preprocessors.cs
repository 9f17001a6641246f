using System.Collections.Concurrent;
using Fovea.Data.Augment;
using Fovea.Data.Decoding;

namespace Fovea;

/// <summary>As many preprocessors as threads prepare images at once; they are kept for the next ones.</summary>
internal sealed class Preprocessors(ImagePipeline steps, DecodeOptions decode) : IDisposable
{
    private readonly ConcurrentBag<Preprocessor> _idle = [new(steps, decode)];
    private volatile bool _isDisposed;

    /// <summary>Numbers of one input.</summary>
    internal int Length { get; } = steps.Input.Channels * steps.Input.Width * steps.Input.Height;

    internal void Process(ReadOnlySpan<byte> encoded, string name, Span<float> target)
    {
        var preprocessor = Take();
        try
        {
            preprocessor.Process(encoded, name, target);
        }
        finally
        {
            Return(preprocessor);
        }
    }

    internal void Process(RgbImage image, Span<float> target)
    {
        var preprocessor = Take();
        try
        {
            preprocessor.Process(image, "image", target);
        }
        finally
        {
            Return(preprocessor);
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        while (_idle.TryTake(out var preprocessor)) preprocessor.Dispose();
    }

    private Preprocessor Take()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(Classifier));
        return _idle.TryTake(out var preprocessor) ? preprocessor : new(steps, decode);
    }

    private void Return(Preprocessor preprocessor)
    {
        _idle.Add(preprocessor);
        if (_isDisposed) Dispose();
    }
}
