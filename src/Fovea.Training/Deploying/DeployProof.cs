using Fovea.Execution;
using Fovea.Formats.Artefact;
using Fovea.Naming;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Training.Deploying;

/// <summary>Shows on images that the form of a model that is shipped computes what the trained one does.</summary>
public static class DeployProof
{
    /// <summary>The relative difference that passes unless another is asked for. Folding rounds each weight once, to float32: about 1e-6.</summary>
    public const double DefaultTolerance = 1e-4;

    /// <summary>Runs both forms on the same images and compares the outputs of all folded blocks, and the logits of the graph that is shipped.</summary>
    /// <param name="form">The folded model with its probes (<see cref="Deploy.Fold"/>); its input is called <c>input</c>, its output <c>logits</c>.</param>
    /// <param name="weights">The weights of the model as it was trained.</param>
    /// <param name="backend">What runs both, in float32.</param>
    /// <param name="batches">Images [n, C, H, W] after preprocessing, each time as many as the graph takes or fewer.</param>
    /// <param name="tolerance">The largest relative difference that passes, of the logits and of each block.</param>
    /// <param name="stop">Asked before each batch.</param>
    /// <returns>The proof; <see cref="Proof.Passed"/> is false where a difference is larger or not a number, or there were no images.</returns>
    /// <exception cref="ArgumentException">A batch is no whole number of images, or has more than the graph takes.</exception>
    /// <exception cref="NonFiniteException">The trained model computes NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static Proof Run(
        DeployForm form,
        IReadOnlyDictionary<string, HostTensor> weights,
        IBackend backend,
        IEnumerable<ReadOnlyMemory<float>> batches,
        double tolerance = DefaultTolerance,
        CancellationToken stop = default)
    {
        using var trained = new WeightedPlans(backend, weights, form.Before);
        using var shipped = new WeightedPlans(backend, form.Weights, form.After, form.Graph);
        var input = form.Before.Variable(FoveaModel.InputName).Shape;
        var blocks = form.Blocks.Select(path => (Path: path, Meter: new DifferenceMeter())).ToArray();
        var (logits, images, changed) = (new DifferenceMeter(), 0, 0);
        foreach (var batch in batches)
        {
            stop.ThrowIfCancellationRequested();
            var count = Count(batch.Length, input);
            trained.Run(batch.Span, FoveaModel.InputName);
            shipped.Run(batch.Span, FoveaModel.InputName);
            foreach (var (path, meter) in blocks) meter.Add(trained.Rows(0, path, count, input.N), shipped.Rows(0, path, count, input.N));
            var expected = trained.Rows(0, FoveaModel.OutputName, count, input.N);
            var actual = shipped.Rows(1, FoveaModel.OutputName, count, input.N);
            NonFiniteException.Check(form.Before.Name, FoveaModel.OutputName, expected, expected.Length / count);
            logits.Add(expected, actual);
            changed += Logits.ChangedTop1(expected, actual, count);
            images += count;
        }

        return new()
        {
            Backend = backend.Name,
            Images = images,
            Tolerance = tolerance,
            Logits = logits.Read(),
            ChangedTop1 = changed,
            Blocks = [.. blocks.Select(block => new BlockProof(block.Path, block.Meter.Read()))],
        };
    }

    /// <summary>The same on drawn images, as many as the graph takes, where there are none.</summary>
    /// <param name="form">The folded model with its probes.</param>
    /// <param name="weights">The weights of the model as it was trained.</param>
    /// <param name="backend">What runs both, in float32.</param>
    /// <param name="seed">What the images follow from.</param>
    /// <param name="tolerance">The largest relative difference that passes, of the logits and of each block.</param>
    /// <exception cref="NonFiniteException">The trained model computes NaN or infinity.</exception>
    public static Proof OnDrawnImages(
        DeployForm form, IReadOnlyDictionary<string, HostTensor> weights, IBackend backend, ulong seed, double tolerance = DefaultTolerance)
    {
        ArgumentNullException.ThrowIfNull(form);
        var images = DrawnImages.Of(form.Before.Variable(FoveaModel.InputName).Shape, seed);
        return Run(form, weights, backend, [images.Floats.ToArray()], tolerance);
    }

    private static int Count(int elements, Shape input)
    {
        var image = (int)(input.Elements / input.N);
        return elements > 0 && elements % image == 0 && elements / image <= input.N
            ? elements / image
            : throw new ArgumentException($"a batch has {Amount.Of(elements, "number")}; wanted 1 to {Amount.Of(input.N, "image")} of {image}");
    }
}
