using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Converting;
using Fovea.Darknet;
using Fovea.Darknet.Cfg;
using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx;
using Fovea.Formats.Weights;
using Fovea.Naming;
using Fovea.Sources;
using Fovea.Training.Deploying;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea convert</c>: from one format of models or weights into another, with the key map and the parity.</summary>
internal static class ConvertCommand
{
    private static readonly Argument<string> s_from = new("A")
    {
        Description = $"A model ({FoveaFile.Extension}, {OnnxFile.Extension}, {CfgFile.Extension}, the folder of a run), or weights ("
            + $"{string.Join(", ", WeightFile.Extensions)}, {DarknetWeights.Extension}) of --model, or RepOpt scales",
    };

    private static readonly Argument<string> s_to = new("B")
    {
        Description =
            $"The file to write: {string.Join(", ", ConvertTarget.Kinds.SkipLast(1).Select(kind => kind.What))} or {ConvertTarget.Kinds[^1].What}",
    };

    private static readonly Option<string?> s_model =
        new("--model") { Description = "The model that the weights are of: a name in the catalogue, or a .cfg of Darknet", HelpName = "NAME|CFG" };

    private static readonly Option<bool> s_deploy =
        new("--deploy") { Description = "Write weights in the deploy form, branches and norms folded; models always are" };

    private static readonly Option<bool> s_partial =
        new("--allow-partial") { Description = "Take what fits: what is missing starts as in a new model, what is unexpected is left out" };

    private static readonly Option<bool> s_order =
        new("--by-order") { Description = "Name weights by their order and shapes, where nothing knows their names" };

    private static readonly Option<bool> s_dry = new("--dry-run") { Description = "Do everything but write B" };

    private static readonly Option<double> s_tolerance = new("--tolerance")
    {
        Description = "The largest relative error of the logits, or of a folded block, that passes", HelpName = "E",
        DefaultValueFactory = _ => new ConvertOptions().Tolerance,
    };

    internal static Command Create() => new Command("convert", "Convert a model or weights into another format, and check that both compute the same")
        .With(s_from, s_to, s_model, SourceFlags.Key, SourceFlags.Classes, SourceFlags.ClassNames, SourceFlags.Checkpoint).With(PreprocessingFlags.All)
        .With(s_deploy, s_partial, s_order, s_dry, s_tolerance).Runs(Run);

    private static int Run(Invocation call)
    {
        var (from, to) = (call.Value(s_from)!, call.Value(s_to)!);
        var tolerance = call.Within(s_tolerance, 0, DeployCommand.LargestTolerance);
        var target = ConvertTarget.Of(to);
        if (!call.Value(s_dry)) FileKind.ConvertedOf(to).CheckTarget(to);
        if (Path.GetFullPath(from) == Path.GetFullPath(to)) throw new UsageException($"{Printable.Of(to)}: is what is converted; wanted another file to write");
        if (target.IsModel) SourceFlags.Refuse(call, target.What, "it is written in the deploy form", s_deploy);
        if (call.Value(s_model) is null)
            SourceFlags.Refuse(call, "a source without --model", "it belongs to the weights of one", SourceFlags.Classes, s_partial, s_order);
        var done = Converter.Run(from, to, new()
        {
            Model = call.Value(s_model),
            Load = Load(call),
            ClassNames = SourceFlags.ReadNames(call),
            Deploy = call.Value(s_deploy),
            AllowPartial = call.Value(s_partial),
            ByOrder = call.Value(s_order),
            DryRun = call.Value(s_dry),
            Tolerance = tolerance,
        });
        Print(call, from, to, done);
        if (done.Passed) return ExitCodes.Ok;
        call.Report.Error(Failure(to, done));
        return done.Refusal is null ? ExitCodes.Gate : ExitCodes.Usage;
    }

    private static LoadOptions Load(Invocation call) => new()
    {
        Images = PreprocessingFlags.Of(call),
        Checkpoint = call.Value(SourceFlags.Checkpoint) ?? "best",
        WeightsKey = call.Value(SourceFlags.Key) ?? "",
        Classes = call.Within(SourceFlags.Classes, 1, int.MaxValue),
        Stop = call.Stop,
        Note = call.Report.Note,
        Warn = call.Report.Warning,
    };

    private static string Failure(string to, Conversion done) => done.Refusal
        ?? (done.Proof is { Passed: false } proof ? Runs.Shipping.Failure(to, proof) : string.Create(
            CultureInfo.InvariantCulture,
            $"{Printable.Of(to)}: not written: read back, its logits have a relative error of {done.Parity!.Logits.Relative:0.0E+0}; "
            + $"wanted at most {done.Parity.Tolerance:0.0E+0}"));

    private static void Print(Invocation call, string from, string to, Conversion done)
    {
        var report = call.Report;
        var keys = new TextTable("source", "model", "shape", "");
        foreach (var key in done.Keys) keys.Row(key.Source, key.Name, $"{key.Given}", key.Source.Length == 0 ? "zeros" : key.IsTransposed ? "transposed" : "");
        report.Table(keys);
        var form = done.IsDeployed ? ", in the deploy form" : "";
        var spelling = done.Spelling.Length > 0 ? $", in the names of {done.Spelling}" : "";
        report.Line($"{Printable.Of(from)}: {Amount.Of(done.Keys.Count, "tensor")}{(done.Model.Length > 0 ? $" of {done.Model}" : "")}{form}{spelling}");
        foreach (var name in done.Missing) report.Line($"missing: {Printable.Line(name)}");
        foreach (var name in done.Unexpected) report.Line($"unexpected: {Printable.Line(name)}");
        foreach (var (name, given, wanted) in done.Mismatched) report.Line($"of another shape: {Printable.Line(name)} is {given}, the model wants {wanted}");
        if (done.Proof is { } proof) Print(report, proof);
        if (done.Parity is { } parity) Print(report, parity);
        if (done.Passed) report.Line(call.Value(s_dry) ? $"a dry run: {Printable.Of(to)} is not written" : $"wrote {Printable.Of(to)}");
        report.Object(json => Write(json, from, to, call.Value(s_dry), done));
    }

    private static void Print(Report report, Proof proof)
    {
        report.Line($"{Amount.Of(proof.Blocks.Count, "block")} folded, compared on {Amount.Of(proof.Images, "drawn image")} by {proof.Backend}");
        report.Table(ParityFacts.Table(proof));
    }

    private static void Print(Report report, ExportParity parity) => report.Line(
        $"read back and compared on {Amount.Of(parity.Images, "drawn image")} by {parity.Backend}: largest difference of the logits "
        + $"{ParityFacts.Text(parity.Logits.Largest)}, relative error {ParityFacts.Text(parity.Logits.Relative)} (L2); the likeliest class changed for "
        + $"{Amount.Of(parity.ChangedTop1, "image")}");

    private static void Write(Utf8JsonWriter json, string from, string to, bool isDry, Conversion done)
    {
        json.WriteString("source", from);
        json.WriteString("file", done.Passed && !isDry ? to : null);
        json.WriteString("model", done.Model.Length > 0 ? done.Model : null);
        json.WriteString("names_of", done.Spelling.Length > 0 ? done.Spelling : null);
        json.WriteBoolean("deploy", done.IsDeployed);
        json.WriteBoolean("passed", done.Passed);
        json.WriteStartArray("keys");
        foreach (var key in done.Keys)
        {
            json.WriteStartObject();
            json.WriteString("source", key.Source.Length > 0 ? key.Source : null);
            json.WriteString("name", key.Name);
            json.WriteString("type", $"{key.Given}");
            json.WriteBoolean("transposed", key.IsTransposed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Names(json, "missing", done.Missing);
        Names(json, "unexpected", done.Unexpected);
        Names(json, "mismatched", done.Mismatched.Select(tensor => tensor.Name));
        if (done.Proof is { } proof)
        {
            json.WritePropertyName("proof");
            json.WriteRawValue(proof.ToJson());
        }

        if (done.Parity is not { } parity) return;
        json.WriteStartObject("parity");
        ParityFacts.Write(json, parity);
        json.WriteEndObject();
    }

    private static void Names(Utf8JsonWriter json, string key, IEnumerable<string> names)
    {
        json.WriteStartArray(key);
        foreach (var name in names) json.WriteStringValue(name);
        json.WriteEndArray();
    }
}
