using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Steps;

namespace Fovea.Cli.Bench;

/// <summary>The graphs that are measured and explained, with inputs to run them on.</summary>
internal static class StepGraphs
{
    private const ulong Seed = 0;
    private const int ProfileWarmUp = 2;
    private const int ProfileRuns = 5;

    /// <summary>A whole step of SGD with momentum and decay: forward, loss, backward, update.</summary>
    /// <param name="model">The inference graph.</param>
    /// <param name="precision">The arithmetic.</param>
    /// <param name="frozen">Names of what stays as it is, as in <c>freeze.names</c>; none by default.</param>
    internal static Graph Training(Graph model, Precision precision, params string[] frozen) => TrainingGraph.Build(model, new TrainingGraphOptions
    {
        Frozen = new FrozenStages(new() { Names = frozen }, model).In(epoch: 0),
        Optimizer = new SgdOptions { Momentum = 0.9, Nesterov = true, WeightDecay = 1e-4, Decay1d = true },
        Precision = precision,
    }).Graph;

    /// <summary>The form that is shipped, with the weights that a new model starts from.</summary>
    internal static DeployForm Deployed(Graph model) => Deploy.Fold(model, model.Variables.Select(value => value.Variable!)
        .Where(variable => variable.Kind is VariableKind.Parameter or VariableKind.State)
        .ToDictionary(variable => variable.Label, variable => variable.Initial.Make(variable.Type.Shape, variable.Label, Seed), StringComparer.Ordinal));

    /// <summary>Fills the inputs of a plan: normal noise for images, classes in turn for targets, and a rate that changes little.</summary>
    internal static void FillInputs(IExecutable plan)
    {
        var noise = new Philox(Seed, 0);
        var images = plan.Floats(TrainingGraph.Images);
        for (var i = 0; i < images.Length; i++) images[i] = (float)noise.Normal((ulong)i);
        if (plan.Graph.Find(TrainingGraph.Target) is null) return;
        var classes = plan.Graph.Output(TrainingGraph.Logits).Shape[1];
        var targets = plan.Ints(TrainingGraph.Target);
        for (var i = 0; i < targets.Length; i++) targets[i] = i % classes;
        plan.Floats(TrainingGraph.LearningRate)[0] = 0.01f;
        if (plan.Graph.Find(TrainingGraph.Step) is not null) plan.Ints(TrainingGraph.Step)[0] = 1;
    }

    /// <summary>Runs a plan so that its report tells where the time of a run goes; the first runs, which warm up, do not count.</summary>
    internal static void Profile(OneDnnExecutable plan, CancellationToken stop)
    {
        FillInputs(plan);
        Timings.Of(plan.Run, warmUp: 0, ProfileWarmUp, stop);
        plan.ForgetTimes();
        Timings.Of(plan.Run, warmUp: 0, ProfileRuns, stop);
    }

    /// <summary>Gives a session the weights of a graph.</summary>
    internal static void Load(ISession session, IReadOnlyDictionary<string, HostTensor> weights)
    {
        foreach (var (name, weight) in weights) session.Write(name, weight);
    }
}
