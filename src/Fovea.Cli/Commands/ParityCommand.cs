using System.CommandLine;
using System.Globalization;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Bench;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Sources;
using Fovea.Models.Parity;
using Fovea.Tensors;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea parity</c>: compares models with what their public implementations compute.</summary>
internal static class ParityCommand
{
    /// <summary>In bytes; those of the largest models have some MB.</summary>
    private const int LargestFixture = 256 << 20;

    private static readonly Argument<string[]> s_fixtures = new("FIXTURE") { Description = "Fixture files (.json)", Arity = ArgumentArity.OneOrMore };

    internal static Command Create() => new Command("parity", "Compare models with fixtures of their public implementations")
        .With(s_fixtures, ModelFlags.Precision).Runs(Run);

    private static int Run(Invocation call)
    {
        var machine = new OneDnnBackend();
        var precision = MachinePrecision.Choose(call.Value(ModelFlags.Precision), machine, call.Report);
        var backend = new LoweringBackend(machine, precision);
        var results = new List<ParityResult>();
        foreach (var file in call.Value(s_fixtures)!)
        {
            call.Stop.ThrowIfCancellationRequested();
            var result = ParityRun.Compare(Read(file), backend, precision == Precision.Bf16 ? DType.BFloat16 : DType.Float32);
            results.Add(result);
            if (call.Report.Json) call.Report.Log($"{result.Id}: {Verdict(result)}");
        }

        Show(call.Report, results);
        var passed = results.Count(result => result.Passed);
        call.Report.Object(json =>
        {
            json.WriteNumber("passed", passed);
            json.WriteNumber("failed", results.Count - passed);
            json.WriteStartArray("fixtures");
            foreach (var result in results) result.Write(json);
            json.WriteEndArray();
        });
        if (passed == results.Count) return ExitCodes.Ok;
        var failed = results.Where(result => !result.Passed).Select(result => result.Id);
        call.Report.Error($"{results.Count - passed} of {results.Count} fixtures are not met: {string.Join(", ", failed)}");
        return ExitCodes.Gate;
    }

    private static Fixture Read(string file)
    {
        if (Directory.Exists(file)) throw new UsageException($"{file}: is a folder; wanted the files in it, as in {Path.Combine(file, "*.json")}");
        if (!File.Exists(file)) throw new UsageException($"{file}: there is no such file; wanted a fixture (.json)");
        return FixtureReader.Read(TextFile.Read(file, LargestFixture), file);
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

    private static string Verdict(ParityResult result) => result.Passed ? "passed" : "FAILED";

    private static string Number(double? number) => number?.ToString("0.0E+0", CultureInfo.InvariantCulture) ?? "";
}
