using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Passes;

/// <summary>Leaves out what makes probabilities of logits at the end of a model: softmax over the classes, sigmoid, and logarithms of these.</summary>
/// <remarks>Losses and predictions begin at logits; with probabilities in their place both would be computed, and learned from, wrongly.</remarks>
/// <param name="output">The name of the output.</param>
public sealed class RemoveProbabilities(string output) : Pass
{
    private readonly HashSet<Node> _removed = [];

    /// <inheritdoc/>
    public override string Name => "remove_probabilities";

    /// <summary>What was left out the last time, the last operation first.</summary>
    public IReadOnlyList<string> Removed { get; private set; } = [];

    /// <inheritdoc/>
    protected override void Prepare(Graph source)
    {
        _removed.Clear();
        // What stands at the end stands before views of it, too; a value that something else reads is more than the end.
        for (var at = source.Output(output); at.UsedOnce && at.Node.Inputs.Count == 1; at = at.Node.Inputs[0])
        {
            if (MakesProbabilities(at.Node)) _removed.Add(at.Node);
            else if (at.Op is not (Reshape or Named or Cast)) break;
        }

        Removed = [.. _removed.Select(node => node.Op.Name)];
    }

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to) => _removed.Contains(node) ? [to[node.Inputs[0]]] : null;

    private static bool MakesProbabilities(Node node) => node.Op switch
    {
        Softmax softmax => softmax.Axis == 1,
        Sigmoid => true,
        Log => node.Inputs[0].Op is Softmax { Axis: 1 } or Sigmoid,
        _ => false,
    };
}
