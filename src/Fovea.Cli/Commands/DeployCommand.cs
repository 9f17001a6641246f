using System.CommandLine;
using System.Globalization;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Sources;
using Fovea.Formats.Artefact;
using Fovea.Naming;
using Fovea.Runs;
using Fovea.Sources;
using Fovea.Training.Deploying;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea deploy</c>: makes the file that a program loads, and proves that it computes what was trained.</summary>
internal static class DeployCommand
{
    /// <summary>A relative error of 1 is that of zeros.</summary>
    internal const double LargestTolerance = 1;

    private static readonly Argument<string?> s_run =
        new("RUN")
        {
            Description = "The folder of a training run, an ONNX file, or a shipped model; without it --model with --weights or --pretrained says which",
            Arity = ArgumentArity.ZeroOrOne,
        };

    private static readonly Option<string> s_output = new("--out", "-o") { Description = "The file to write (.fovea)", HelpName = "FILE", Required = true };

    private static readonly Option<string?> s_data =
        new("--data") { Description = "The images of the proof: a data folder; by default the one that the run was trained on", HelpName = "DIR" };

    private static readonly Option<int> s_images =
        new("--images") { Description = "Images of the proof", HelpName = "N", DefaultValueFactory = _ => Shipping.DefaultImages };

    private static readonly Option<double> s_tolerance = new("--tolerance")
    {
        Description = "The largest relative error of a block or the logits that passes", HelpName = "E",
        DefaultValueFactory = _ => DeployProof.DefaultTolerance,
    };

    internal static Command Create() => new Command("deploy", "Re-parameterise a trained model, prove it on images, and write one file")
        .With(s_run, s_output, s_data, SourceFlags.Checkpoint).With(SourceFlags.OfModel).With(PreprocessingFlags.All)
        .With(DataFlags.All).With(SourceFlags.ClassNames, s_images, s_tolerance).Runs(Run);

    private static int Run(Invocation call)
    {
        var file = call.Value(s_output)!;
        var (images, tolerance) = (call.Within(s_images, 1, int.MaxValue), call.Within(s_tolerance, 0, LargestTolerance));
        FileKind.Shipped.CheckTarget(file);
        var model = Source(call, s_run);
        model = model with { Classes = SourceFlags.NamesOf(call, model) };
        var sample = Sample(call, model, images);
        var proof = Shipping.Write(file, model, sample, tolerance: tolerance, warn: call.Report.Warning, stop: call.Stop);
        Print(call.Report, file, model, proof);
        if (proof.Passed) return ExitCodes.Ok;
        call.Report.Error(Shipping.Failure(file, proof));
        return ExitCodes.Gate;
    }

    /// <summary>The model at a place, or one of the catalogue with a file of weights.</summary>
    internal static LoadedModel Source(Invocation call, Argument<string?> place)
    {
        if (call.Value(place) is { } run)
        {
            SourceFlags.Refuse(call, "a run", "it says what it is of", SourceFlags.OfModel);
            return ModelSource.IsPath(run) ? SourceFlags.At(call, run) : new RunSource().Load(run, SourceFlags.Options(call));
        }

        return SourceFlags.PlaceOf(call) is { } named
            ? SourceFlags.At(call, named)
            : throw new UsageException(
                "which model? wanted RUN, the folder of a training run, or --model NAME with --weights FILE or --pretrained, and --data DIR");
    }

    /// <summary>Images at equal distances, so that all classes are among them.</summary>
    private static IImageSource Sample(Invocation call, LoadedModel model, int count)
    {
        var run = (call.Value(s_run) ?? call.Value(SourceFlags.Model)) is { } place && Directory.Exists(place) ? place : null;
        var folder = call.Value(s_data) ?? (run is null ? null : RunRecipe.DataOf(run)?.Place)
            ?? throw new UsageException(
                $"{(run is null ? "--model" : $"{run}:")} does not say which data it was trained on; wanted --data DIR with images for the proof");
        SeparateFolders.CheckFile("--out", call.Value(s_output)!, folder);
        var data = DataFlags.Find(call, folder, run);
        // Published weights have seen none of these images, and the proof asks for no classes.
        var all = call.Has(SourceFlags.Pretrained) ? data.OpenAll(call.Stop).Images : EvaluationData.Open(data, "val", model, call.Report, call.Stop);
        if (all.Count == 0) throw new DataException(folder, "there are no images to validate with", "some, for the proof");
        return Shipping.Sample(all, count);
    }

    private static void Print(Report report, string file, LoadedModel model, Proof proof)
    {
        report.Line($"{model.Name} with {model.Origin}: {Amount.Of(proof.Blocks.Count, "block")} folded, "
            + $"compared on {Amount.Of(proof.Images, "image")} by {proof.Backend}");
        report.Table(ParityFacts.Table(proof));
        report.Line($"the likeliest class changed for {Amount.Of(proof.ChangedTop1, "image")}; relative errors (L2) up to {ParityFacts.Text(proof.Tolerance)} pass");
        if (proof.Passed) report.Line($"wrote {Printable.Of(file)}, {Size(file)} KiB");
        report.Object(json =>
        {
            json.WriteString("model", model.Name);
            json.WriteString("weights", model.Origin);
            json.WriteString("file", proof.Passed ? file : null);
            json.WriteBoolean("passed", proof.Passed);
            json.WritePropertyName("proof");
            json.WriteRawValue(proof.ToJson());
        });
    }

    private static string Size(string file) => (new FileInfo(file).Length / 1024.0).ToString("F0", CultureInfo.InvariantCulture);
}
