using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Training.Optimizers;

/// <summary>The numbers that a graph is given at each update, as they are asked for.</summary>
/// <param name="graph">The graph, which gets an input for each.</param>
internal sealed class StepNumbers(Graph graph)
{
    private readonly List<StepNumber> _all = [];

    internal IReadOnlyList<StepNumber> All => _all;

    /// <summary>The number of that name; the first who asks says what it is.</summary>
    internal Value Of(string name, Func<StepMoment, double> at)
    {
        if (_all.Exists(number => number.Name == name)) return graph.Variable(name);
        _all.Add(new(name, at));
        return graph.Input(name, TensorType.F32());
    }
}
