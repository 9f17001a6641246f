using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Training.Steps;

/// <summary>Builds graphs of one training step around a model graph (input <c>input</c>, output <c>logits</c>, in its inference form).</summary>
public static class TrainingGraph
{
    /// <summary>The images, f32 [N, C, H, W].</summary>
    public const string Images = "input";

    /// <summary>The classes, s32 [N], or their distribution, f32 [N, C].</summary>
    public const string Target = "target";

    /// <summary>The learning rate, f32 [].</summary>
    public const string LearningRate = "learning_rate";

    /// <summary>The number of the step, s32 [1], counted from 1; there only when the optimiser or a random operation reads it.</summary>
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
    public static Graph Build(Graph model, TrainingGraphOptions options)
    {
        var graph = new PassDriver().Run(model, new EnterTraining(options.Seed));
        var loss = SampleLosses(graph, options).Mean(0);
        graph.Output(Loss, loss);
        new Updates(graph, options, gradientScale: null).Apply(Gradients(graph, loss));
        return Finish(graph, options);
    }

    /// <summary>The first half of a step over several batches: the gradient of the summed loss is added to the slots <c>grad/…</c>.</summary>
    /// <inheritdoc cref="Build" path="/exception"/>
    public static Graph BuildAccumulation(Graph model, TrainingGraphOptions options)
    {
        var graph = new PassDriver().Run(model, new EnterTraining(options.Seed));
        var losses = SampleLosses(graph, options);
        graph.Output(Loss, losses.Mean(0));
        foreach (var (parameter, gradient) in Gradients(graph, losses.Sum(0)))
        {
            var sum = graph.Slot(SlotNames.Gradient + parameter.Variable!.Label, gradient.Type, Initializer.Zeros);
            graph.Update(sum, sum.Plus(gradient));
        }

        return Finish(graph, options);
    }

    /// <summary>The second half: the slots <c>grad/…</c> times <see cref="GradientScale"/> update the model, and become zero.</summary>
    /// <param name="accumulation">What <see cref="BuildAccumulation"/> gave.</param>
    /// <param name="options">The same options.</param>
    public static Graph BuildUpdate(Graph accumulation, TrainingGraphOptions options)
    {
        var graph = new Graph(accumulation.Name);
        foreach (var value in accumulation.Variables)
            if (value.Variable is { Kind: not VariableKind.Input } variable) graph.Declare(variable);
        var gradients = new List<(Value Parameter, Value Gradient)>();
        foreach (var value in graph.Variables)
            if (graph.Find(SlotNames.Gradient + value.Variable!.Label) is { } sum) gradients.Add((value, sum));

        var scale = graph.Input(GradientScale, new TensorType(DType.Float32, Shape.Scalar));
        new Updates(graph, options, scale).Apply(gradients);
        foreach (var (_, sum) in gradients) graph.Update(sum, sum.Affine(0, 0));
        return Finish(graph, options);
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

    private static Graph Finish(Graph graph, TrainingGraphOptions options) => new PassDriver().Run(graph, new EliminateDeadNodes()).In(options.Precision);
}
