using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Steps;
using Fovea.Training.Weights;

namespace Fovea.Sweep.Tests;

/// <summary>
/// One step of training: its plan, its loss, and the gradients, which momenta are after a first step without decay. Their norm is clipped, for
/// norms over a few pixels make some of them huge.
/// </summary>
internal sealed class OneStep(Subject subject, OneDnnBackend backend, Precision precision)
{
    private const float Rate = 1e-3f;

    /// <summary>A channel in which three images are alike has no variance, and its rounding would be magnified by 1/√ε.</summary>
    private const float LeastVariance = 0.5f;

    private static readonly TrainingGraphOptions s_options = new() { Optimizer = new SgdOptions { WeightDecay = 0 }, ClipGradientNorm = 1 };

    private readonly string _name = precision == Precision.Fp32 ? "fp32 step" : "bf16 step";

    /// <summary>Takes the step and returns the weights after it, with the statistics of the batch for running ones, as after many steps.</summary>
    internal IReadOnlyList<(string Name, HostTensor Tensor)> Run(List<string> problems)
    {
        var model = subject.Build();
        var trained = Step(model, salt: "first", out var unreached, problems);
        if (unreached.Count == 0) return trained;
        // A unit may be off for all images, and a branch left out by chance.
        Step(new PassDriver().Run(model, new SettleRandomness()), salt: "second", out var again, problems);
        problems.AddRange(unreached.Intersect(again).Select(label => $"{_name}: no gradient reaches {label}"));
        return trained;
    }

    private IReadOnlyList<(string Name, HostTensor Tensor)> Step(Graph model, string salt, out List<string> unreached, List<string> problems)
    {
        using var session = backend.Open();
        using var plan = (OneDnnExecutable)session.Compile(TrainingGraph.Build(model, s_options with { Precision = precision }).Graph);
        var (before, known) = (new Dictionary<string, HostTensor>(StringComparer.Ordinal), session.Variables.ToHashSet(StringComparer.Ordinal));
        foreach (var (label, tensor) in subject.Weights(salt))
        {
            if (known.Contains(label)) session.Write(label, tensor);
            if (tensor.Shape.Rank == 1) before[label] = tensor;
        }

        Fill(plan);
        plan.Run();
        problems.AddRange(SlowSteps.Of(_name, plan));
        var loss = plan.Result(TrainingGraph.Loss)[0];
        if (!float.IsFinite(loss)) problems.Add($"{_name}: the loss is {loss}");
        unreached = Unreached(session, model, problems);
        var after = session.Weights(model);
        OfTheBatch(model, before, after.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal));
        return after;
    }

    /// <summary>Solves running = (1 − m)·before + m·batch for the batch: with statistics that do not fit the images, deep models magnify rounding.</summary>
    private static void OfTheBatch(Graph model, Dictionary<string, HostTensor> before, Dictionary<string, HostTensor> after)
    {
        foreach (var node in model.Nodes)
        {
            if (node.Op is not BatchNorm { Momentum: > 0 } norm) continue;
            Solve(node.Inputs[3].Variable!.Label, norm.Momentum);
            foreach (ref var variance in Solve(node.Inputs[4].Variable!.Label, norm.Momentum)) variance = Math.Max(variance, LeastVariance);
        }

        Span<float> Solve(string label, double momentum)
        {
            var old = before[label].Floats;
            var running = after[label].Floats;
            for (var i = 0; i < running.Length; i++) running[i] = (float)((running[i] - ((1 - momentum) * old[i])) / momentum);
            return running;
        }
    }

    private void Fill(OneDnnExecutable plan)
    {
        plan.Fill(TrainingGraph.Images, subject.Images(plan.Graph));
        var targets = plan.Ints(TrainingGraph.Target);
        for (var i = 0; i < targets.Length; i++) targets[i] = i;
        plan.Floats(TrainingGraph.LearningRate)[0] = Rate;
        if (plan.Graph.Find(TrainingGraph.Step) is not null) plan.Ints(TrainingGraph.Step)[0] = 1;
    }

    /// <summary>The trained tensors whose gradient is missing or zero everywhere.</summary>
    private List<string> Unreached(OneDnnSession session, Graph model, List<string> problems)
    {
        var (unreached, known) = (new List<string>(), session.Variables.ToHashSet(StringComparer.Ordinal));
        foreach (var label in WeightMatch.Kept(model).Where(variable => variable.Kind == VariableKind.Parameter).Select(variable => variable.Label))
        {
            if (subject.Row.UnusedTensors.Contains(label)) continue;
            if (!known.Contains("momentum/" + label))
            {
                unreached.Add(label);
                continue;
            }

            var gradient = session.Read("momentum/" + label).Floats;
            if (gradient.IndexOfAnyExcept(0f) < 0) unreached.Add(label);
            foreach (var x in gradient)
            {
                if (float.IsFinite(x)) continue;
                problems.Add($"{_name}: the gradient of {label} has {x} in it");
                break;
            }
        }

        return unreached;
    }
}
