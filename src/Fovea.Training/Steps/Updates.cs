using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Training.Optimizers;
using Fovea.Training.Schedules;

namespace Fovea.Training.Steps;

/// <summary>Adds what becomes of parameters, slots and averages, given gradients.</summary>
/// <param name="graph">The graph that receives the nodes.</param>
/// <param name="options">The rule, clipping, averages.</param>
/// <param name="gradientScale">A factor on all gradients, f32 []; null for 1.</param>
internal sealed class Updates(Graph graph, TrainingGraphOptions options, Value? gradientScale)
{
    /// <summary>Adaptive clipping takes the norm of a unit's weights for at least this, so that those of zero learn.</summary>
    internal const double LeastWeightNorm = 1e-3;

    private readonly StepNumbers _numbers = new(graph);

    /// <summary>What the graph is given at each update.</summary>
    internal IReadOnlyList<StepNumber> Numbers => _numbers.All;

    /// <summary>One more of them, for the loss.</summary>
    internal Value Number(string name, Func<RunProgress, double> at) => _numbers.Of(name, moment => at(moment.Run));

    internal void Apply(IReadOnlyList<ParameterGradient> gradients)
    {
        var squared = new Lazy<Value>(() => SquaredNorm(gradients));
        var norm = new Lazy<Value>(() => squared.Value.Sqrt());
        if (options.GradientNorm) graph.Output(TrainingGraph.GradientNorm, norm.Value);
        var scale = options.ClipGradientNorm == 0 ? gradientScale : ClippedScale(squared.Value);
        var next = graph.Updates.ToDictionary(update => update.Variable, update => update.Next);
        var rates = Rates(gradients);
        foreach (var (w, g) in gradients)
        {
            var gradient = Clipped(w, scale is null ? g : g.Times(scale));
            var (decay, rate) = (options.Optimizer.DecayOf(w), rates[w] * options.Optimizer.RateOf(w));
            next[w] = options.Optimizer.Apply(new(_numbers, w, gradient, decay, rate, () => norm.Value, options.DrivesMomentum));
            graph.Update(w, next[w]);
        }

        if (options.Average is { } average) Average(average, next);
    }

    /// <summary>The factors on the rates by blocks; frozen blocks count as they would if they trained.</summary>
    private Dictionary<Value, double> Rates(IReadOnlyList<ParameterGradient> gradients)
    {
        var trained = gradients.Select(one => one.Weight).ToHashSet();
        Value[] all = [.. graph.Variables.Where(value =>
            trained.Contains(value) || (value.Variable!.Kind == VariableKind.Parameter && options.Frozen.Contains(value.Variable.Label)))];
        return all.Zip(LayerRates.Of(all, options.Optimizer.LayerDecay)).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>A gradient within what is allowed for it alone.</summary>
    private Value Clipped(Value weight, Value gradient)
    {
        if (options.ClipGradientValue > 0) gradient = gradient.Clip(-options.ClipGradientValue, options.ClipGradientValue);
        if (options.ClipGradientAdaptive == 0) return gradient;
        const double leastGradient = 1e-6;
        var most = UnitNorm(weight).Maximum(graph.Constant((float)LeastWeightNorm)).Times(options.ClipGradientAdaptive);
        return gradient.Times(most.Over(UnitNorm(gradient).Maximum(graph.Constant((float)leastGradient))).Minimum(graph.Constant(1f)));
    }

    /// <summary>The norm over all axes but the first; of all there is with one axis or none.</summary>
    private static Value UnitNorm(Value x)
    {
        if (x.Shape.Rank <= 1) return ParameterUpdate.Norm(x);
        var axes = AxisSet.Of([.. Enumerable.Range(1, x.Shape.Rank - 1)]);
        return x.Graph.Add(new Reduce(ReduceKind.Sum, axes, KeepDims: true), x.Square()).Sqrt();
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

    private void Average(AverageOptions average, Dictionary<Value, Value> next)
    {
        var share = _numbers.Of(TrainingGraph.AverageDecay, moment => average.ShareAt(moment.Step));
        var kept = graph.Variables.Where(value =>
            value.Variable!.Kind is VariableKind.Parameter or VariableKind.State && !options.Frozen.Contains(value.Variable.Label)).ToArray();
        foreach (var value in kept)
        {
            var slot = graph.Slot(SlotNames.Average + value.Variable!.Label, value.Type, Initializer.Zeros);
            var present = next.GetValueOrDefault(value, value);
            graph.Update(slot, present.Plus(slot.Minus(present).Times(share)));
        }
    }
}
