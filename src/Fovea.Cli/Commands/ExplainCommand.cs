using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Bench;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Passes;
using Fovea.Runs;
using Fovea.Training.Recipes;
using Fovea.Training.Steps;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea explain</c>: what a compiled plan consists of, and where its time goes.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> s_model = new("MODEL") { Description = ModelFlags.Description };
    private static readonly Option<int> s_batch = new("--batch") { Description = "Images at a time", HelpName = "N", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> s_train = new("--train") { Description = "Explain a whole training step in place of inference" };
    private static readonly Option<bool> s_deploy = new("--deploy") { Description = "Explain the re-parameterised form" };
    private static readonly Option<bool> s_profile = new("--profile") { Description = "Run the plan and show how long each step takes" };

    internal static Command Create() => new Command("explain", "Print the plan of a model: primitives, layouts, reorders, bytes, time")
        .With(s_model, s_batch, ModelFlags.Pretrained).With(ModelFlags.Choices).With(ModelFlags.Precision, s_train, s_deploy, s_profile).Runs(Run);

    private static int Run(Invocation call)
    {
        var (backend, profile) = (new OneDnnBackend(new OneDnnOptions { Profile = call.Value(s_profile) }), call.Value(s_profile));
        var graph = GraphOf(call, MachinePrecision.Choose(call.Value(ModelFlags.Precision), backend, call.Report.Log, call.Report.Warning));
        MemoryNeed.Of(graph, ModelFlags.Smaller).Check(call.Report.Warning);
        using var session = backend.Open();
        using var plan = (OneDnnExecutable)session.Compile(graph);
        if (profile) StepGraphs.Profile(plan, call.Stop);

        var report = plan.Describe();
        Show(call.Report, graph, report, backend, profile);
        call.Report.Object(json => Write(json, graph, report, backend, profile));
        return ExitCodes.Ok;
    }

    private static Graph GraphOf(Invocation call, Precision precision)
    {
        if (call.Value(s_train) && call.Value(s_deploy)) throw new UsageException("--train and --deploy exclude each other: the deploy form is not trained");
        var model = ModelFlags.Build(call, call.Value(s_model)!, call.Value(s_batch));
        if (call.Value(s_train)) return StepGraphs.Training(model, precision);
        return (call.Value(s_deploy) ? Deploy.Structure(model) : model).In(precision);
    }

    private static void Show(Report to, Graph graph, PlanReport plan, OneDnnBackend backend, bool profile)
    {
        var total = Total(plan);
        string[] timed = profile ? [">ms", ">share"] : [];
        var table = new TextTable(["node", "primitive", "implementation", "layouts", ">KiB", ">MMACs", .. timed]);
        foreach (var step in plan.Steps)
        {
            string[] time = profile ? [Text(step.Milliseconds, "F3"), $"{Text(100 * Share(step, total), "F1")} %"] : [];
            table.Row([
                step.Path, $"{step.What}{(step.IsWidened ? " (in fp32)" : "")}{(step.IsPrologue ? " (once)" : "")}", step.Implementation, step.Layouts,
                Text(step.Bytes / 1024.0, "F0"), Text(step.Macs / 1e6, "F1"), .. time]);
        }

        to.Line($"{graph.Name}, {graph.Find("input")!.Shape}, {backend.Name}");
        to.Table(table);
        var main = plan.Steps.Where(step => !step.IsPrologue).ToList();
        to.Line(
            $"{Amount.Of(main.Count, "step")}, {main.Count(IsReorder)} of them reorders; " +
            $"{Text(plan.ArenaBytes / 1048576.0, "F1")} MiB shared over time, {Text(plan.KeptBytes / 1048576.0, "F1")} MiB kept");
        if (plan.Steps.Count(step => step.IsWidened) is var widened and > 0)
            to.Line($"{widened} of them compute in fp32 what the model has in bf16: {backend.Name} has nothing for it on this CPU");
        if (profile) to.Line($"{Text(total, "F2")} ms in the steps of one run");
        foreach (var slow in plan.Slow) to.Warning($"{slow.Path} ({slow.What}) runs {slow.Implementation}, which is not optimised");
    }

    private static void Write(Utf8JsonWriter json, Graph graph, PlanReport plan, OneDnnBackend backend, bool profile)
    {
        var total = Total(plan);
        json.WriteString("model", graph.Name);
        json.WriteString("dnnl_version", backend.Version.ToString());
        json.WriteNumber("arena_bytes", plan.ArenaBytes);
        json.WriteNumber("kept_bytes", plan.KeptBytes);
        json.WriteNumber("reorders", plan.Steps.Count(step => !step.IsPrologue && IsReorder(step)));
        json.WriteNumber("slow", plan.Slow.Count());
        json.WriteNumber("widened", plan.Steps.Count(step => step.IsWidened));
        if (profile) json.WriteNumber("ms", total);
        json.WriteStartArray("steps");
        foreach (var step in plan.Steps)
        {
            json.WriteStartObject();
            json.WriteString("node", step.Path);
            json.WriteString("primitive", step.What);
            json.WriteString("implementation", step.Implementation);
            json.WriteString("layouts", step.Layouts);
            json.WriteNumber("bytes", step.Bytes);
            json.WriteNumber("macs", step.Macs);
            json.WriteBoolean("once", step.IsPrologue);
            json.WriteBoolean("widened", step.IsWidened);
            if (profile) json.WriteNumber("ms", step.Milliseconds);
            if (profile) json.WriteNumber("time_share", Share(step, total));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static bool IsReorder(PlanStep step) => step.What == "reorder";

    private static double Total(PlanReport plan) => plan.Steps.Where(step => !step.IsPrologue).Sum(step => step.Milliseconds);

    /// <summary>The share of the time of one run; what runs once has none.</summary>
    private static double Share(PlanStep step, double total) => step.IsPrologue || total == 0 ? 0 : step.Milliseconds / total;

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
