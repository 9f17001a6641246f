using System.Globalization;
using Fovea.Backends.OneDnn;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sources;
using Fovea.Execution;
using Fovea.Formats.Artefact;
using Fovea.Naming;
using Fovea.Passes;
using Fovea.Sources;
using Fovea.Training.Deploying;

namespace Fovea.Runs;

/// <summary>Makes the file that a program loads, with the proof that it computes what was trained.</summary>
public static class Shipping
{
    /// <summary>How many images a proof looks at unless another number is asked for.</summary>
    public const int DefaultImages = 64;

    private const int BatchSize = 16;

    /// <summary>Images at equal distances, so that all classes are among them.</summary>
    /// <param name="images">Images in the order of their classes.</param>
    /// <param name="count">The most that are taken.</param>
    public static IImageSource Sample(IImageSource images, int count = DefaultImages)
    {
        var taken = Math.Min(count, images.Count);
        return new ImageSelection(images, Enumerable.Range(0, taken).Select(i => (int)((long)i * images.Count / taken)));
    }

    /// <summary>Folds a model, compares both forms on images, and writes the file if they agree.</summary>
    /// <param name="file">The file to write (.fovea); one that is there is replaced at once or not at all.</param>
    /// <param name="model">The model with its weights.</param>
    /// <param name="images">The images of the proof; at least one. Their classes are those of a model whose own nothing names.</param>
    /// <param name="backend">What runs both forms, in float32; null, the default, for oneDNN.</param>
    /// <param name="tolerance">The largest relative difference that passes.</param>
    /// <param name="warn">Told of each image that cannot be read; null, the default, for nobody.</param>
    /// <param name="stop">Asked between batches.</param>
    /// <returns>The proof. Where it has not passed, nothing is written.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static Proof Write(
        string file, LoadedModel model, IImageSource images, IBackend? backend = null, double tolerance = DeployProof.DefaultTolerance,
        Action<string>? warn = null, CancellationToken stop = default)
    {
        var batch = Math.Max(1, Math.Min(BatchSize, images.Count));
        var weights = model.Tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal);
        var form = Deploy.Fold(model.Graph(batch), weights, model.DeployName);
        using var loader = new BatchLoader(
            images, ImagePipeline.Evaluate(model.Preprocessing),
            new LoaderOptions { BatchSize = batch, BadImages = BadImagePolicy.Skip, Cache = CacheMode.None });
        loader.BadImageFound += bad => warn?.Invoke($"{bad.Message} (skipped)");
        var proof = DeployProof.Run(form, weights, backend ?? new OneDnnBackend(), loader.Epoch(0, 0, stop).Select(batch => batch.Images), tolerance, stop);
        if (proof.Passed)
            FoveaFile.Write(
                file, new() { Card = model.Card(model.Classes ?? images.ClassNames), Graph = form.Graph, Weights = form.Weights, Proof = proof });
        return proof;
    }

    /// <summary>Folds a model, and compares both forms on drawn images: what there is to export where nothing was deployed before.</summary>
    /// <param name="model">The model with its weights.</param>
    /// <param name="classes">The names of its classes.</param>
    /// <param name="backend">What runs both forms, in float32; null, the default, for oneDNN.</param>
    /// <param name="tolerance">The largest relative difference that passes.</param>
    /// <returns>The model, with its proof; where that has not passed, it is not to be used.</returns>
    public static FoveaModel Fold(
        LoadedModel model, IReadOnlyList<string> classes, IBackend? backend = null, double tolerance = DeployProof.DefaultTolerance)
    {
        var drawn = new OnnxExportOptions();
        var weights = model.Tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal);
        var form = Deploy.Fold(model.Graph(drawn.Images), weights, model.DeployName);
        var proof = DeployProof.OnDrawnImages(form, weights, backend ?? new OneDnnBackend(), drawn.Seed, tolerance);
        var folded = new FoveaModel { Card = model.Card(classes), Graph = form.Graph, Weights = form.Weights, Proof = proof };
        return folded with { Graph = folded.GraphFor(1) };
    }

    /// <summary>Why a file was not written, for messages.</summary>
    /// <param name="file">The file.</param>
    /// <param name="proof">A proof that has not passed.</param>
    public static string Failure(string file, Proof proof)
    {
        var worst = proof.Worst is { } block && !(block.Difference.Relative <= proof.Logits.Relative)
            ? (block.Path, block.Difference)
            : ("logits", proof.Logits);
        return $"{Printable.Of(file)}: not written: the proof failed on {Amount.Of(proof.Images, "image")}, worst at {worst.Item1}, "
            + $"relative error {Text(worst.Item2.Relative)}; wanted at most {Text(proof.Tolerance)}";
    }

    private static string Text(double number) => number.ToString("0.0E+0", CultureInfo.InvariantCulture);
}
