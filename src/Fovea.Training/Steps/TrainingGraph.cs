using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;
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

    /// <summary>One over the number of accumulated images, f32 []; an input of <see cref="BuildUpdate"/>.</summary>
    public const string GradientScale = "gradient_scale";

    /// <summary>The mean loss of the batch, f32 []: that of the logits, and those of the model's auxiliaries by their weights.</summary>
    public const string Loss = "loss";

    /// <summary>The logits, f32 [N, C].</summary>
    public const string Logits = "logits";

    /// <summary>The norm of the whole gradient before clipping, f32 []; there only when asked for.</summary>
    public const string GradientNorm = "gradient_norm";

    /// <summary>The whole step in one graph: forward, loss, backward, update of parameters, state, moments and averages.</summary>
    /// <exception cref="GraphException">The model has no <c>logits</c>, or no parameter that they depend on.</exception>
    public static StepGraph Build(Graph model, TrainingGraphOptions options)
    {
        var graph = new PassDriver().Run(model, new EnterTraining(options.Seed));
        var loss = SampleLosses(graph, options).Mean(0);
        graph.Output(Loss, loss);
        var updates = new Updates(graph, options, gradientScale: null);
        updates.Apply(Gradients(graph, loss));
        return Finish(graph, updates, options);
    }

    /// <summary>The first half of a step over several batches: the gradient of the summed loss is added to the slots <c>grad/…</c>.</summary>
    /// <inheritdoc cref="Build" path="/exception"/>
    public static StepGraph BuildAccumulation(Graph model, TrainingGraphOptions options)
    {
        var graph = new PassDriver().Run(model, new EnterTraining(options.Seed));
        var losses = SampleLosses(graph, options);
        graph.Output(Loss, losses.Mean(0));
        foreach (var (parameter, gradient) in Gradients(graph, losses.Sum(0)))
        {
            var sum = graph.Slot(SlotNames.Gradient + parameter.Variable!.Label, parameter.Type, Initializer.Zeros);
            graph.Update(sum, sum.Plus(Updates.Wide(gradient, options.Precision)));
        }

        return Finish(graph, null, options);
    }

    /// <summary>The second half: the slots <c>grad/…</c> times <see cref="GradientScale"/> update the model, and become zero.</summary>
    /// <param name="accumulation">What <see cref="BuildAccumulation"/> gave.</param>
    /// <param name="options">The same options.</param>
    public static StepGraph BuildUpdate(StepGraph accumulation, TrainingGraphOptions options)
    {
        var graph = new Graph(accumulation.Graph.Name);
        foreach (var value in accumulation.Graph.Variables)
            if (value.Variable is { Kind: not VariableKind.Input } variable) graph.Declare(variable);
        var gradients = new List<(Value Parameter, Value Gradient)>();
        foreach (var value in graph.Variables)
            if (graph.Find(SlotNames.Gradient + value.Variable!.Label) is { } sum) gradients.Add((value, sum));

        var scale = graph.Input(GradientScale, new TensorType(DType.Float32, Shape.Scalar));
        var updates = new Updates(graph, options, scale);
        updates.Apply(gradients);
        foreach (var (_, sum) in gradients) graph.Update(sum, sum.Affine(0, 0));
        return Finish(graph, updates, options);
    }

    private static Value SampleLosses(Graph graph, TrainingGraphOptions options)
    {
        var logits = graph.Output(Logits);
        var target = graph.Input(Target, options.SoftTargets ? logits.Type : new TensorType(DType.Int32, new Shape(logits.Shape.N)));
        var losses = logits.SoftmaxCrossEntropy(target, options.LabelSmoothing);
        foreach (var (_, value, lossWeight) in graph.Auxiliaries)
            losses = losses.Plus(value.SoftmaxCrossEntropy(target, options.LabelSmoothing).Affine(lossWeight, 0));
        return losses;
    }

    private static List<(Value Parameter, Value Gradient)> Gradients(Graph graph, Value loss)
    {
        var parameters = graph.Variables.Where(value => value.Variable!.Kind == VariableKind.Parameter).ToArray();
        var gradients = Autodiff.Gradients(loss, parameters);
        var found = new List<(Value, Value)>();
        for (var i = 0; i < parameters.Length; i++)
            if (gradients[i] is { } gradient) found.Add((parameters[i], gradient));
        return found.Count > 0 ? found : throw new GraphException($"the logits of the graph '{graph.Name}' depend on no parameter; there is nothing to train");
    }

    /// <summary>The graph in its precision, with the numbers that are still read in it.</summary>
    private static StepGraph Finish(Graph graph, Updates? updates, TrainingGraphOptions options)
    {
        var finished = new PassDriver().Run(graph, new EliminateDeadNodes()).In(options.Precision);
        return new(finished, [.. (updates?.Numbers ?? []).Where(number => finished.Find(number.Name) is not null)]);
    }
}
