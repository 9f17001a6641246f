using System.CommandLine;
using System.Globalization;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Bench;
using Fovea.Cli.Output;
using Fovea.Models;
using Fovea.Training.Steps;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea plans</c>: for each of many models, what its plan does besides convolutions and matrix products.</summary>
internal static class PlansCommand
{
    private static readonly Argument<string[]> s_models = new("MODEL") { Description = "Models of the catalogue; all when none is given",
        Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<int> s_batch = new("--batch") { Description = "Images at a time; default 2", HelpName = "N", DefaultValueFactory = _ => 2 };
    private static readonly Option<bool> s_inference = new("--infer") { Description = "Count inference plans in place of training steps" };
    private static readonly Option<bool> s_profile = new("--profile") { Description = "Run the plans and show where their time goes" };

    private sealed record Counted(string Model, OneDnnBackend Backend, IReadOnlyList<PlanStep> Steps, int Slow, double Milliseconds)
    {
        internal IEnumerable<PlanStep> Products => Steps.Where(step => step.Macs > 0);

        internal IEnumerable<PlanStep> Reorders => Steps.Where(step => step.What == "reorder");

        internal IEnumerable<PlanStep> Copies => Steps.Where(step => step.Implementation is "fovea:copy" or "fovea:box_copy" or "fovea:gather_channels");

        internal double ProductMilliseconds => Products.Sum(step => step.Milliseconds);
    }

    internal static Command Create() => new Command("plans", "Count reorders, copies and other steps beside convolutions, model by model")
        .With(s_models, s_batch, ModelFlags.ImageSize, ModelFlags.Classes, ModelFlags.Precision, s_inference, s_profile).Runs(Run);

    private static int Run(Invocation call)
    {
        var names = call.Value(s_models) is { Length: > 0 } given ? given : [.. ModelCatalog.All.Select(row => row.Name)];
        var all = new List<Counted>();
        foreach (var name in names)
        {
            call.Stop.ThrowIfCancellationRequested();
            all.Add(Count(call, name));
        }

        Show(call.Report, all, call.Value(s_profile));
        call.Report.Object(json =>
        {
            json.WriteStartArray("models");
            foreach (var counted in all)
            {
                json.WriteStartObject();
                json.WriteString("model", counted.Model);
                json.WriteNumber("steps", counted.Steps.Count);
                json.WriteNumber("products", counted.Products.Count());
                json.WriteNumber("reorders", counted.Reorders.Count());
                json.WriteNumber("reorder_bytes", counted.Reorders.Sum(step => step.Bytes));
                json.WriteNumber("copies", counted.Copies.Count());
                json.WriteNumber("copy_bytes", counted.Copies.Sum(step => step.Bytes));
                json.WriteNumber("bytes", counted.Steps.Sum(step => step.Bytes));
                json.WriteNumber("slow", counted.Slow);
                if (call.Value(s_profile)) json.WriteNumber("ms", counted.Milliseconds);
                if (call.Value(s_profile)) json.WriteNumber("product_ms", counted.ProductMilliseconds);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return ExitCodes.Ok;
    }

    private static Counted Count(Invocation call, string name)
    {
        var backend = new OneDnnBackend(new OneDnnOptions { Profile = call.Value(s_profile) });
        var (model, precision) = (ModelFlags.Build(call, name, call.Value(s_batch)), call.Value(ModelFlags.Precision));
        using var session = backend.Open();
        using var plan = (OneDnnExecutable)session.Compile(call.Value(s_inference) ? model.In(precision) : StepGraphs.Training(model, precision));
        if (call.Value(s_profile)) StepGraphs.Profile(plan, call.Stop);

        var report = plan.Describe();
        var steps = report.Steps.Where(step => !step.IsPrologue).ToList();
        return new(name, backend, steps, report.Slow.Count(), steps.Sum(step => step.Milliseconds));
    }

    private static void Show(Report to, IReadOnlyList<Counted> all, bool profile)
    {
        string[] timed = profile ? [">ms", ">outside products"] : [];
        var table = new TextTable(["model", ">steps", ">products", ">reorders", ">MiB", ">copies", ">MiB", ">all MiB", ">ref", .. timed]);
        foreach (var counted in all)
        {
            string[] time = profile ? [Text(counted.Milliseconds),
                $"{Text(100 * (1 - (counted.ProductMilliseconds / Math.Max(counted.Milliseconds, 1e-9))))} %"] : [];
            table.Row([
                counted.Model, Number(counted.Steps.Count), Number(counted.Products.Count()), Number(counted.Reorders.Count()), Mebibytes(counted.Reorders),
                Number(counted.Copies.Count()), Mebibytes(counted.Copies), Mebibytes(counted.Steps), Number(counted.Slow), .. time]);
        }

        to.Table(table);
        if (all.Count > 0) to.Line($"{all[0].Backend.Name}; products are convolutions, matrix products and their gradients; MiB of all that the steps read and write");
    }

    private static string Mebibytes(IEnumerable<PlanStep> steps) => Text(steps.Sum(step => step.Bytes) / 1048576.0);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(double number) => number.ToString("F1", CultureInfo.InvariantCulture);
}
