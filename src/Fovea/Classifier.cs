using Fovea.Backends.OneDnn;
using Fovea.Data;
using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Execution;
using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Training.Steps;

namespace Fovea;

/// <summary>An image classifier: decodes, prepares and classifies images on the CPU.</summary>
/// <remarks>
/// Safe for use from several threads. Callers decode and prepare their images themselves, side by side; the model runs on threads that the
/// classifier owns, whose number does not depend on that of the callers: see <see cref="ClassifierOptions"/>.
/// </remarks>
public sealed class Classifier : IDisposable
{
    /// <summary>The most numbers that the inputs of a batch have, 2 GiB.</summary>
    private const int MostFloats = 1 << 29;

    private readonly Lanes _lanes;
    private readonly Inputs _inputs;
    private readonly int _batch;

    private Classifier(FoveaModel model, ClassifierOptions options)
    {
        _batch = options.Validated().Batch;
        (Card, Proof) = (model.Card, model.Proof);
        _inputs = new(ImagePipeline.Evaluate(model.Card.Input), options);
        try
        {
            var backend = new OneDnnBackend();
            _lanes = new(model, backend, options with { Precision = options.Precision.On(backend) }, backend.Threads);
        }
        catch
        {
            _inputs.Dispose();
            throw;
        }
    }

    /// <summary>Name, class names and preprocessing of the model.</summary>
    public ModelCard Card { get; }

    /// <summary>The names of the classes, by number.</summary>
    public IReadOnlyList<string> Classes => Card.Classes;

    /// <summary>That the model computes what the trained one did; null where the file has no proof.</summary>
    public Proof? Proof { get; }

    /// <summary>Reads a file that <c>fovea deploy</c> wrote, and compiles its model for this machine.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to compute; the defaults if null.</param>
    /// <exception cref="ModelFormatException">The file is truncated, damaged or no model.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="NativeException">oneDNN is not installed, and the message lists where it was looked for; or the system refuses the threads.</exception>
    /// <exception cref="ArgumentException">An option, or the preprocessing of the file, cannot be done.</exception>
    /// <exception cref="PredictionException">A weight is not finite.</exception>
    public static Classifier Load(string path, ClassifierOptions? options = null) => Of(FoveaFile.Read(path), options);

    /// <summary>Reads the model from a seekable stream, which stays open; <paramref name="name"/> is for messages.</summary>
    /// <inheritdoc cref="Load(string, ClassifierOptions?)" path="/exception"/>
    public static Classifier Load(Stream stream, string name, ClassifierOptions? options = null) => Of(FoveaFile.Read(stream, name), options);

    /// <summary>Compiles a model for this machine: one that was read, trained or put together from a graph, weights and class names.</summary>
    /// <param name="model">The model; nothing of it is changed.</param>
    /// <param name="options">How to compute; the defaults if null.</param>
    /// <inheritdoc cref="Load(string, ClassifierOptions?)" path="/exception"/>
    public static Classifier Of(FoveaModel model, ClassifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(model, options ?? new());
    }

    /// <summary>Classifies an image file: JPEG, PNG, WebP or BMP.</summary>
    /// <exception cref="ImageException">The file is missing, damaged, no image, or too large.</exception>
    /// <exception cref="MissingLibraryException">The library that decodes the format is not installed.</exception>
    /// <exception cref="PredictionException">A logit is not finite.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed of.</exception>
    public Prediction Predict(string path)
    {
        using var input = _inputs.Prepare(path);
        return Run(input, path);
    }

    /// <summary>Classifies an encoded image.</summary>
    /// <param name="encoded">The bytes of a JPEG, PNG, WebP or BMP file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <inheritdoc cref="Predict(string)" path="/exception"/>
    public Prediction Predict(ReadOnlySpan<byte> encoded, string name = "image")
    {
        using var input = _inputs.Prepare(encoded, name);
        return Run(input, name);
    }

    /// <summary>Classifies a decoded image.</summary>
    /// <param name="rgb">[H, W, 3] without gaps, red first, 0–255.</param>
    /// <param name="width">Columns, from 1.</param>
    /// <param name="height">Rows, from 1.</param>
    /// <exception cref="ArgumentException">There are not 3·width·height bytes.</exception>
    /// <exception cref="PredictionException">A logit is not finite.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed of.</exception>
    public Prediction Predict(ReadOnlySpan<byte> rgb, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var bytes = (Int128)3 * width * height;
        if (rgb.Length != bytes) throw new ArgumentException($"there are {rgb.Length} bytes; {width}×{height} pixels want {bytes}", nameof(rgb));
        var image = new RgbImage(width, height);
        rgb.CopyTo(image.Pixels);
        using var input = _inputs.Prepare(image);
        return Run(input, "image");
    }

    /// <summary>Classifies an image file without keeping a thread of the caller's busy.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stop">Gives up as long as the model has not begun with the image.</param>
    /// <inheritdoc cref="Predict(string)" path="/exception"/>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public Task<Prediction> PredictAsync(string path, CancellationToken stop = default) => RunAsync(() => _inputs.Prepare(path), path, stop);

    /// <summary>Classifies an encoded image without keeping a thread of the caller's busy.</summary>
    /// <param name="encoded">The bytes of a JPEG, PNG, WebP or BMP file; they must stay as they are until the task ends.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="stop">Gives up as long as the model has not begun with the image.</param>
    /// <inheritdoc cref="PredictAsync(string, CancellationToken)" path="/exception"/>
    public Task<Prediction> PredictAsync(ReadOnlyMemory<byte> encoded, string name = "image", CancellationToken stop = default) =>
        RunAsync(() => _inputs.Prepare(encoded.Span, name), name, stop);

    /// <summary>Classifies image files, several at a time.</summary>
    /// <returns>The predictions in the order of the files.</returns>
    /// <inheritdoc cref="Predict(string)" path="/exception"/>
    public IReadOnlyList<Prediction> PredictBatch(IReadOnlyList<string> paths) => [.. PredictEach(paths).Select(Sound)];

    /// <summary>Classifies encoded images, several at a time.</summary>
    /// <returns>The predictions in the order of the images.</returns>
    /// <inheritdoc cref="Predict(string)" path="/exception"/>
    public IReadOnlyList<Prediction> PredictBatch(IReadOnlyList<ReadOnlyMemory<byte>> encoded)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        void Prepare(int i, Span<float> target) => _inputs.Prepare(encoded[i].Span, $"image {i}", target);
        return [.. Batches(encoded.Count, i => $"image {i}", Prepare, CancellationToken.None).Select(Sound)];
    }

    /// <summary>Classifies image files, several at a time; one that cannot be read does not keep the others from it.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="stop">Asked before each batch, and while one waits for the model.</param>
    /// <returns>What came of each file, in their order, batch by batch as they are done.</returns>
    /// <exception cref="MissingLibraryException">The library that decodes a format is not installed.</exception>
    /// <exception cref="PredictionException">A logit is not finite.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed of.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public IEnumerable<ImagePrediction> PredictEach(IReadOnlyList<string> paths, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return Batches(paths.Count, i => paths[i], (i, target) => _inputs.Prepare(paths[i], target), stop);
    }

    /// <summary>
    /// Classifies the images of a source (an archive, shards, a list), several at a time; one that cannot be read does not keep the others from it.
    /// </summary>
    /// <param name="images">The images; what they are called is <see cref="Data.Sources.IImageSource.Path"/>.</param>
    /// <param name="stop">Asked before each batch, and while one waits for the model.</param>
    /// <returns>What came of each image, in their order, batch by batch as they are done.</returns>
    /// <inheritdoc cref="PredictEach(IReadOnlyList{string}, CancellationToken)" path="/exception"/>
    public IEnumerable<ImagePrediction> PredictEach(Data.Sources.IImageSource images, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        void Prepare(int i, Span<float> target)
        {
            var encoded = new Data.Sources.ByteBuffer();
            images.Read(i, encoded);
            _inputs.Prepare(encoded.Span, images.Path(i), target);
        }

        return Batches(images.Count, images.Path, Prepare, stop);
    }

    /// <summary>Frees threads, plans and decoders. Calls that wait for the model or run it end first.</summary>
    public void Dispose()
    {
        _lanes.Dispose();
        _inputs.Dispose();
    }

    private Prediction Run(RentedFloats input, string name) => Judge(_lanes.Serve(input.Memory, count: 1).GetAwaiter().GetResult(), name);

    private async Task<Prediction> RunAsync(Func<RentedFloats> prepare, string name, CancellationToken stop)
    {
        using var input = await Task.Run(prepare, stop).ConfigureAwait(false);
        return Judge(await _lanes.Serve(input.Memory, count: 1, stop).ConfigureAwait(false), name);
    }

    private IEnumerable<ImagePrediction> Batches(int count, Func<int, string> name, Action<int, Span<float>> prepare, CancellationToken stop)
    {
        var most = Math.Min(Math.Min(count, _batch), Math.Max(1, MostFloats / _inputs.Length));
        using var input = RentedFloats.Of(checked(_inputs.Length * most));
        for (var first = 0; first < count; first += most)
        {
            stop.ThrowIfCancellationRequested();
            var failures = _inputs.PrepareAll(Math.Min(most, count - first), input.Memory, (i, target) => prepare(first + i, target));
            var images = failures.Count(failure => failure is null);
            var logits = images > 0 ? _lanes.Serve(input.Memory[..(images * _inputs.Length)], images, stop).GetAwaiter().GetResult() : [];
            var row = 0;
            for (var i = 0; i < failures.Length; i++)
                yield return failures[i] is { } failure
                    ? new(name(first + i), null, failure)
                    : new(name(first + i), Judge(logits.AsSpan(row++ * Classes.Count, Classes.Count), name(first + i)), null);
        }
    }

    private Prediction Judge(ReadOnlySpan<float> logits, string name)
    {
        Finite.Check(logits, name, Card);
        return new(Classes, logits);
    }

    private static Prediction Sound(ImagePrediction image)
    {
        if (image.Failure is { } failure) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return image.Prediction!;
    }
}
