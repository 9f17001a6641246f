using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;

namespace Fovea.Training.Steps;

/// <summary>
/// The phases of a step that make gradients: the first at the weights, then one for each wrapper of the optimiser that looks elsewhere, at the places that
/// the gradients of the phase before it lead to.
/// </summary>
/// <param name="graph">The training form of a model, with its loss.</param>
/// <param name="loss">What is minimised, f32 [].</param>
/// <param name="options">What the step does.</param>
internal sealed class GradientPhases(Graph graph, Value loss, TrainingGraphOptions options)
{
    private static readonly Dictionary<Value, Value> s_same = [];

    private readonly WrapperOptions[] _lookers = [.. Lookers(options)];

    /// <summary>What the loss remembers from batch to batch.</summary>
    private readonly Value[] _changing =
        [.. graph.Updates.Select(update => update.Variable).Where(variable => variable.Variable!.Kind == VariableKind.Slot)];

    /// <summary>How many there are.</summary>
    internal static int CountOf(TrainingGraphOptions options) => 1 + Lookers(options).Count();

    /// <summary>The gradients after all of them, in float32.</summary>
    internal IReadOnlyList<ParameterGradient> All() => Follow(_lookers, Here(), s_same);

    /// <summary>The gradients at the places where wrappers of a rule want them.</summary>
    /// <param name="wrappers">What stands around the rule.</param>
    /// <param name="here">The gradients at the weights.</param>
    /// <param name="at">The gradients with other values in the place of the parameters.</param>
    internal static IReadOnlyList<ParameterGradient> Follow(
        IEnumerable<WrapperOptions> wrappers, IReadOnlyList<ParameterGradient> here, Func<IReadOnlyList<Value>, IReadOnlyList<Value>> at)
    {
        foreach (var wrapper in wrappers)
            if (wrapper.Elsewhere(here) is { } places) here = [.. at(places).Select((gradient, i) => new ParameterGradient(here[i].Weight, gradient))];
        return here;
    }

    /// <summary>Makes the gradients of some phases and leaves them in slots: summed where there are no more phases, else as the next one wants them.</summary>
    /// <param name="first">The first phase, from 0.</param>
    /// <param name="last">The last phase.</param>
    internal void Leave(int first, int last)
    {
        var before = first == 0 ? s_same : _changing.ToDictionary(variable => variable, variable => Slot(SlotNames.Before, variable));
        IReadOnlyList<ParameterGradient> here = Here();
        if (first > 0) here = [.. here.Select(one => one with { Gradient = Slot(SlotNames.Looked, one.Weight) })];
        var gradients = Follow(_lookers[Math.Max(first - 1, 0)..last], here, before);
        if (last == _lookers.Length) Sum(gradients);
        else Pass(gradients, first);
    }

    private void Sum(IReadOnlyList<ParameterGradient> gradients)
    {
        foreach (var (weight, gradient) in gradients)
        {
            var sum = Slot(SlotNames.Gradient, weight);
            graph.Update(sum, sum.Plus(gradient));
        }
    }

    /// <summary>The next phase wants gradients, and what the loss remembers as it was for this batch.</summary>
    private void Pass(IReadOnlyList<ParameterGradient> gradients, int first)
    {
        foreach (var (weight, gradient) in gradients) graph.Update(Slot(SlotNames.Looked, weight), gradient);
        foreach (var variable in first == 0 ? _changing : []) graph.Update(Slot(SlotNames.Before, variable), variable);
    }

    private static IEnumerable<WrapperOptions> Lookers(TrainingGraphOptions options) => options.Optimizer.Around.Where(wrapper => wrapper.MovesGradient);

    private Value Slot(string prefix, Value variable) =>
        graph.Find(prefix + variable.Variable!.Label) ?? graph.Slot(prefix + variable.Variable.Label, variable.Type, Initializer.Zeros);

    /// <summary>The gradients at the weights, of the parameters that train and that the loss depends on.</summary>
    private ParameterGradient[] Here()
    {
        var parameters = graph.Variables
            .Where(value => value.Variable!.Kind == VariableKind.Parameter && !options.Frozen.Contains(value.Variable.Label)).ToArray();
        var here = Autodiff.Gradients(loss, parameters, options.Recomputes);
        var all = parameters.Index().Where(entry => here[entry.Index] is not null)
            .Select(entry => new ParameterGradient(entry.Item, Wide(here[entry.Index]!))).ToArray();
        return all.Length > 0
            ? all
            : throw new GraphException($"the logits of the graph '{graph.Name}' depend on no parameter that is not frozen; there is nothing to train");
    }

    /// <summary>The gradients after wrappers that look elsewhere; the pass is made again there.</summary>
    private IReadOnlyList<ParameterGradient> Follow(
        IEnumerable<WrapperOptions> lookers, IReadOnlyList<ParameterGradient> here, IReadOnlyDictionary<Value, Value> before) =>
        Follow(lookers, here, places =>
        {
            var replaced = new Dictionary<Value, Value>(before);
            foreach (var (i, (weight, _)) in here.Index()) replaced[weight] = places[i];
            return [.. Autodiff.Gradients(Regraft.Of(loss, replaced), places, options.Recomputes).Select(gradient => Wide(gradient!))];
        });

    /// <summary>A gradient in float32, which it is unless images are of lower precision.</summary>
    private Value Wide(Value gradient) => options.Precision == Precision.Bf16 ? graph.Add(new Cast(DType.Float32), gradient) : gradient;
}
