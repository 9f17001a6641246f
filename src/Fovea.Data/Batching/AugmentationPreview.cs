using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Data.Sources;
using Fovea.Images;
using Fovea.Tensors;

namespace Fovea.Data.Batching;

/// <summary>Shows what a run makes of its images, with the very draws of the run.</summary>
/// <remarks>One thread at a time.</remarks>
/// <param name="source">The training images, in the order of the run.</param>
/// <param name="training">What becomes of each in training.</param>
/// <param name="evaluation">What becomes of each in evaluation.</param>
/// <param name="options">How the run makes its training batches.</param>
public sealed class AugmentationPreview(IImageSource source, ImagePipeline training, ImagePipeline evaluation, LoaderOptions options) : IDisposable
{
    private static readonly ulong s_choice = Draws.StreamOf("preview");

    private readonly SampleReader _training = new(source, training, options, cache: null);
    private readonly SampleReader _evaluation = new(source, evaluation, options with { IsTraining = false }, cache: null);
    private readonly float[] _values = new float[evaluation.Input.Channels * evaluation.Input.Width * evaluation.Input.Height];

    private Preprocessing Input => evaluation.Input;

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
        _evaluation.Read(index, view, epoch: 0, _values);
        return Picture(_values, [(source.Label(index), 1)]);
    }

    /// <summary>An image as the run sees it in an epoch, before rows are mixed.</summary>
    /// <param name="index">Its number in the source.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="copy">Which of the repetitions that follow each other.</param>
    /// <exception cref="ImageException">It cannot be read or decoded.</exception>
    public PreviewImage Trained(int index, int epoch, int copy = 0)
    {
        _training.Read(index, copy, epoch, _values);
        return Picture(_values, [(source.Label(index), 1)]);
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
        using var loader = new BatchLoader(source, training, options with { Prefetch = 1, Cache = CacheMode.None }, stop);
        var (shares, batches) = (Mixer.Shares(options.Mixing), loader.BatchesOf(epoch));
        batch = 0;
        while (batch < batches && BatchMixer.Choose(shares, options.Seed, batch, epoch) != mixer) batch++;
        if (batch == batches) batch = -1;
        return batch < 0 ? [] : loader.Epoch(epoch, batch, stop).Take(1).SelectMany(mixed => Pictures(mixed, rows)).ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _training.Dispose();
        _evaluation.Dispose();
    }

    private IEnumerable<PreviewImage> Pictures(ImageBatch batch, int rows)
    {
        var classes = source.ClassNames.Count;
        for (var row = 0; row < Math.Min(rows, batch.Count); row++)
        {
            var shares = batch.Targets.Slice(row * classes, classes).ToArray().Index().Where(share => share.Item > 0)
                .OrderByDescending(share => share.Item).Select(share => (share.Index, (double)share.Item));
            yield return Picture(batch.Images.Span.Slice(row * _values.Length, _values.Length), [.. shares]);
        }
    }

    /// <summary>Undoes the normalisation.</summary>
    private PreviewImage Picture(ReadOnlySpan<float> values, IReadOnlyList<(int Class, double Share)> shares)
    {
        var plane = Input.Width * Input.Height;
        var pixels = new byte[3 * plane];
        for (var i = 0; i < pixels.Length; i++)
        {
            var channel = Input.Channels == 1 ? 0 : i % 3;
            var share = (values[(channel * plane) + (i / 3)] * Input.Std[channel]) + Input.Mean[channel];
            pixels[i] = (byte)Math.Clamp(Math.Round(255 * share), 0, 255);
        }

        return new(Input.Width, Input.Height, pixels, shares);
    }
}
