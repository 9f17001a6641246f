using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Data.Sources;
using Fovea.Images;
using Fovea.Tensors;

namespace Fovea.Data.Batching;

/// <summary>Shows what a run makes of its images, with the very draws of the run.</summary>
/// <remarks>One thread at a time.</remarks>
/// <param name="source">The training images, in the order of the run.</param>
/// <param name="training">What becomes of each in training, by the epoch, from 0; epochs differ in the size of the images alone.</param>
/// <param name="evaluation">What becomes of each in evaluation.</param>
/// <param name="options">How the run makes its training batches.</param>
public sealed class AugmentationPreview(IImageSource source, Func<int, ImagePipeline> training, ImagePipeline evaluation, LoaderOptions options) : IDisposable
{
    private static readonly ulong s_choice = Draws.StreamOf("preview");

    private readonly Dictionary<(int Width, int Height), SampleReader> _training = [];
    private readonly SampleReader _evaluation = new(source, evaluation, options with { IsTraining = false }, cache: null);

    /// <summary>Shows a run whose epochs are all of one size.</summary>
    /// <param name="source">The training images, in the order of the run.</param>
    /// <param name="training">What becomes of each in training.</param>
    /// <param name="evaluation">What becomes of each in evaluation.</param>
    /// <param name="options">How the run makes its training batches.</param>
    public AugmentationPreview(IImageSource source, ImagePipeline training, ImagePipeline evaluation, LoaderOptions options)
        : this(source, _ => training, evaluation, options)
    {
    }

    /// <summary>Some of the images, chosen by the seed of the run, in the order of the source.</summary>
    /// <param name="count">How many, at most.</param>
    public IReadOnlyList<int> Choose(int count)
    {
        var all = new int[source.Count];
        for (var i = 0; i < all.Length; i++) all[i] = i;
        Shuffle.InPlace(all, new Philox(options.Seed, s_choice));
        return [.. all.Take(count).Order()];
    }

    /// <summary>An image as evaluation sees it.</summary>
    /// <param name="index">Its number in the source.</param>
    /// <param name="view">Which of the views of the evaluation's pipeline.</param>
    /// <exception cref="ImageException">It cannot be read or decoded.</exception>
    public PreviewImage Evaluated(int index, int view = 0)
    {
        var values = new float[Length(evaluation.Input)];
        _evaluation.Read(index, view, epoch: 0, values);
        return Picture(evaluation.Input, values, [(source.Label(index), 1)]);
    }

    /// <summary>An image as the run sees it in an epoch, before rows are mixed.</summary>
    /// <param name="index">Its number in the source.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="copy">Which of the repetitions that follow each other.</param>
    /// <exception cref="ImageException">It cannot be read or decoded.</exception>
    public PreviewImage Trained(int index, int epoch, int copy = 0)
    {
        var pipeline = training(epoch);
        var size = (pipeline.Input.Width, pipeline.Input.Height);
        if (!_training.TryGetValue(size, out var reader)) _training[size] = reader = new(source, pipeline, options, cache: null);
        var values = new float[Length(pipeline.Input)];
        reader.Read(index, copy, epoch, values);
        return Picture(pipeline.Input, values, [(source.Label(index), 1)]);
    }

    /// <summary>The first rows of the first batch of an epoch that the run mixes by one of its mixers.</summary>
    /// <param name="mixer">Which of them.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="rows">How many rows, at most.</param>
    /// <param name="batch">The number of the batch, from 0; −1 where the epoch has none.</param>
    /// <param name="stop">Ends the wait for the batch.</param>
    /// <exception cref="ImageException">An image of the batch is bad and the policy is to fail.</exception>
    public IReadOnlyList<PreviewImage> Mixed(int mixer, int epoch, int rows, out int batch, CancellationToken stop = default)
    {
        using var loader = new BatchLoader(source, training(epoch), options with { Prefetch = 1, Cache = CacheMode.None }, stop);
        var (shares, batches) = (Mixer.Shares(options.Mixing), loader.BatchesOf(epoch));
        batch = 0;
        while (batch < batches && BatchMixer.Choose(shares, options.Seed, batch, epoch) != mixer) batch++;
        if (batch == batches) batch = -1;
        return batch < 0 ? [] : loader.Epoch(epoch, batch, stop).Take(1).SelectMany(mixed => Pictures(training(epoch).Input, mixed, rows)).ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var reader in _training.Values) reader.Dispose();
        _evaluation.Dispose();
    }

    private IEnumerable<PreviewImage> Pictures(Preprocessing input, ImageBatch batch, int rows)
    {
        var (classes, length) = (source.ClassNames.Count, Length(input));
        for (var row = 0; row < Math.Min(rows, batch.Count); row++)
        {
            var shares = batch.Targets.Slice(row * classes, classes).ToArray().Index().Where(share => share.Item > 0)
                .OrderByDescending(share => share.Item).Select(share => (share.Index, (double)share.Item));
            yield return Picture(input, batch.Images.Span.Slice(row * length, length), [.. shares]);
        }
    }

    private static int Length(Preprocessing input) => input.Channels * input.Width * input.Height;

    /// <summary>Undoes the normalisation.</summary>
    private static PreviewImage Picture(Preprocessing input, ReadOnlySpan<float> values, IReadOnlyList<(int Class, double Share)> shares)
    {
        var plane = input.Width * input.Height;
        var pixels = new byte[3 * plane];
        for (var i = 0; i < pixels.Length; i++)
        {
            var channel = input.Channels == 1 ? 0 : i % 3;
            var share = (values[(channel * plane) + (i / 3)] * input.Std[channel]) + input.Mean[channel];
            pixels[i] = (byte)Math.Clamp(Math.Round(255 * share), 0, 255);
        }

        return new(input.Width, input.Height, pixels, shares);
    }
}
