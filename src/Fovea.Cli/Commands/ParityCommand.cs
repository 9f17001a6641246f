using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Bench;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Data.Sources;
using Fovea.Execution;
using Fovea.Formats;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Models.Parity;
using Fovea.Naming;
using Fovea.Parity;
using Fovea.Runs;
using Fovea.Tensors;
using Fovea.Training.Parity;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea parity</c>: compares models and the components of training with what their public implementations compute.</summary>
internal static class ParityCommand
{
    /// <summary>In bytes; those of the largest models have some MB.</summary>
    private const int LargestFixture = 256 << 20;

    private static readonly Argument<string[]> s_fixtures = new("FIXTURE") { Description = "Fixture files (.json)", Arity = ArgumentArity.OneOrMore };

    private static readonly FixtureModels s_models = new(
        model => ModelCatalog.Build(
            "repoptvgg_target",
            new() { NumBlocks = model.NumBlocks, WidthMultiplier = model.WidthMultiplier, Classes = model.Classes, ImageSize = model.Input.H }, model.Input.N),
        (fill, shape, seed) => FixtureTensors.Filled(fill, shape, seed));

    internal static Command Create() => new Command(
        "parity", "Compare models, Darknet networks, losses, schedules, optimisers and augmentation with fixtures of their public implementations")
        .With(s_fixtures, ModelFlags.Precision).Runs(Run);

    private static int Run(Invocation call)
    {
        var machine = new OneDnnBackend();
        var precision = MachinePrecision.Choose(call.Value(ModelFlags.Precision), machine, call.Report.Log, call.Report.Warning);
        var backend = new LoweringBackend(machine, precision);
        var results = new List<ParityResult>();
        var components = new List<ComponentResult>();
        foreach (var file in call.Value(s_fixtures)!)
        {
            call.Stop.ThrowIfCancellationRequested();
            try
            {
                var text = Text(file);
                if (OfParts(text, file, machine) is { } parts)
                {
                    components.AddRange(parts);
                    continue;
                }

                var result = ParityRun.Compare(FixtureReader.Read(text, file), backend, precision == Precision.Bf16 ? DType.BFloat16 : DType.Float32);
                results.Add(result);
                if (call.Report.Json) call.Report.Log($"{result.Id}: {Verdict(result)}");
            }
            catch (Exception e) when (e is ModelException or ShapeException)
            {
                throw new ModelFormatException(file, "", e.Message, e);
            }
        }

        if (results.Count > 0) Show(call.Report, results);
        if (components.Count > 0) Show(call.Report, components);
        var passed = results.Count(result => result.Passed) + components.Count(result => result.Passed);
        var count = results.Count + components.Count;
        call.Report.Object(json =>
        {
            json.WriteNumber("passed", passed);
            json.WriteNumber("failed", count - passed);
            json.WriteStartArray("fixtures");
            foreach (var result in results) result.Write(json);
            foreach (var result in components) Write(json, result);
            json.WriteEndArray();
        });
        if (passed == count) return ExitCodes.Ok;
        var failed = results.Where(result => !result.Passed).Select(result => result.Id)
            .Concat(components.Where(result => !result.Passed).Select(result => result.Id));
        call.Report.Error($"{count - passed} of {Amount.Of(count, "fixture is", "fixtures are")} not met: {string.Join(", ", failed)}");
        return ExitCodes.Gate;
    }

    /// <summary>What a fixture of components or of a Darknet network compares; null where it is of a model.</summary>
    private static IEnumerable<ComponentResult>? OfParts(string text, string file, IBackend machine)
    {
        var id = Path.GetFileNameWithoutExtension(file);
        var found = ComponentFixture.Covers(text) ? ComponentFixture.Compare(text, file, machine, s_models)
            : DarknetFixture.Covers(text) ? DarknetFixture.Compare(text, file, machine, Path.GetDirectoryName(Path.GetFullPath(file))!)
            : null;
        return found?.Select(result => result with { Id = $"{id}/{result.Id}" });
    }

    private static string Text(string file)
    {
        if (Directory.Exists(file)) throw new UsageException($"{file}: is a folder; wanted the files in it, as in {Path.Combine(file, "*.json")}");
        if (!File.Exists(file)) throw new UsageException($"{file}: there is no such file; wanted a fixture (.json)");
        return TextFile.Read(file, LargestFixture);
    }

    private static void Show(Report report, List<ParityResult> results)
    {
        var table =
            new TextTable(
                "fixture", ">logits", ">logits of blocks", ">train logits", ">loss", ">running", ">gradient median", ">gradient worst", ">deploy", "verdict");
        foreach (var result in results)
            table.Row(result.Id, Number(result.LogitsRelativeError), Number(result.LogitsBlocksRelativeError), Number(result.TrainLogitsRelativeError),
                Number(result.LossRelativeError), Number(result.RunningRelativeError), Number(result.MedianGradientRelativeError),
                Number(result.WorstGradient?.RelativeError),
                Number(result.DeployLogitsRelativeError), Verdict(result));
        report.Table(table);
        foreach (var result in results)
            foreach (var failure in result.Failures) report.Line($"{result.Id}: {failure}");
        report.Line(
            "Relative errors: L2 of logits, difference of the loss and of norms of statistics and gradients; "
            + "the worst gradient beyond 1e-5 of the norm of all.");
    }

    private static void Show(Report report, List<ComponentResult> results)
    {
        var table = new TextTable("case", "verdict");
        foreach (var result in results) table.Row(result.Id, result.Passed ? "passed" : "FAILED");
        report.Table(table);
        foreach (var result in results.Where(result => !result.Passed)) report.Line($"{result.Id}: {result.Failure}");
    }

    private static void Write(Utf8JsonWriter json, ComponentResult result)
    {
        json.WriteStartObject();
        json.WriteString("id", result.Id);
        json.WriteBoolean("passed", result.Passed);
        json.WriteStartArray("failures");
        if (result.Failure is { } failure) json.WriteStringValue(failure);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Verdict(ParityResult result) => result.Passed ? "passed" : "FAILED";

    private static string Number(double? number) => number?.ToString("0.0E+0", CultureInfo.InvariantCulture) ?? "";
}
