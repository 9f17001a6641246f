using System.Globalization;
using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Runs;
using Fovea.Sources;
using Fovea.Tensors;
using Fovea.Training.Deploying;
using Fovea.Training.RepOpt;

namespace Fovea.Converting;

/// <summary>Converts models and weights from one format into another, and shows that both are the same function.</summary>
public static class Converter
{
    /// <summary>Reads, writes beside all that matters, reads back, compares the logits on drawn images, and only then writes the target.</summary>
    /// <param name="from">A model of any <see cref="ModelSource"/>, or a file of weights, or of scales of RepOptimizers.</param>
    /// <param name="to">The file to write, of one of <see cref="ConvertTarget.Kinds"/>.</param>
    /// <param name="options">What else is said; the defaults if null.</param>
    /// <param name="backend">What runs both; null, the default, for oneDNN.</param>
    /// <returns>What came of it; where it has not passed, nothing is written, and what was there before is untouched.</returns>
    /// <exception cref="ModelSourceException">There is no such source or format, or weights do not say their model.</exception>
    /// <exception cref="ModelFormatException">A file is damaged, or holds what the target cannot.</exception>
    /// <exception cref="NonFiniteException">The source computes NaN or infinity.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static Conversion Run(string from, string to, ConvertOptions? options = null, IBackend? backend = null)
    {
        options ??= new();
        var target = ConvertTarget.Of(to);
        var kind = ConvertSource.KindOf(from);
        if (kind is null && options.Model is null) return Scales(from, to, target, options);
        var (model, found) = kind is not null ? ConvertSource.Whole(kind, from, options)
            : new DarknetSource().Takes(options.Model!) ? ConvertSource.OfDarknet(from, options.Model!, options)
            : ConvertSource.Weights(from, WeightLoading.Read(from, options.Load.WeightsKey, options.Load.Note), options.Model!, options);
        if (found.Refusal is not null) return found;
        target.Check(model, to);
        if (model.MakesFeatures) throw new ModelSourceException($"{Printable.Of(from)}: makes features, not logits; wanted a classifier");
        return Compared(model, found, to, target, options, backend ?? new OneDnnBackend());
    }

    private static Conversion Compared(LoadedModel model, Conversion found, string to, ConvertTarget target, ConvertOptions options, IBackend backend)
    {
        var drawn = new OnnxExportOptions { Tolerance = options.Tolerance };
        var classes = options.ClassNames ?? model.Classes
            ?? [.. Enumerable.Range(0, model.ClassCount).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        if (classes.Count != model.ClassCount)
            throw new ModelSourceException(
                $"{model.Origin}: has {Amount.Of(model.ClassCount, "class")}; {Amount.Of(classes.Count, "name is", "names are")} given (--class-names)");
        var folds = target.IsModel || options.Deploy;
        var shipped = folds ? Shipping.Fold(model, classes, backend, options.Tolerance) : model.Shipped(classes);
        if (shipped.Proof is { Blocks.Count: > 0 } proof) found = found with { Proof = proof };
        if (!found.Passed) return found;
        var draft = new ConvertDraft(folds ? Folded(model, shipped) : model, shipped, backend, options.Tolerance);
        return Drafted(to, options.DryRun, path =>
        {
            if (target.Write(path, draft) is { Passed: false } own) return found with { Parity = own };
            var parity = ModelParity.Compare(Runnable(model, drawn.Images), Runnable(target.ReadBack(path, draft), drawn.Images), backend, drawn);
            return found with { Parity = parity };
        });
    }

    /// <summary>The model as its folded graph and weights make it.</summary>
    private static LoadedModel Folded(LoadedModel model, FoveaModel shipped) => model.Folded(model.Origin) with
    {
        Tensors = [.. shipped.Weights.Select(weight => (weight.Key, weight.Value))],
    };

    private static (Graph Graph, IReadOnlyDictionary<string, HostTensor> Weights) Runnable(LoadedModel model, int images) =>
        (model.Graph(images), model.Tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal));

    /// <summary>Scales of RepOptimizers need no model: they are the same numbers under the same names.</summary>
    private static Conversion Scales(string from, string to, ConvertTarget target, ConvertOptions options)
    {
        var given = WeightLoading.Read(from, options.Load.WeightsKey, options.Load.Note);
        if (!AreScales(given, from))
            throw new ModelSourceException(
                $"{Printable.Of(from)}: holds weights, which do not say their model; wanted --model NAME ('fovea models' lists all)");
        if (target.IsModel)
            throw new ModelSourceException(
                $"{Printable.Of(from)}: holds scales of RepOptimizers; {target.What} wants a model. Wanted weights to write");
        var scales = RepOptScales.Of(given, from);
        var found = new Conversion
        {
            Model = "",
            Keys = [.. scales.Tensors.Select(entry => new SpeltTensor(entry.Name, entry.Name, entry.Tensor.Type, entry.Tensor))],
        };
        return Drafted(to, options.DryRun, path =>
        {
            scales.Write(path);
            var back = RepOptScales.Of(WeightLoading.Read(path, ""), path).Tensors
                .ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal);
            foreach (var (name, tensor) in scales.Tensors)
                if (!back[name].Bytes.SequenceEqual(tensor.Bytes)) throw new ModelFormatException(to, name, "does not read back as it was written");
            return found;
        });
    }

    private static bool AreScales(IReadOnlyList<(string Name, HostTensor Tensor)> given, string from)
    {
        try
        {
            return RepOptScales.Of(given, from).Tensors.Count == given.Count;
        }
        catch (ModelFormatException)
        {
            return false;
        }
    }

    /// <summary>Lets the target be written and looked at in a folder of its own; what has passed gets its name.</summary>
    private static Conversion Drafted(string to, bool isDry, Func<string, Conversion> make)
    {
        var folder = Directory.CreateTempSubdirectory("fovea-convert-").FullName;
        try
        {
            var draft = Path.Combine(folder, $"draft{Path.GetExtension(to)}");
            var made = make(draft);
            if (made.Passed && !isDry)
                AtomicFile.Write(to, stream =>
                {
                    using var content = File.OpenRead(draft);
                    content.CopyTo(stream);
                });
            return made;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
