using System.Globalization;
using Fovea.Data.Batching;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Training.Batches;
using Fovea.Training.Logging;
using Fovea.Training.Steps;

namespace Fovea.Training;

/// <summary>
/// The batches that a stage of a run trains on: images, or what frozen parts make of them, which is computed once and kept in memory where images are the
/// same in every epoch and there is room.
/// </summary>
internal sealed class StageBatches
{
    private const long Mebibyte = 1L << 20;

    private readonly IBatchSource _source;
    private readonly IFixedImages? _images;
    private readonly Func<int, Graph>? _before;
    private readonly string? _note;
    private KeptFeatures? _kept;
    private bool _isTold;

    /// <param name="options">The run.</param>
    /// <param name="model">The inference graph for a batch size.</param>
    /// <param name="step">What the step of the stage does with images.</param>
    /// <param name="epoch">The epoch with which the stage begins.</param>
    internal StageBatches(TrainerOptions options, Func<int, Graph> model, TrainingGraphOptions step, int epoch)
    {
        (_source, Step) = (options.Train, step);
        var data = options.Recipe.Data;
        if (step.Frozen.Count == 0 || data.Cache != CacheMode.Auto || options.Recipe.Loss.WantsTeacher) return;
        if (TrainingGraph.Divide(model(1), step) is not { } division) return;
        if (options.Train.FixedAt(epoch) is not { } images)
        {
            _note = "features of frozen parts are made anew in every epoch, because augmentation changes the images (augment.transforms, augment.mixing)";
            return;
        }

        var (bytes, room) = (images.Count * division.Length * sizeof(float), Room(data.CacheMebibytes));
        var need = $"{division.Length.ToString(CultureInfo.InvariantCulture)} features of each of {images.Count} images, {Mebibytes(bytes)} MiB";
        if (bytes > room)
        {
            _note = $"frozen parts make {need}, more than may be kept in memory ({Mebibytes(room)} MiB, data.cache_mebibytes): "
                + "they are made anew in every epoch";
            return;
        }

        _note = $"{need}, are made once by the frozen parts and kept in memory (data.cache: none makes them anew in every epoch)";
        (_images, Step, RoomLeft) = (images, step with { FromFeatures = true }, room - bytes);
        _before = count => TrainingGraph.Divide(model(count), step)!.Before().In(step.Precision);
    }

    /// <summary>What the step of the stage does with these batches.</summary>
    internal TrainingGraphOptions Step { get; }

    /// <summary>How many bytes there are for features of other images.</summary>
    internal long RoomLeft { get; }

    /// <summary>The batches of an epoch of the stage.</summary>
    /// <param name="session">Where the variables live.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="first">The batch to start with.</param>
    /// <param name="log">Told once what is kept, or why nothing is.</param>
    /// <param name="stop">Ends the wait for a batch.</param>
    internal IEnumerable<Batch> Epoch(ISession session, int epoch, int first, ITrainingLog log, CancellationToken stop)
    {
        if (_note is not null && !_isTold) log.Message(_note);
        _isTold = true;
        if (_images is null) return _source.Epoch(epoch, first, stop);
        _kept ??= KeptFeatures.Of(_images, session, _before!, stop);
        return _kept.Epoch(epoch, first, stop);
    }

    private static long Room(int mebibytes) => Math.Min(mebibytes * Mebibyte, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);

    private static string Mebibytes(long bytes) => ((double)bytes / Mebibyte).ToString("0.#", CultureInfo.InvariantCulture);
}
