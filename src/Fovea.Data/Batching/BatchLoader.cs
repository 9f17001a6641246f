using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Data.Files;
using Fovea.Data.Sampling;
using Fovea.Data.Sources;
using Fovea.Naming;

namespace Fovea.Data.Batching;

/// <summary>Decodes, transforms and batches images on threads of its own, ahead of the consumer.</summary>
/// <remarks>
/// The batches of an epoch follow from the images, sampler and seed of the options and the epoch alone, bit for bit: neither the number of workers, nor the
/// cache, nor where an epoch was begun changes them. With <see cref="BadImagePolicy.Skip"/> or <see cref="BadImagePolicy.Quarantine"/> they follow from the
/// set of bad images besides: the place of a bad one is taken by the last image of the epoch's order that has not been served, so that batches stay
/// full and the epoch ends sooner. Between batches nothing is allocated but what opening files takes.
/// </remarks>
public sealed class BatchLoader : IDisposable
{
    private readonly IImageSource _source;
    private readonly LoaderOptions _options;
    private readonly ImagePipeline _pipeline;
    private readonly SampleCounts _counts;
    private readonly EpochOrder _order;
    private readonly ImageCache? _cache;
    private readonly BatchRing _ring;
    private readonly BatchMixer? _mixer;
    private readonly Dictionary<int, BadImage?> _bad = [];
    private readonly HashSet<int> _warned = [];
    private SampleReader? _spare;
    private CancellationToken _stop;
    private int _countedBad;
    private int _badPlaces;
    private bool _isRunning;
    private bool _isDisposed;

    /// <summary>Prepares to load; threads start now, images are read when an epoch begins.</summary>
    /// <param name="source">The images.</param>
    /// <param name="pipeline">What becomes of each.</param>
    /// <param name="options">How batches are made.</param>
    /// <param name="stop">Ends looking at images beforehand, even if the system hangs.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the pipeline is one for training and the loader is not.</exception>
    /// <exception cref="DataException">
    /// There are no images, fewer than a batch and <see cref="LoaderOptions.DropLast"/> is set, or a batch is too large.
    /// </exception>
    public BatchLoader(IImageSource source, ImagePipeline pipeline, LoaderOptions options, CancellationToken stop = default)
    {
        options.Validate();
        pipeline.Validate();
        if (!options.IsTraining && (pipeline.IsRandom || pipeline.ScaledDecoding))
            throw new ArgumentException($"evaluation must see each image as it is, but «{pipeline}» is random or decodes at a smaller scale");
        if (options.IsTraining && pipeline.Views != Views.One) throw new ArgumentException($"several views ({pipeline.Views}) are for evaluation");
        if (!options.IsTraining && options.BatchSize % pipeline.Views.Count() != 0)
            throw new ArgumentException($"a batch of {options.BatchSize} rows holds no whole number of {pipeline.Views.Count()} views; wanted a multiple");
        if (source.Count == 0) throw new DataException("data", "there are no images", "at least one");
        (_source, _pipeline, _options) = (source, pipeline, options);
        _counts = new(source, options.Sampler, options.Seed, options.Epochs);
        if (Batches == 0)
            throw new DataException(
                "data", $"{Amount.Of(source.Count, "image makes", "images make")} no batch of {options.BatchSize}",
                $"a batch_size of at most {source.Count}, or drop_last: false");
        _order = NewOrder();
        if (options.Mixing.Count > 0) _mixer = new(options, source.ClassNames.Count, Width, Height, pipeline.Input.Channels);
        _cache = CacheChoice.Make(source, options, pipeline.ScaledDecoding, stop);
        var known = options.BadImages == BadImagePolicy.Fail ? [] : options.KnownBad.ToHashSet();
        LeaveOut(known);
        _ring = new(source, options, Length(pipeline.Input.Channels, options.BatchSize), Open);
    }

    /// <summary>Called once for each bad image, in the order of the batches, on the consumer's thread.</summary>
    public event Action<BadImage>? BadImageFound;

    /// <summary>Called once for each image that could be decoded although its codec complained; the text names the image. Order and thread as above.</summary>
    public event Action<string>? ImageWarned;

    /// <summary>The images of the source, bad ones included.</summary>
    public int Images => _source.Count;

    /// <summary>Width of the images in a batch.</summary>
    public int Width => _pipeline.Input.Width;

    /// <summary>Height of the images in a batch.</summary>
    public int Height => _pipeline.Input.Height;

    /// <summary>Images per batch, but perhaps the last.</summary>
    public int BatchSize => _options.BatchSize;

    /// <summary>Rows that show one image, one after the other: its views. Batches hold whole images.</summary>
    public int ViewsPerImage => _pipeline.Views.Count();

    /// <summary>Batches per epoch if no image is bad; on average, where the sampler's epochs differ in length.</summary>
    public int Batches => _options.BatchesOf(Places);

    /// <summary>
    /// Batches per epoch without the images that are known to be bad by now; on average, as <see cref="Batches"/>. Bad ones are met in the order of the
    /// batches, so that this follows from the place in the run alone, not from the workers.
    /// </summary>
    public int ExpectedBatches
    {
        get
        {
            if (_bad.Count != _countedBad)
                (_countedBad, _badPlaces) = (_bad.Count, (int)Math.Round(_bad.Keys.Sum(_counts.MeanOf) * ViewsPerImage));
            return _options.BatchesOf(Math.Max(0, Places - _badPlaces));
        }
    }

    /// <summary>Rows per epoch if no image is bad: as many as images, as their views, or as the sampler takes on average.</summary>
    public int Samples => RowsOfPlaces(Places);

    /// <summary>The classes; a label is a place in this list.</summary>
    public IReadOnlyList<string> ClassNames => _source.ClassNames;

    /// <summary>The keys of all bad images met so far and of those known before, in ordinal order; what <see cref="LoaderOptions.KnownBad"/> takes.</summary>
    public IReadOnlyList<string> BadKeys => [.. _options.KnownBad.Union(_bad.Keys.Select(_source.Key)).Order(StringComparer.Ordinal)];

    /// <summary>The bad images that this loader met, in no order.</summary>
    public IReadOnlyList<BadImage> BadImages => [.. _bad.Values.OfType<BadImage>()];

    /// <summary>How long the consumer has waited for batches in all.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>How long the workers have worked in all, summed over them.</summary>
    public TimeSpan WorkTime => _ring.WorkTime;

    /// <summary>What is kept in memory at present, in bytes.</summary>
    public long CachedBytes => _cache?.UsedBytes ?? 0;

    /// <summary>What is kept: <see cref="CacheMode.None"/>, <see cref="CacheMode.Encoded"/> or <see cref="CacheMode.Decoded"/>.</summary>
    public CacheMode Cache => _cache is null ? CacheMode.None : _cache.IsDecoded ? CacheMode.Decoded : CacheMode.Encoded;

    /// <summary>Batches of an epoch without the images that are known to be bad by now, as <see cref="ExpectedBatches"/>, but exactly.</summary>
    /// <param name="epoch">From 0.</param>
    public int BatchesOf(int epoch) => _options.BatchesOf(OrderOf(epoch).GoodPlaces(_bad.Keys));

    /// <summary>The batches of one epoch; only one epoch runs at a time.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="startBatch">The batch to begin with; those before it are not loaded. The number of batches of the epoch gives none.</param>
    /// <param name="stop">
    /// Ends the epoch; the wait for a batch then throws. A thread that hangs in the system is left behind, and the loader of no more use.
    /// </param>
    /// <returns>Batches whose memory is valid until the next one is asked for. To end early, dispose the enumerator, as <c>foreach</c> does.</returns>
    /// <exception cref="ImageException">An image is bad and the policy is to fail.</exception>
    /// <exception cref="DataException">Every image is bad, or a bad one cannot be moved.</exception>
    /// <exception cref="MissingLibraryException">A format's native library is not installed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public IEnumerable<ImageBatch> Epoch(int epoch, int startBatch = 0, CancellationToken stop = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(startBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startBatch, _options.BatchesOf(OrderOf(epoch).Places));
        return Run(epoch, startBatch, stop);
    }

    /// <summary>The numbers of the images in each batch of an epoch, without loading any; images that are known to be bad by now are left out.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="startBatch">The batch to begin with.</param>
    public IEnumerable<int[]> NumbersOf(int epoch, int startBatch = 0)
    {
        var order = NewOrder();
        order.Start(epoch);
        return order.Batches(startBatch, _options.BatchesOf(order.Places), BatchSize, _bad.ContainsKey).TakeWhile(
            batch => batch.Length > 0 && (!_options.DropLast || batch.Length == BatchSize));
    }

    /// <summary>Counts images as bad that another loader of the same source has found to be so.</summary>
    /// <param name="keys">Their keys.</param>
    public void LeaveOut(IReadOnlyCollection<string> keys)
    {
        var known = keys.ToHashSet(StringComparer.Ordinal);
        for (var i = 0; known.Count > 0 && i < _source.Count; i++)
            if (known.Contains(_source.Key(i))) _bad.TryAdd(i, null);
    }

    /// <summary>Ends the threads and frees the batches; those still held must not be used any more.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _ring.Dispose();
        if (_ring.IsAbandoned) return;
        _spare?.Dispose();
        _mixer?.Dispose();
        _cache?.Dispose();
    }

    private int Places => checked(_counts.Mean * ViewsPerImage);

    private int RowsOfPlaces(int places) => _options.DropLast ? _options.BatchesOf(places) * BatchSize : places;

    private EpochOrder NewOrder() =>
        new(_counts, _options.IsTraining, _options.Seed, _options.IsTraining ? _options.Repeats : _pipeline.Views.Count());

    /// <summary>The order of an epoch, which may be another one than runs.</summary>
    private EpochOrder OrderOf(long epoch)
    {
        if (_order.Epoch == epoch) return _order;
        var order = _isRunning ? NewOrder() : _order;
        order.Start(epoch);
        return order;
    }

    private IEnumerable<ImageBatch> Run(int epoch, int startBatch, CancellationToken stop)
    {
        if (_isRunning) throw new InvalidOperationException("an epoch of this loader is still running; its enumerator has to be disposed first");
        (_isRunning, _stop) = (true, stop);
        try
        {
            _order.Start(epoch);
            _order.Replay(startBatch * BatchSize, _bad.ContainsKey);
            _ring.Start(_order, epoch, RowsOfPlaces(_order.Places), startBatch);
            for (var (number, end) = (startBatch, _options.BatchesOf(_order.Places)); number < end; number++)
            {
                var batch = _ring.Wait(number, stop);
                Waited += batch.Waited;
                Settle(batch, epoch);
                if (batch.Count == 0 && number == 0) throw new DataException("data", $"none of the {_source.Count} images can be decoded", "images");
                if (batch.Count == 0 || (_options.DropLast && batch.Count < BatchSize)) yield break;
                _mixer?.Mix(batch, epoch);
                yield return batch;
                _ring.Release(number);
            }
        }
        finally
        {
            _ring.Stop(stop);
            _isRunning = false;
        }
    }

    // Replaces the bad rows of a batch in their order, and cuts off what replaced bad rows before.
    private void Settle(ImageBatch batch, long epoch)
    {
        var first = batch.Number * BatchSize;
        for (var row = 0; row < batch.Count && first + row < _order.End; row++)
        {
            // What was bad once is left out for good, even if it can be read again: the order of a resumed run depends on it.
            var sample = _order[first + row].Sample;
            if (batch.Warnings[row] is { } warning) Warn(sample, warning);
            if (batch.Failures[row] is { } failure) Report(sample, failure);
            else if (!_bad.ContainsKey(sample)) continue;
            Replace(batch, row, epoch);
        }

        batch.Count = Math.Clamp(_order.End - first, 0, batch.Count);
    }

    private void Replace(ImageBatch batch, int row, long epoch) =>
        _order.Replace((batch.Number * BatchSize) + row, other => TryServe(batch, row, other, epoch));

    private bool TryServe(ImageBatch batch, int row, EpochPlace place, long epoch)
    {
        var sample = place.Sample;
        if (_bad.ContainsKey(sample)) return false;
        try
        {
            if (ReadNow(batch, row, place, epoch) is { } warning) Warn(sample, warning);
            batch.Set(row, sample, _source.Label(sample), failure: null, warning: null);
            return true;
        }
        catch (ImageException e)
        {
            Report(sample, e);
            return false;
        }
    }

    private string? ReadNow(ImageBatch batch, int row, EpochPlace place, long epoch)
    {
        _spare ??= Open();
        try
        {
            return Interruptible.Run(() => _spare.Read(place.Sample, place.Copy, epoch, batch.Row(row)), _stop);
        }
        catch (OperationCanceledException)
        {
            // The read goes on, and writes to the batch when it ends.
            _ring.IsAbandoned = true;
            throw;
        }
    }

    private void Warn(int sample, string warning)
    {
        if (_warned.Add(sample)) ImageWarned?.Invoke(warning);
    }

    private void Report(int sample, ImageException failure)
    {
        if (_options.BadImages == BadImagePolicy.Fail) throw failure;
        if (_bad.ContainsKey(sample)) return;
        var bad = new BadImage(sample, _source.Key(sample), _source.ClassNames[_source.Label(sample)], failure.Message);
        if (_options.BadImages == BadImagePolicy.Quarantine && File.Exists(_source.Path(sample)))
            bad = Quarantine.Move(bad, _source.Path(sample), _options.QuarantineFolder!);
        _bad[sample] = bad;
        BadImageFound?.Invoke(bad);
    }

    /// <summary>Numbers of one image, once it is sure that a batch of them can be held.</summary>
    private int Length(int channels, int batchSize)
    {
        var length = (long)channels * Width * Height;
        return length * batchSize <= Array.MaxLength
            ? (int)length
            : throw new DataException(
                "data", $"a batch of {Amount.Of(batchSize, "image")} of {channels}×{Height}×{Width} has {length * (double)batchSize:E2} numbers",
                $"at most {Array.MaxLength}: a smaller batch_size or image_size");
    }

    private SampleReader Open() => new(_source, _pipeline, _options, _cache);
}
