using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Bench;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Models;
using Fovea.Runs;
using Fovea.Training.Steps;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea plans</c>: for each of many models, what its plan does besides convolutions and matrix products.</summary>
internal static class PlansCommand
{
    private static readonly Argument<string[]> s_models = new("MODEL") { Description = "Models of the catalogue; when none is given, all but free forms",
        Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<int> s_batch = new("--batch") { Description = "Images at a time", HelpName = "N", DefaultValueFactory = _ => 2 };
    private static readonly Option<bool> s_inference = new("--infer") { Description = "Count inference plans in place of training steps" };
    private static readonly Option<bool> s_profile = new("--profile") { Description = "Run the plans and show where their time goes" };

    private sealed record Counted(string Model, OneDnnBackend Backend, IReadOnlyList<PlanStep> Steps, int Slow, double Milliseconds)
    {
        internal ILookup<StepKind, PlanStep> Kinds { get; } = Steps.ToLookup(StepKinds.Of);

        internal IEnumerable<PlanStep> Products => Kinds[StepKind.Products];

        internal IEnumerable<PlanStep> Reorders => Kinds[StepKind.Reorders];

        internal IEnumerable<PlanStep> Copies => Kinds[StepKind.Copies];

        internal double ProductMilliseconds => Time(StepKind.Products);

        internal double Time(StepKind kind) => Kinds[kind].Sum(step => step.Milliseconds);

        internal long Bytes(StepKind kind) => Kinds[kind].Sum(step => step.Bytes);
    }

    internal static Command Create() => new Command("plans", "Count reorders, copies and other steps beside convolutions, model by model")
        .With(s_models, s_batch).With(ModelFlags.Choices).With(ModelFlags.Precision, s_inference, s_profile).Runs(Run);

    /// <summary>The models that are counted when none is named: those that have a size of their own.</summary>
    internal static IReadOnlyList<string> Default { get; } = [.. ModelCatalog.All.Where(row => !row.IsFreeForm).Select(row => row.Name)];

    private static int Run(Invocation call)
    {
        var names = call.Value(s_models) is { Length: > 0 } given ? given : Default;
        var all = LiveLines.Run(call.Report, view => Count(call, names, view));
        ShowCounts(call.Report, all);
        if (call.Value(s_profile)) ShowTimes(call.Report, all);
        call.Report.Object(json =>
        {
            json.WriteStartArray("models");
            foreach (var counted in all) Write(json, counted, call.Value(s_profile));
            json.WriteEndArray();
        });
        return ExitCodes.Ok;
    }

    private static void Write(Utf8JsonWriter json, Counted counted, bool profile)
    {
        json.WriteStartObject();
        json.WriteString("model", counted.Model);
        json.WriteNumber("steps", counted.Steps.Count);
        json.WriteNumber("products", counted.Products.Count());
        json.WriteNumber("reorders", counted.Reorders.Count());
        json.WriteNumber("reorder_bytes", counted.Bytes(StepKind.Reorders));
        json.WriteNumber("copies", counted.Copies.Count());
        json.WriteNumber("copy_bytes", counted.Bytes(StepKind.Copies));
        json.WriteNumber("bytes", counted.Steps.Sum(step => step.Bytes));
        json.WriteNumber("slow", counted.Slow);
        if (profile) WriteTimes(json, counted);
        json.WriteEndObject();
    }

    private static void WriteTimes(Utf8JsonWriter json, Counted counted)
    {
        json.WriteNumber("ms", counted.Milliseconds);
        json.WriteNumber("product_ms", counted.ProductMilliseconds);
        json.WriteStartArray("kinds");
        foreach (var kind in Enum.GetValues<StepKind>())
        {
            json.WriteStartObject();
            json.WriteString("kind", kind.Name());
            json.WriteNumber("steps", counted.Kinds[kind].Count());
            json.WriteNumber("bytes", counted.Bytes(kind));
            json.WriteNumber("ms", counted.Time(kind));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static List<Counted> Count(Invocation call, IReadOnlyList<string> names, LiveView? view)
    {
        var all = new List<Counted>();
        foreach (var name in names)
        {
            call.Stop.ThrowIfCancellationRequested();
            view?.Show($"{LiveView.Bar((double)all.Count / names.Count)} {name}, {all.Count + 1} of {names.Count}");
            all.Add(Count(call, name));
        }

        return all;
    }

    private static Counted Count(Invocation call, string name)
    {
        var backend = new OneDnnBackend(new OneDnnOptions { Profile = call.Value(s_profile) });
        var (model, precision) = (ModelFlags.Build(call, name, call.Value(s_batch)), call.Value(ModelFlags.Precision).On(backend));
        var graph = call.Value(s_inference) ? model.In(precision) : StepGraphs.Training(model, precision);
        MemoryNeed.Of(graph, ModelFlags.Smaller).Check(call.Report.Warning);
        using var session = backend.Open();
        using var plan = (OneDnnExecutable)session.Compile(graph);
        if (call.Value(s_profile)) StepGraphs.Profile(plan, call.Stop);

        var report = plan.Describe();
        var steps = report.Steps.Where(step => !step.IsPrologue).ToList();
        return new(name, backend, steps, report.Slow.Count(), steps.Sum(step => step.Milliseconds));
    }

    private static void ShowCounts(Report to, IReadOnlyList<Counted> all)
    {
        var table = new TextTable("model", ">steps", ">products", ">reorders", ">MiB", ">copies", ">MiB", ">all MiB", ">ref");
        foreach (var counted in all)
        {
            table.Row(
                counted.Model, Number(counted.Steps.Count), Number(counted.Products.Count()), Number(counted.Reorders.Count()), Mebibytes(counted.Reorders),
                Number(counted.Copies.Count()), Mebibytes(counted.Copies), Mebibytes(counted.Steps), Number(counted.Slow));
        }

        to.Table(table);
        if (all.Count > 0)
            to.Line($"{all[0].Backend.Name}; products are convolutions, matrix products and their gradients; MiB of all that the steps read and write");
    }

    private static void ShowTimes(Report to, IReadOnlyList<Counted> all)
    {
        var kinds = Enum.GetValues<StepKind>();
        var table = new TextTable(["model", ">ms", .. kinds.Select(kind => $">{kind.Name()}")]);
        foreach (var counted in all) table.Row([counted.Model, Text(counted.Milliseconds), .. kinds.Select(kind => Share(counted, kind))]);
        to.Table(table);
        to.Line("percent of the time of a run; in brackets GB/s of the operands, each counted once");
    }

    private static string Share(Counted counted, StepKind kind)
    {
        var ms = counted.Time(kind);
        if (ms == 0) return "0.0";
        var share = Text(100 * ms / counted.Milliseconds);
        return kind == StepKind.Products ? share : $"{share} ({Text(counted.Bytes(kind) / ms / 1e6)})";
    }

    private static string Mebibytes(IEnumerable<PlanStep> steps) => Text(steps.Sum(step => step.Bytes) / 1048576.0);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(double number) => number.ToString("F1", CultureInfo.InvariantCulture);
}
