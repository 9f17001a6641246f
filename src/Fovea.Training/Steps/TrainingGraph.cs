using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;

namespace Fovea.Training.Steps;

/// <summary>Builds graphs of one training step around a model graph (input <c>input</c>, output <c>logits</c>, in its inference form).</summary>
public static class TrainingGraph
{
    /// <summary>The images, f32 [N, C, H, W].</summary>
    public const string Images = "input";

    /// <summary>The classes, s32 [N], or their distribution, f32 [N, C].</summary>
    public const string Target = "target";

    /// <summary>The learning rate, f32 []; there only where the optimiser reads it as it is.</summary>
    public const string LearningRate = ParameterUpdate.LearningRate;

    /// <summary>The number of the step, s32 [1], counted from 1; there only when a random operation reads it.</summary>
    public const string Step = EnterTraining.StepInput;

    /// <summary>The share that averages keep, f32 []; there only with averages.</summary>
    public const string AverageDecay = "ema_decay";

    /// <summary>One over the number of accumulated images, f32 []; an input of the phase that updates, where it is a graph of its own.</summary>
    public const string GradientScale = "gradient_scale";

    /// <summary>The mean loss of the batch, f32 []: that of the logits, and those of the model's auxiliaries by their weights.</summary>
    public const string Loss = "loss";

    /// <summary>The logits, f32 [N, C].</summary>
    public const string Logits = "logits";

    /// <summary>The norm of the whole gradient before clipping, f32 []; there only when asked for.</summary>
    public const string GradientNorm = "gradient_norm";

    /// <summary>All phases of a step in one graph: forward, loss, backward, update of parameters, state, moments and averages.</summary>
    /// <exception cref="GraphException">The model has no <c>logits</c>, or no parameter that they depend on.</exception>
    public static StepGraph Build(Graph model, TrainingGraphOptions options)
    {
        var graph = InTraining(model, options);
        var updates = new Updates(graph, options, gradientScale: null);
        var loss = SampleLosses(graph, updates, options).Mean(0);
        graph.Output(Loss, loss);
        updates.Apply(new GradientPhases(graph, loss, options).All());
        return Finish(graph, updates, options);
    }

    /// <summary>
    /// Phases of a step that make gradients. Those of the last are added to the slots <c>grad/…</c>, summed over images; those of another are left in slots
    /// for the next.
    /// </summary>
    /// <param name="model">The inference graph.</param>
    /// <param name="options">What the step does.</param>
    /// <param name="first">The first of the phases, from 0; losses, logits and updates of the model's state come with phase 0.</param>
    /// <param name="last">The last of them, below <see cref="GradientPhases.CountOf"/>.</param>
    /// <inheritdoc cref="Build" path="/exception"/>
    internal static StepGraph BuildGradients(Graph model, TrainingGraphOptions options, int first, int last)
    {
        var graph = InTraining(model, options);
        var updates = new Updates(graph, options, gradientScale: null);
        var losses = SampleLosses(graph, updates, options);
        graph.Output(Loss, losses.Mean(0));
        new GradientPhases(graph, losses.Sum(0), options).Leave(first, last);
        return Finish(first == 0 ? graph : new KeepUpdates(variable => SlotNames.IsGradient(variable.Label)).Apply(graph), updates, options);
    }

    /// <summary>The phase that updates: the slots <c>grad/…</c> times <see cref="GradientScale"/> update the model, and become zero.</summary>
    /// <param name="gradients">The graph of the phase before it, of any batch size.</param>
    /// <param name="options">The same options.</param>
    internal static StepGraph BuildUpdate(StepGraph gradients, TrainingGraphOptions options)
    {
        var graph = new Graph(gradients.Graph.Name);
        foreach (var value in gradients.Graph.Variables)
            if (value.Variable is { Kind: not VariableKind.Input } variable && !SlotNames.IsPassing(variable.Label)) graph.Declare(variable);
        var sums = new List<ParameterGradient>();
        foreach (var value in graph.Variables)
            if (graph.Find(SlotNames.Gradient + value.Variable!.Label) is { } sum) sums.Add(new(value, sum));

        var scale = graph.Input(GradientScale, new TensorType(DType.Float32, Shape.Scalar));
        var updates = new Updates(graph, options, scale);
        updates.Apply(sums);
        foreach (var (_, sum) in sums) graph.Update(sum, sum.Affine(0, 0));
        return Finish(graph, updates, options);
    }

    /// <summary>Where what is the same for an image in every step ends; null where it has no one end.</summary>
    internal static FrozenFeatures? Divide(Graph model, TrainingGraphOptions options) =>
        FrozenFeatures.Of(InTraining(model, options with { FromFeatures = false }), Images, options.Frozen);

    private static Graph InTraining(Graph model, TrainingGraphOptions options) => options.FromFeatures
        ? (Divide(model, options) ?? throw new GraphException($"the graph '{model.Name}' has no one place where what is frozen ends")).After()
        : new PassDriver().Run(model, new EnterTraining(options.Seed, options.GhostBatch) { Frozen = options.Frozen });

    private static Value SampleLosses(Graph graph, Updates updates, TrainingGraphOptions options)
    {
        var logits = graph.Output(Logits);
        var target = graph.Input(Target, options.SoftTargets ? logits.Type : new TensorType(DType.Int32, new Shape(logits.Shape.N)));
        var context = new LossContext { ClassCounts = options.ClassCounts, Seed = options.Seed, Number = updates.Number };
        return options.Loss.Total(graph, logits, target, context);
    }

    /// <summary>The graph in its precision, with the numbers that are still read in it.</summary>
    private static StepGraph Finish(Graph graph, Updates updates, TrainingGraphOptions options)
    {
        var finished = new PassDriver().Run(graph, new EliminateDeadNodes()).In(options.Precision);
        return new(finished, [.. updates.Numbers.Where(number => finished.Find(number.Name) is not null)]);
    }
}
