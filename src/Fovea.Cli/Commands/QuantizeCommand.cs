using System.CommandLine;
using System.Globalization;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Formats.Artefact;
using Fovea.Naming;
using Fovea.Quantization.Ranges;
using Fovea.Runs;
using Fovea.Sources;
using Fovea.Training.Batches;
using Fovea.Training.Evaluation;
using Fovea.Training.Metrics;
using Fovea.Training.Quantizing;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea quantize</c>: a trained model in integers of 8 bits, with what it lost, and none that lost too much.</summary>
internal static class QuantizeCommand
{
    private const int BatchSize = 32;
    private const double UsualDrop = 1;

    private static readonly Argument<string?> s_run = new("MODEL")
    {
        Description = "The folder of a training run, an ONNX file, or a shipped model; without it --model with --weights or --pretrained says which",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> s_output = new("--out", "-o") { Description = "The file to write (.fovea)", HelpName = "FILE", Required = true };

    private static readonly Option<int> s_images = new("--images")
    {
        Description = "Images of the calibration, of those that the model was trained on, at equal distances", HelpName = "N", DefaultValueFactory = _ => 512,
    };

    private static readonly Option<string> s_range = Choice.Of(
        "--range", "Which numbers of an activation are told apart: those with the least squared error, all, all but one of 100000 on each side, or those that keep "
            + "most of what their distribution tells", [.. RangeRule.Kinds.Keys.OrderBy(name => name != "mse")]);

    private static readonly Option<bool> s_symmetric = new("--symmetric") { Description = "Let activations reach as far below 0 as above" };

    private static readonly Option<bool> s_perTensor = new("--per-tensor") { Description = "One scale for all filters of a convolution, not one for each" };

    private static readonly Option<string?> s_for = Choice.Optional(
        "--for", "For which processors: any, where pairs of products are added up in 16 bits and weights have 7 bits, or vnni; by default as this one is", "any", "vnni");

    private static readonly Option<string[]> s_keep = new("--keep")
    {
        Description = "Convolutions that stay in fractions, by the names of their weights with * for any part; several", HelpName = "PATTERN",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<double> s_drop = new("--max-drop")
    {
        Description = "The most that top-1 may drop, in points of 100; beyond it nothing is written and the exit code is 5", HelpName = "POINTS",
        DefaultValueFactory = _ => UsualDrop,
    };

    internal static Command Create() => new Command("quantize", "Make a trained model one of 8-bit integers, measure what it loses, and write one file")
        .With(s_run, s_output, EvaluationData.Place, SourceFlags.Checkpoint).With(SourceFlags.OfModel).With(PreprocessingFlags.All).With(DataFlags.All)
        .With(SourceFlags.ClassNames, s_images, s_range, s_symmetric, s_perTensor, s_for, s_keep, s_drop, EvaluationData.Workers).With(EvaluatedPart.Flags)
        .Runs(Run);

    private static int Run(Invocation call)
    {
        var (file, images) = (call.Value(s_output)!, call.Within(s_images, 1, int.MaxValue));
        var most = call.Within(s_drop, 0, 100);
        FileKind.Shipped.CheckTarget(file);
        var source = DeployCommand.Source(call, s_run);
        var data = Data(call);
        SeparateFolders.CheckFile(s_output.Name, file, data.Place);
        var backend = new OneDnnBackend();
        var part = EvaluatedPart.Of(call, data, source, "val");
        var evaluated = part.Open(call, data, source);
        var folded = Shipping.Fold(source, SourceFlags.NamesOf(call, source) ?? evaluated.ClassNames, backend);
        if (folded.Proof is { Passed: false } failed)
        {
            call.Report.Error(Shipping.Failure(file, failed));
            return ExitCodes.Gate;
        }

        var options = Options(call, backend);
        var sample = Shipping.Sample(EvaluationData.Open(data, "train", source, call.Report, call.Stop), images);
        var made = Quantized(call, backend, options, folded, sample);
        var (before, after) = (Evaluate(call, backend, folded, source, evaluated), Evaluate(call, backend, made.Model, source, evaluated));
        var drop = 100 * (before.Top1 - after.Top1);
        var isKept = drop <= most;
        if (isKept) FoveaFile.Write(file, made.Model);
        Print(call.Report, file, made, before, after, isKept);
        if (isKept) return ExitCodes.Ok;
        call.Report.Error(string.Create(
            CultureInfo.InvariantCulture,
            $"{Printable.Of(file)}: not written: top-1 drops by {drop:F2} points, from {before.Top1:F4} to {after.Top1:F4}; wanted at most {most} ({s_drop.Name})"));
        return ExitCodes.Accuracy;
    }

    private static DataSet Data(Invocation call)
    {
        var run = (call.Value(s_run) ?? call.Value(SourceFlags.Model)) is { } place && Directory.Exists(place) ? place : null;
        var data = call.Value(EvaluationData.Place) ?? (run is null ? null : RunRecipe.DataOf(run)?.Place)
            ?? throw new UsageException("which data? wanted --data DATA, to calibrate with and to see what is lost; only a run says its own");
        return DataFlags.Find(call, data, run);
    }

    private static QuantizingOptions Options(Invocation call, OneDnnBackend backend)
    {
        var isWide = call.Value(s_for) is { } processors ? processors == "vnni" : backend.AddsIntegersExactly;
        if (!isWide)
            call.Report.Note(
                $"weights have 7 bits (−{QuantizingOptions.MostOfPairs} to {QuantizingOptions.MostOfPairs}), so that no sum overflows where there is no VNNI");
        return new()
        {
            Range = RangeRule.Kinds[call.Value(s_range)!],
            IsSymmetric = call.Value(s_symmetric),
            PerChannel = !call.Value(s_perTensor),
            MostWeight = isWide ? QuantizingOptions.MostOfAll : QuantizingOptions.MostOfPairs,
            KeepFractions = call.Value(s_keep) ?? [],
        };
    }

    private static QuantizedModel Quantized(Invocation call, OneDnnBackend backend, QuantizingOptions options, FoveaModel folded, IImageSource sample)
    {
        var batch = Math.Min(BatchSize, sample.Count);
        using var loader = Loader(call, sample, folded, batch);
        var batches = (sample.Count + batch - 1) / batch;
        return LiveLines.Run(call.Report, view => new Quantizer(backend, options).Run(
            folded, batch, () => loader.Epoch(0, 0, call.Stop).Select(one => one.Images),
            (what, done) => view?.Show($"{LiveView.Bar((double)done / batches)} {what}, {done} of {batches} batches"), call.Stop));
    }

    private static EvaluationMetrics Evaluate(Invocation call, OneDnnBackend backend, FoveaModel model, LoadedModel source, IImageSource images)
    {
        using var loader = Loader(call, images, model, Math.Min(BatchSize, images.Count));
        using var evaluator = new Evaluator(backend, model.GraphFor, model.Card.Classes);
        (string, Tensors.HostTensor)[] weights = [.. model.Weights.Select(entry => (entry.Key, entry.Value))];
        return LiveLines.Run(call.Report, view => evaluator.Run(
            weights, new LoadedBatches(loader), done => view?.Show($"{LiveView.Bar((double)done.Batch / loader.Batches)} evaluating {source.Name}"), call.Stop));
    }

    private static BatchLoader Loader(Invocation call, IImageSource images, FoveaModel model, int batch)
    {
        var loader = new BatchLoader(
            images, ImagePipeline.Evaluate(model.Card.Input),
            new LoaderOptions { BatchSize = batch, Workers = call.Value(EvaluationData.Workers), BadImages = BadImagePolicy.Skip, Cache = CacheMode.None }, call.Stop);
        loader.BadImageFound += bad => call.Report.Warning($"{bad.Message} (skipped)");
        return loader;
    }

    private static void Print(Report report, string file, QuantizedModel made, EvaluationMetrics before, EvaluationMetrics after, bool isKept)
    {
        var table = new TextTable("convolution", ">L1", ">relative L1", ">relative MSE", ">cosine");
        foreach (var layer in made.Layers) table.Row(layer.Name, Text(layer.L1), Text(layer.RelativeL1), Text(layer.RelativeSquared), Number(layer.Cosine, "F6"));
        report.Line(
            $"{Amount.Of(made.Layers.Count, "convolution")} in integers, calibrated on {Amount.Of(made.Images, "image")}; how far each is off there, all of them in "
            + "integers together:");
        report.Table(table);
        report.Line(
            $"top-1 {Number(before.Top1, "F4")} in float32, {Number(after.Top1, "F4")} in integers (fractions 0-1), on {Amount.Of(after.Samples, "image")}");
        if (isKept) report.Line($"wrote {Printable.Of(file)}, {Number(new FileInfo(file).Length / 1024.0, "F0")} KiB");
        report.Object(json =>
        {
            json.WriteString("model", made.Model.Card.Model);
            json.WriteString("file", isKept ? file : null);
            json.WriteNumber("calibration_images", made.Images);
            json.WriteNumber("images", after.Samples);
            json.WriteNumber("top1_float", before.Top1);
            json.WriteNumber("top1", after.Top1);
            json.WriteStartArray("layers");
            foreach (var layer in made.Layers)
            {
                json.WriteStartObject();
                json.WriteString("weight", layer.Name);
                JsonNumbers.Write(json, "l1", layer.L1);
                JsonNumbers.Write(json, "relative_l1", layer.RelativeL1);
                JsonNumbers.Write(json, "relative_mse", layer.RelativeSquared);
                JsonNumbers.Write(json, "cosine", layer.Cosine);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static string Text(double number) => ParityFacts.Text(number);

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
