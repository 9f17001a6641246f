using Fovea.Data;
using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Threads;

namespace Fovea;

/// <summary>Makes inputs of a model out of images.</summary>
internal sealed class Inputs(ImagePipeline steps, ClassifierOptions options) : IDisposable
{
    private readonly Preprocessors _preprocessors = new(steps, options.Decode);

    /// <summary>Numbers of one input.</summary>
    internal int Length => _preprocessors.Length;

    internal RentedFloats Prepare(string path) => Rented(target => Prepare(path, target));

    internal RentedFloats Prepare(RgbImage image) => Rented(target => _preprocessors.Process(image, target));

    internal RentedFloats Prepare(ReadOnlySpan<byte> encoded, string name)
    {
        var input = RentedFloats.Of(Length);
        try
        {
            Prepare(encoded, name, input.Span);
            return input;
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    internal void Prepare(string path, Span<float> target) => Prepare(ImageFile.ReadAllBytes(path, options.Decode), path, target);

    internal void Prepare(ReadOnlySpan<byte> encoded, string name, Span<float> target) => _preprocessors.Process(encoded, name, target);

    /// <summary>Prepares several images on several threads; those that can be read come to lie one after the other.</summary>
    /// <returns>Why an image could not be read; null for those that could.</returns>
    /// <exception cref="MissingLibraryException">The library that decodes a format is not installed.</exception>
    internal ImageException?[] PrepareAll(int count, Memory<float> targets, Action<int, Span<float>> prepare)
    {
        var failures = new Exception?[count];
        SharedWork.For(count, options.Workers, i =>
        {
            try
            {
                prepare(i, targets.Span.Slice(i * Length, Length));
            }
            catch (Exception e)
            {
                failures[i] = e;
            }
        });
        if (Array.Find(failures, failure => failure is not (null or ImageException)) is { } other)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(other);
        var row = 0;
        for (var i = 0; i < count; i++)
        {
            if (failures[i] is not null) continue;
            if (row != i) targets.Span.Slice(i * Length, Length).CopyTo(targets.Span[(row * Length)..]);
            row++;
        }

        return Array.ConvertAll(failures, failure => (ImageException?)failure);
    }

    public void Dispose() => _preprocessors.Dispose();

    private RentedFloats Rented(Action<Span<float>> prepare)
    {
        var input = RentedFloats.Of(Length);
        try
        {
            prepare(input.Span);
            return input;
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }
}
