using System.CommandLine;
using System.Globalization;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx;
using Fovea.Naming;
using Fovea.Runs;
using Fovea.Sources;
using Fovea.Training.Checkpoints;
using Fovea.Training.Deploying;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea export</c>: writes a model for other runtimes.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string?> s_file = new("FILE")
    {
        Description = "A model that 'fovea deploy' wrote (.fovea), the folder of a training run, or an ONNX file; without it --run, or --model, says which",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> s_output = new("--out", "-o") { Description = "The file to write (.onnx)", HelpName = "FILE", Required = true };
    private static readonly Option<bool> s_openSize = new("--open-image-size") { Description = "Leave height and width of the image open, too" };

    private static readonly Option<double> s_tolerance = new("--tolerance")
    {
        Description = "The largest relative error of the logits that passes",
        HelpName = "E",
        DefaultValueFactory = _ => new OnnxExportOptions().Tolerance,
    };

    internal static Command Create() => new Command("export", "Write a model as ONNX, folded as 'fovea deploy' does it, and check that it computes the same")
        .With(s_file, s_output, SourceFlags.Run, SourceFlags.Checkpoint).With(SourceFlags.OfModel).With(PreprocessingFlags.All)
        .With(SourceFlags.ClassNames, s_openSize, s_tolerance).Runs(Run);

    private static int Run(Invocation call)
    {
        var target = call.Value(s_output)!;
        var tolerance = call.Within(s_tolerance, 0, DeployCommand.LargestTolerance);
        FileKind.Onnx.CheckTarget(target);
        var backend = new OneDnnBackend();
        var (model, isFolded) = Model(call, backend);
        if (isFolded && model.Proof is { Passed: false } failed)
        {
            call.Report.Error(Shipping.Failure(target, failed));
            return ExitCodes.Gate;
        }

        var options = new OnnxExportOptions { Tolerance = tolerance, OpenImageSize = call.Value(s_openSize) };
        var parity = OnnxExport.Write(target, model, backend, options);
        Print(call, target, isFolded ? model.Proof : null, parity);
        if (parity.Passed) return ExitCodes.Ok;
        call.Report.Error(string.Create(
            CultureInfo.InvariantCulture,
            $"{Printable.Of(target)}: not written: the logits of the exported model have a relative error of {parity.Logits.Relative:0.0E+0}; "
            + $"wanted at most {tolerance:0.0E+0}"));
        return ExitCodes.Gate;
    }

    /// <summary>What is exported: a shipped model as it is, any other folded.</summary>
    private static (FoveaModel Model, bool IsFolded) Model(Invocation call, OneDnnBackend backend)
    {
        Option[] sources = [SourceFlags.Run, .. SourceFlags.OfModel];
        var file = call.Value(s_file);
        if (file is not null) SourceFlags.Refuse(call, "FILE", "it says which model", sources);
        else if (!Array.Exists(sources, call.Has))
            throw new UsageException("which model? wanted FILE, --run DIR, or --model NAME with --weights FILE or --pretrained");
        var place = file ?? (call.Has(SourceFlags.Run) ? null : SourceFlags.PlaceOf(call));
        Option[] changes = [SourceFlags.Checkpoint, SourceFlags.ClassNames, .. PreprocessingFlags.All];
        if (place is not null && IsShipped(place) && !Array.Exists(changes, call.Has))
        {
            FileKind.Shipped.CheckSource(place);
            return (FoveaFile.Read(place), false);
        }

        var model = file is null ? SourceFlags.Load(call) : SourceFlags.At(call, file);
        return (Shipping.Fold(model, Names(call, model), backend), true);
    }

    /// <summary>Whether a place is to be a shipped model: all that is no other source, too, so that it is told what it should be.</summary>
    private static bool IsShipped(string place) => Directory.Exists(place)
        ? RunFolder.CheckpointsOf(place).Names.Count == 0
        : new FoveaSource().Takes(place) || !ModelSource.Kinds.Any(kind => kind.Takes(place));

    private static IReadOnlyList<string> Names(Invocation call, LoadedModel model)
    {
        if (SourceFlags.NamesOf(call, model) is { } names) return names;
        call.Report.Note(
            $"nothing names the {model.ClassCount} classes of {model.Name}; they are called by their numbers ({SourceFlags.ClassNames.Name} names them)");
        return [.. Enumerable.Range(0, model.ClassCount).Select(number => number.ToString(CultureInfo.InvariantCulture))];
    }

    private static void Print(Invocation call, string target, Proof? folded, ExportParity parity)
    {
        if (folded is not null)
            call.Report.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{folded.Blocks.Count} blocks folded, compared on {folded.Images} drawn images: relative error of the logits "
                + $"{folded.Logits.Relative:0.0E+0} (L2)"));
        call.Report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"read back and compared on {Amount.Of(parity.Images, "image")} by {parity.Backend}: "
            + $"relative error of the logits {parity.Logits.Relative:0.0E+0} (L2)"));
        if (parity.Passed) call.Report.Line($"wrote {Printable.Of(target)}: opset {OnnxFile.Opset}, input 'input', output 'logits', any batch size");
        call.Report.Object(json =>
        {
            json.WriteString("file", parity.Passed ? target : null);
            json.WriteBoolean("passed", parity.Passed);
            json.WriteNumber("opset", OnnxFile.Opset);
            ParityFacts.Write(json, parity);
            if (folded is null) return;
            json.WritePropertyName("proof");
            json.WriteRawValue(folded.ToJson());
        });
    }
}
