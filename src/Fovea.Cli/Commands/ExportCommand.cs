using System.CommandLine;
using System.Globalization;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx;
using Fovea.Naming;
using Fovea.Training.Deploying;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea export</c>: writes a deployed model for other runtimes.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> s_file = new("FILE") { Description = "A model that 'fovea deploy' wrote (.fovea)" };
    private static readonly Option<string> s_output = new("--out", "-o") { Description = "The file to write (.onnx)", HelpName = "FILE", Required = true };
    private static readonly Option<bool> s_openSize = new("--open-image-size") { Description = "Leave height and width of the image open, too" };

    private static readonly Option<double> s_tolerance = new("--tolerance")
    {
        Description = "The largest relative error of the logits that passes",
        HelpName = "E",
        DefaultValueFactory = _ => new OnnxExportOptions().Tolerance,
    };

    internal static Command Create() => new Command("export", "Write a deployed model as ONNX, and check that it computes the same")
        .With(s_file, s_output, s_openSize, s_tolerance).Runs(Run);

    private static int Run(Invocation call)
    {
        var (source, target) = (call.Value(s_file)!, call.Value(s_output)!);
        var tolerance = call.Within(s_tolerance, 0, DeployCommand.LargestTolerance);
        FileKind.Onnx.CheckTarget(target);
        FileKind.Shipped.CheckSource(source);
        var options = new OnnxExportOptions { Tolerance = tolerance, OpenImageSize = call.Value(s_openSize) };
        var parity = OnnxExport.Write(target, FoveaFile.Read(source), new OneDnnBackend(), options);
        Print(call, target, parity);
        if (parity.Passed) return ExitCodes.Ok;
        call.Report.Error(string.Create(
            CultureInfo.InvariantCulture,
            $"{Printable.Of(target)}: not written: the logits of the exported model have a relative error of {parity.Logits.Relative:0.0E+0}; "
            + $"wanted at most {tolerance:0.0E+0}"));
        return ExitCodes.Gate;
    }

    private static void Print(Invocation call, string target, ExportParity parity)
    {
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
            json.WriteString("backend", parity.Backend);
            json.WriteNumber("images", parity.Images);
            json.WriteNumber("tolerance", parity.Tolerance);
            JsonNumbers.Write(json, "largest_difference", parity.Logits.Largest);
            JsonNumbers.Write(json, "relative_error", parity.Logits.Relative);
            json.WriteNumber("changed_top1", parity.ChangedTop1);
        });
    }
}
