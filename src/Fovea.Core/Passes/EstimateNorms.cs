using System.Collections.Frozen;
using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>
/// Turns a model graph into one that estimates the running statistics of its norms anew: batches are normalised by their own statistics, and the running
/// ones go a share of the way to these. The rest is as in evaluation, without randomness.
/// </summary>
public sealed class EstimateNorms : Pass
{
    /// <summary>The input f32 [] that says how much of the way: with the images of a batch over all images so far the statistics become their mean.</summary>
    public const string ShareInput = "share";

    private readonly Dictionary<Value, Value> _tracked = [];

    private HashSet<Node> _evaluated = [];

    /// <inheritdoc/>
    public override string Name => "estimate_norms";

    /// <summary>Variables that stay as they are (<see cref="FrozenVariables"/>): norms among them keep their statistics. Default none.</summary>
    public IReadOnlySet<string> Frozen { get; init; } = FrozenSet<string>.Empty;

    /// <inheritdoc/>
    public override Graph Apply(Graph source)
    {
        _tracked.Clear();
        var graph = base.Apply(source);
        foreach (var (running, next) in _tracked) graph.Update(running, next);
        return graph;
    }

    /// <inheritdoc/>
    protected override void Prepare(Graph source) => _evaluated = FrozenVariables.Evaluated(source, Frozen);

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (node.Op is not BatchNorm norm || _evaluated.Contains(node)) return null;
        var x = to[node.Inputs[0]];
        var normed = to.Graph.AddNode(new BatchNormTraining(norm.Epsilon), x, to[node.Inputs[1]], to[node.Inputs[2]]);
        var n = (double)x.Shape.Elements / x.Shape.C;
        Track(to[node.Inputs[3]], normed.Results[1]);
        Track(to[node.Inputs[4]], n > 1 ? normed.Results[2].Times(n / (n - 1)) : normed.Results[2]);
        return [normed.Results[0]];
    }

    /// <summary>A norm that is applied more than once follows one application after the other.</summary>
    private void Track(Value running, Value batch)
    {
        var share = running.Graph.Find(ShareInput) ?? running.Graph.Input(ShareInput, TensorType.F32());
        var before = _tracked.GetValueOrDefault(running, running);
        _tracked[running] = before.Plus(batch.Minus(before).Times(share));
    }
}
