using System.Buffers;
using Fovea.Backends.OneDnn;
using Fovea.Data.Decoding;
using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Training.Deploying;

namespace Fovea;

/// <summary>An image classifier out of one file: decodes, prepares and classifies images on the CPU.</summary>
/// <remarks>
/// Safe for use from several threads: images are decoded and prepared side by side, the model itself runs for one caller at a time on all
/// cores.
/// </remarks>
public sealed class Classifier : IDisposable
{
    private readonly Lock _turn = new();
    private readonly ClassifierPlans _plans;
    private readonly Preprocessors _preprocessors;
    private readonly DecodeOptions _decode;
    private bool _isDisposed;

    private Classifier(FoveaModel model, ClassifierOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batch, 1, "Batch");
        (Card, Proof, _decode) = (model.Card, model.Proof, options.Decode);
        _preprocessors = new(model.Card.Input.Preprocessing, options.Decode);
        _plans = new(model, new OneDnnBackend(), options);
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
    /// <exception cref="NativeException">oneDNN is not installed; the message lists where it was looked for.</exception>
    /// <exception cref="ArgumentException">An option, or the preprocessing of the file, cannot be done.</exception>
    public static Classifier Load(string path, ClassifierOptions? options = null) => new(FoveaFile.Read(path), options ?? new());

    /// <summary>Reads the model from a seekable stream, which stays open; <paramref name="name"/> is for messages.</summary>
    /// <inheritdoc cref="Load(string, ClassifierOptions?)" path="/exception"/>
    public static Classifier Load(Stream stream, string name, ClassifierOptions? options = null) => new(FoveaFile.Read(stream, name), options ?? new());

    /// <summary>Classifies an image file: JPEG, PNG, WebP or BMP.</summary>
    /// <exception cref="ImageException">The file is missing, damaged, no image, or too large.</exception>
    /// <exception cref="MissingLibraryException">The library that decodes the format is not installed.</exception>
    public Prediction Predict(string path) => Predict(ImageFile.ReadAllBytes(path, _decode), path);

    /// <summary>Classifies an encoded image.</summary>
    /// <param name="encoded">The bytes of a JPEG, PNG, WebP or BMP file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <inheritdoc cref="Predict(string)" path="/exception"/>
    public Prediction Predict(ReadOnlySpan<byte> encoded, string name = "image")
    {
        using var input = Rented.Of(_preprocessors.Length);
        _preprocessors.Process(encoded, name, input.Span);
        return Run(input.Span);
    }

    /// <summary>Classifies a decoded image.</summary>
    /// <param name="rgb">[H, W, 3] without gaps, red first, 0–255.</param>
    /// <param name="width">Columns, from 1.</param>
    /// <param name="height">Rows, from 1.</param>
    /// <exception cref="ArgumentException">There are not 3·width·height bytes.</exception>
    public Prediction Predict(ReadOnlySpan<byte> rgb, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (rgb.Length != 3L * width * height)
            throw new ArgumentException($"there are {rgb.Length} bytes; {width}×{height} pixels want {3L * width * height}", nameof(rgb));
        var image = new RgbImage(width, height);
        rgb.CopyTo(image.Pixels);
        using var input = Rented.Of(_preprocessors.Length);
        _preprocessors.Process(image, input.Span);
        return Run(input.Span);
    }

    /// <summary>Classifies image files, several at a time.</summary>
    /// <returns>The predictions in the order of the files.</returns>
    /// <inheritdoc cref="Predict(string)" path="/exception"/>
    public IReadOnlyList<Prediction> PredictBatch(IReadOnlyList<string> paths) =>
        PredictBatch(paths.Count, (i, target) => _preprocessors.Process(ImageFile.ReadAllBytes(paths[i], _decode), paths[i], target.Span));

    /// <summary>Classifies encoded images, several at a time.</summary>
    /// <returns>The predictions in the order of the images.</returns>
    /// <inheritdoc cref="Predict(string)" path="/exception"/>
    public IReadOnlyList<Prediction> PredictBatch(IReadOnlyList<ReadOnlyMemory<byte>> encoded) =>
        PredictBatch(encoded.Count, (i, target) => _preprocessors.Process(encoded[i].Span, $"image {i}", target.Span));

    /// <summary>Frees plans and decoders. Calls that are under way end first.</summary>
    public void Dispose()
    {
        lock (_turn)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            _plans.Dispose();
            _preprocessors.Dispose();
        }
    }

    private Prediction Run(ReadOnlySpan<float> input)
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return new(Classes, _plans.Run(input, count: 1));
        }
    }

    private List<Prediction> PredictBatch(int count, Action<int, Memory<float>> prepare)
    {
        var (length, most) = (_preprocessors.Length, Math.Min(count, _plans.Batch));
        var predictions = new List<Prediction>(count);
        using var input = Rented.Of(length * most);
        for (var first = 0; first < count; first += most)
        {
            var images = Math.Min(most, count - first);
            Prepare(images, i => prepare(first + i, input.Memory.Slice(i * length, length)));
            lock (_turn)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                var logits = _plans.Run(input.Span[..(images * length)], images);
                for (var i = 0; i < images; i++) predictions.Add(new(Classes, logits.Slice(i * Classes.Count, Classes.Count)));
            }
        }

        return predictions;
    }

    /// <summary>Prepares images on all cores; of several that fail, the first is reported.</summary>
    private static void Prepare(int count, Action<int> prepare)
    {
        var failures = new Exception?[count];
        Parallel.For(0, count, i =>
        {
            try
            {
                prepare(i);
            }
            catch (Exception e) when (e is ImageException or MissingLibraryException or ObjectDisposedException)
            {
                failures[i] = e;
            }
        });
        if (Array.Find(failures, failure => failure is not null) is { } first) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
    }

    /// <summary>Memory for inputs, on loan from the shared pool.</summary>
    private readonly struct Rented(float[] memory, int length) : IDisposable
    {
        internal Memory<float> Memory => memory.AsMemory(0, length);

        internal Span<float> Span => Memory.Span;

        internal static Rented Of(int length) => new(ArrayPool<float>.Shared.Rent(length), length);

        public void Dispose() => ArrayPool<float>.Shared.Return(memory);
    }
}
