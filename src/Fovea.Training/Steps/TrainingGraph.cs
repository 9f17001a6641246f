using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;

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
        var updates = new Updates(graph, options, gradientScale: null);
        var loss = SampleLosses(graph, updates, options).Mean(0);
        graph.Output(Loss, loss);
        updates.Apply(Gradients(graph, loss, options));
        return Finish(graph, updates, options);
    }

    /// <summary>The first half of a step over several batches: the gradient of the summed loss is added to the slots <c>grad/…</c>.</summary>
    /// <inheritdoc cref="Build" path="/exception"/>
    public static StepGraph BuildAccumulation(Graph model, TrainingGraphOptions options)
    {
        var graph = new PassDriver().Run(model, new EnterTraining(options.Seed));
        var updates = new Updates(graph, options, gradientScale: null);
        var losses = SampleLosses(graph, updates, options);
        graph.Output(Loss, losses.Mean(0));
        foreach (var (parameter, gradient) in Gradients(graph, losses.Sum(0), options))
        {
            var sum = graph.Slot(SlotNames.Gradient + parameter.Variable!.Label, parameter.Type, Initializer.Zeros);
            graph.Update(sum, sum.Plus(gradient));
        }

        return Finish(graph, updates, options);
    }

    /// <summary>The second half: the slots <c>grad/…</c> times <see cref="GradientScale"/> update the model, and become zero.</summary>
    /// <param name="accumulation">What <see cref="BuildAccumulation"/> gave.</param>
    /// <param name="options">The same options.</param>
    public static StepGraph BuildUpdate(StepGraph accumulation, TrainingGraphOptions options)
    {
        var graph = new Graph(accumulation.Graph.Name);
        foreach (var value in accumulation.Graph.Variables)
            if (value.Variable is { Kind: not VariableKind.Input } variable) graph.Declare(variable);
        var gradients = new List<ParameterGradient>();
        foreach (var value in graph.Variables)
            if (graph.Find(SlotNames.Gradient + value.Variable!.Label) is { } sum) gradients.Add(new(value, sum));

        var scale = graph.Input(GradientScale, new TensorType(DType.Float32, Shape.Scalar));
        var updates = new Updates(graph, options, scale);
        updates.Apply(gradients);
        foreach (var (_, sum) in gradients) graph.Update(sum, sum.Affine(0, 0));
        return Finish(graph, updates, options);
    }

    private static Value SampleLosses(Graph graph, Updates updates, TrainingGraphOptions options)
    {
        var logits = graph.Output(Logits);
        var target = graph.Input(Target, options.SoftTargets ? logits.Type : new TensorType(DType.Int32, new Shape(logits.Shape.N)));
        var context = new LossContext { ClassCounts = options.ClassCounts, Seed = options.Seed, Number = updates.Number };
        return options.Loss.Total(graph, logits, target, context);
    }

    /// <summary>The gradients that update the parameters: where the optimiser wants them, in float32.</summary>
    private static IReadOnlyList<ParameterGradient> Gradients(Graph graph, Value loss, TrainingGraphOptions options)
    {
        var parameters = graph.Variables.Where(value => value.Variable!.Kind == VariableKind.Parameter).ToArray();
        var here = Autodiff.Gradients(loss, parameters);
        var all = parameters.Index().Where(entry => here[entry.Index] is not null)
            .Select(entry => new ParameterGradient(entry.Item, Wide(here[entry.Index]!, options))).ToArray();
        if (all.Length == 0) throw new GraphException($"the logits of the graph '{graph.Name}' depend on no parameter; there is nothing to train");
        return Follow(options.Optimizer, all, places =>
        {
            var again = Regraft.Of(loss, all.Index().ToDictionary(entry => entry.Item.Weight, entry => places[entry.Index]));
            return [.. Autodiff.Gradients(again, places).Select(gradient => Wide(gradient!, options))];
        });
    }

    /// <summary>The gradients at the places where what stands around a rule wants them.</summary>
    /// <param name="optimizer">The rule.</param>
    /// <param name="here">The gradients at the weights.</param>
    /// <param name="at">The gradients with other values in the place of the parameters.</param>
    internal static IReadOnlyList<ParameterGradient> Follow(
        OptimizerOptions optimizer, IReadOnlyList<ParameterGradient> here, Func<IReadOnlyList<Value>, IReadOnlyList<Value>> at)
    {
        foreach (var wrapper in optimizer.Around)
            if (wrapper.Elsewhere(here) is { } places) here = [.. at(places).Select((gradient, i) => new ParameterGradient(here[i].Weight, gradient))];
        return here;
    }

    /// <summary>A gradient in float32, which it is unless images are of lower precision.</summary>
    private static Value Wide(Value gradient, TrainingGraphOptions options) =>
        options.Precision == Precision.Bf16 ? gradient.Graph.Add(new Cast(DType.Float32), gradient) : gradient;

    /// <summary>The graph in its precision, with the numbers that are still read in it.</summary>
    private static StepGraph Finish(Graph graph, Updates updates, TrainingGraphOptions options)
    {
        var finished = new PassDriver().Run(graph, new EliminateDeadNodes()).In(options.Precision);
        return new(finished, [.. updates.Numbers.Where(number => finished.Find(number.Name) is not null)]);
    }
}
