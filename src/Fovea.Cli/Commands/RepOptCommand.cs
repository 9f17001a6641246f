using System.CommandLine;
using System.Globalization;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Naming;
using Fovea.Sources;
using Fovea.Training.RepOpt;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea repopt</c>: what joins the two phases of RepOptimizers (arXiv:2205.15242).</summary>
internal static class RepOptCommand
{
    private static readonly Argument<string> s_source =
        new("SOURCE") { Description = "The folder of a hyper-search run, or weights of its model or scales (.safetensors, .pth)" };

    private static readonly Option<string?> s_output =
        new("--out", "-o") { Description = "The file to write: .safetensors, or .pth for the authors' code", HelpName = "FILE" };

    internal static Command Create() => new Command("repopt", "Work with the scales of RepOptimizers").With(
        new Command("scales", "Show the scales that a hyper-search has found, and write them to a file")
            .With(s_source, s_output, SourceFlags.LatestCheckpoint, SourceFlags.Key).Runs(Scales));

    private static int Scales(Invocation call)
    {
        var (source, output) = (call.Value(s_source)!, call.Value(s_output));
        if (output is not null) FileKind.ScalesOf(output).CheckTarget(output);
        var scales = Read(call, source);
        if (output is not null) scales.Write(output);
        Show(call.Report, scales);
        if (output is not null) call.Report.Line($"wrote {Printable.Of(output)}: {Amount.Of(scales.Tensors.Count, "tensor")}");
        call.Report.Object(json =>
        {
            json.WriteString("source", source);
            json.WriteString("file", output);
            json.WriteNumber("blocks", scales.Blocks.Count);
            json.WriteStartArray("scales");
            foreach (var (name, tensor) in scales.Tensors)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteNumber("channels", tensor.Shape[0]);
                json.WriteNumber("mean", Mean(tensor.Floats.ToArray()));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return ExitCodes.Ok;
    }

    private static RepOptScales Read(Invocation call, string source)
    {
        if (Directory.Exists(source))
        {
            SourceFlags.Refuse(call, "a run", "its checkpoints have one part", SourceFlags.Key);
            var run = new RunSource().Load(
                source, new() { Checkpoint = call.Value(SourceFlags.LatestCheckpoint) ?? "latest", Note = call.Report.Note, Warn = call.Report.Warning });
            return RepOptScales.Of(run.Tensors, run.Origin);
        }

        SourceFlags.Refuse(call, "a file", "it says which of a run's checkpoints", SourceFlags.LatestCheckpoint);
        return RepOptScales.Of(WeightLoading.Read(source, call.Value(SourceFlags.Key) ?? "", call.Report.Note), source);
    }

    private static void Show(Report report, RepOptScales scales)
    {
        var table = new TextTable("kernel", ">channels", ">scale", ">1x1", ">identity");
        foreach (var block in scales.Blocks)
            table.Row(
                block.Kernel, block.Scale.Count.ToString(CultureInfo.InvariantCulture), Text(block.Scale), Text(block.Point), Text(block.Identity));
        report.Table(table);
        report.Line("Scales: the mean over the channels.");
    }

    private static string Text(IReadOnlyList<float>? scales) => scales is null ? "" : Mean(scales).ToString("F4", CultureInfo.InvariantCulture);

    private static double Mean(IReadOnlyList<float> scales) => scales.Average(scale => (double)scale);
}
