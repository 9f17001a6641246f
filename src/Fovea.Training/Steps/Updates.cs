using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Training.Optimizers;

namespace Fovea.Training.Steps;

/// <summary>Adds what becomes of parameters, slots and averages, given gradients.</summary>
/// <param name="graph">The graph that receives the nodes.</param>
/// <param name="options">The rule, clipping, averages.</param>
/// <param name="gradientScale">A factor on all gradients, f32 []; null for 1.</param>
internal sealed class Updates(Graph graph, TrainingGraphOptions options, Value? gradientScale)
{
    private readonly StepNumbers _numbers = new(graph);

    /// <summary>What the graph is given at each update.</summary>
    internal IReadOnlyList<StepNumber> Numbers => _numbers.All;

    internal void Apply(IReadOnlyList<ParameterGradient> gradients)
    {
        var squared = new Lazy<Value>(() => SquaredNorm(gradients));
        var norm = new Lazy<Value>(() => squared.Value.Sqrt());
        if (options.GradientNorm) graph.Output(TrainingGraph.GradientNorm, norm.Value);
        var scale = options.ClipGradientNorm == 0 ? gradientScale : ClippedScale(squared.Value);
        var next = graph.Updates.ToDictionary(update => update.Variable, update => update.Next);
        foreach (var (w, g) in gradients)
        {
            var gradient = scale is null ? g : g.Times(scale);
            next[w] = options.Optimizer.Apply(new(_numbers, w, gradient, options.Optimizer.DecayOf(w), rateFactor: 1, () => norm.Value));
            graph.Update(w, next[w]);
        }

        if (options.Average is { } average) Average(average, next);
    }

    private Value SquaredNorm(IReadOnlyList<ParameterGradient> gradients)
    {
        var squared = graph.Add(new SquaredNorm(), [.. gradients.Select(one => one.Gradient)]);
        return gradientScale is null ? squared : squared.Times(gradientScale.Square());
    }

    private Value ClippedScale(Value squaredNorm)
    {
        var factor = graph.Add(new ClipFactor(options.ClipGradientNorm), squaredNorm);
        return gradientScale is null ? factor : factor.Times(gradientScale);
    }

    private void Average(AverageOptions options, Dictionary<Value, Value> next)
    {
        var share = _numbers.Of(TrainingGraph.AverageDecay, moment => options.ShareAt(moment.Step));
        var kept = graph.Variables.Where(value => value.Variable!.Kind is VariableKind.Parameter or VariableKind.State).ToArray();
        foreach (var value in kept)
        {
            var average = graph.Slot(SlotNames.Average + value.Variable!.Label, value.Type, Initializer.Zeros);
            var present = next.GetValueOrDefault(value, value);
            graph.Update(average, present.Plus(average.Minus(present).Times(share)));
        }
    }
}
