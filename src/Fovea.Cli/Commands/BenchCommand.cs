using System.CommandLine;
using System.Globalization;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Bench;
using Fovea.Cli.Usage;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Passes;
using Fovea.Runs;
using Fovea.Sources;
using Fovea.Training.Recipes;
using Fovea.Training.Steps;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea bench</c>: how fast steps and loaders are on this machine.</summary>
internal static class BenchCommand
{
    private const int WarmUp = 3;
    private const int MostSteps = 1_000_000;

    private static readonly Argument<string> s_model = new("MODEL") { Description = ModelFlags.Description };
    private static readonly Argument<string> s_inferModel = new("MODEL") { Description = ModelFlags.Description };
    private static readonly Option<int> s_trainBatch =
        new("--batch") { Description = "Images of a step", HelpName = "N", DefaultValueFactory = _ => 32 };
    private static readonly Option<int> s_inferBatch =
        new("--batch") { Description = "Images at a time", HelpName = "N", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> s_trainSteps = Steps(10);
    private static readonly Option<int> s_inferSteps = Steps(50);
    private static readonly Option<int> s_inferWarmUp =
        new("--warm-up") { Description = "Runs before those that are timed", HelpName = "N", DefaultValueFactory = _ => WarmUp };
    private static readonly Option<bool> s_headOnly =
        new("--head-only") { Description = "Train the classifier alone, the rest frozen (freeze.names: [backbone])" };
    private static readonly Option<bool> s_trainingForm = new("--training-form") { Description = "Measure the model as it is trained, not re-parameterised" };

    internal static Command Create() => new Command("bench", "Measure speed and memory on this machine").With(
        new Command("train", "Time whole training steps: forward, loss, backward, SGD with momentum")
            .With(s_model, s_trainBatch).With(ModelFlags.Choices).With(ModelFlags.Precision, s_trainSteps, s_headOnly).Runs(Train),
        new Command("infer", "Time inference, by default of the deploy form")
            .With(s_inferModel, s_inferBatch).With(ModelFlags.Choices).With(ModelFlags.Precision, s_inferSteps, s_inferWarmUp, s_trainingForm).Runs(Infer),
        BenchDataCommand.Create(), BenchAugmentCommand.Create());

    private static Option<int> Steps(int count) =>
        new("--steps") { Description = "Runs that are timed", HelpName = "N", DefaultValueFactory = _ => count };

    private static int Train(Invocation call)
    {
        var batch = call.Value(s_trainBatch);
        var (backend, model) = (new OneDnnBackend(), ModelFlags.Build(call, call.Value(s_model)!, batch));
        var precision = MachinePrecision.Choose(call.Value(ModelFlags.Precision), backend, call.Report.Log, call.Report.Warning);
        var isHead = call.Value(s_headOnly);
        var bench = new Setting(backend, precision, batch, call.Within(s_trainSteps, 1, MostSteps), "train") { IsHead = isHead };
        return Measure(call, StepGraphs.Training(model, precision, isHead ? [FreezeOptions.Backbone] : []), bench, _ => { });
    }

    private static int Infer(Invocation call)
    {
        var batch = call.Value(s_inferBatch);
        var backend = new OneDnnBackend();
        var precision = MachinePrecision.Choose(call.Value(ModelFlags.Precision), backend, call.Report.Log, call.Report.Warning);
        var bench = new Setting(backend, precision, batch, call.Within(s_inferSteps, 1, MostSteps), "infer")
        {
            WarmUp = call.Within(s_inferWarmUp, 0, MostSteps),
        };
        if (!ModelSource.Of(call.Value(s_inferModel)!).IsDescribed) return InferFile(call, bench);
        var model = ModelFlags.Build(call, call.Value(s_inferModel)!, batch);
        if (call.Value(s_trainingForm)) return Measure(call, model.In(precision), bench, _ => { });
        var form = StepGraphs.Deployed(model);
        return Measure(call, form.Graph.In(precision), bench, session => StepGraphs.Load(session, form.Weights));
    }

    /// <summary>A model with weights of its own.</summary>
    private static int InferFile(Invocation call, Setting bench)
    {
        call.Within(s_inferBatch, 1, ModelFlags.MostImages);
        var model = ModelFlags.Load(call, call.Value(s_inferModel)!);
        var (graph, weights) = (model.Graph(bench.Batch), model.Tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal));
        if (call.Value(s_trainingForm)) return Measure(call, graph.In(bench.Precision), bench, session => StepGraphs.Load(session, weights));
        var form = Deploy.Fold(graph, weights, model.DeployName);
        return Measure(call, form.Graph.In(bench.Precision), bench, session => StepGraphs.Load(session, form.Weights));
    }

    private static int Measure(Invocation call, Graph graph, Setting bench, Action<ISession> load)
    {
        MemoryNeed.Of(graph, ModelFlags.Smaller).Check(call.Report.Warning);
        using var session = bench.Backend.Open();
        using var plan = session.Compile(graph);
        load(session);
        StepGraphs.FillInputs(plan);
        Report(call, graph, bench, Timings.Of(plan.Run, bench.WarmUp, bench.Steps, call.Stop));
        return ExitCodes.Ok;
    }

    private static void Report(Invocation call, Graph graph, Setting bench, Timings times)
    {
        var (images, precision, batch) = (graph.Find("input")!.Shape, ModelFlags.Name(bench.Precision), bench.Batch);
        call.Report.Line(
            $"{graph.Name}, {bench.Mode}{(bench.IsHead ? ", head only" : "")}, {images}, {precision}, "
            + $"{bench.Backend.Name} (bf16 is {MachinePrecision.Describe(bench.Backend.BFloat16)} here)");
        call.Report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"median {times.Median:F2} ms, least {times.Min:F2} ms of {Amount.Of(times.Milliseconds.Count, "step")}; "
            + $"{times.ImagesPerSecond(batch):F1} images/s; "
            + $"peak memory {Timings.PeakMebibytes:F0} MiB"));
        call.Report.Object(json =>
        {
            json.WriteString("model", graph.Name);
            json.WriteString("mode", bench.Mode);
            json.WriteBoolean("head_only", bench.IsHead);
            json.WriteNumber("image_size", images.H);
            json.WriteNumber("batch", batch);
            json.WriteNumber("classes", graph.Output("logits").Shape[1]);
            json.WriteString("precision", precision);
            times.Write(json, batch);
            json.WriteString("dnnl_version", bench.Backend.Version.ToString());
            json.WriteString("bf16", ModelFlags.Name(bench.Backend.BFloat16));
        });
    }

    /// <summary>What is measured, and by what.</summary>
    private sealed record Setting(OneDnnBackend Backend, Precision Precision, int Batch, int Steps, string Mode)
    {
        /// <summary>Whether the classifier alone is trained.</summary>
        internal bool IsHead { get; init; }

        /// <summary>The runs before those that are timed.</summary>
        internal int WarmUp { get; init; } = BenchCommand.WarmUp;
    }
}
