using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>
/// Gradient checkpointing (Chen et al. 2016, arXiv:1604.06174): cuts a forward pass into parts, of which the backward pass sees copies, made from what
/// crosses the cuts. So what lies within a part is not kept; the last part, from which the backward pass begins, is.
/// </summary>
/// <remarks>A copy reads what is kept through <see cref="StopGradient"/>, so that it is never taken for the operation it repeats.</remarks>
internal sealed class Recomputation
{
    private readonly Dictionary<Node, int> _parts = [];
    private readonly HashSet<Node> _moving;
    private readonly Dictionary<Value, Value> _copies = [];
    private readonly Dictionary<Value, Value> _reread = [];
    private readonly int _last;

    /// <summary>Chooses the cuts.</summary>
    /// <param name="loss">Where the forward pass ends.</param>
    /// <param name="wanted">The nodes that carry gradients: what lies before them is not kept, and not computed again.</param>
    internal Recomputation(Value loss, HashSet<Node> wanted)
    {
        _moving = Moving(loss);
        Node[] path = [.. _moving.Where(wanted.Contains).OrderBy(node => node.Index)];
        var cuts = ActivationCuts.Choose(path);
        _last = cuts.Count;
        var part = 0;
        for (var i = 0; i < path.Length; i++)
        {
            while (part < cuts.Count && i > cuts[part]) part++;
            _parts[path[i]] = part;
        }
    }

    /// <summary>The node that the backward pass of a node sees: itself or its copy.</summary>
    internal Node Seen(Node node) => _parts.TryGetValue(node, out var part) && part < _last ? Copy(node).Node : node;

    /// <summary>What the loss depends on and works on images of the batch, in its order.</summary>
    private static HashSet<Node> Moving(Value loss)
    {
        var wanted = new bool[loss.Node.Index + 1];
        wanted[loss.Node.Index] = true;
        for (var i = loss.Node.Index; i >= 0; i--)
            if (wanted[i])
                foreach (var input in loss.Graph.Nodes[i].Inputs) wanted[input.Node.Index] = true;
        var moves = new HashSet<Node>();
        for (var i = 0; i <= loss.Node.Index; i++)
        {
            var node = loss.Graph.Nodes[i];
            if (wanted[i] && node.Inputs.Any(input => IsImages(input) || moves.Contains(input.Node))) moves.Add(node);
        }

        return moves;
    }

    private static bool IsImages(Value value) => value.Variable is { Kind: VariableKind.Input, Type.Shape.Rank: > 1 } && value.Type.DType.IsFloat;

    private Value Copy(Node node)
    {
        if (_copies.TryGetValue(node.Result, out var known)) return known;
        var part = _parts[node];
        var copy = node.Graph.AddNode(node.Op, [.. node.Inputs.Select(input => Operand(input, part))]);
        for (var i = 0; i < copy.Results.Count; i++) _copies[node.Results[i]] = copy.Results[i];
        return copy.Result;
    }

    /// <summary>What a copy in a part reads: copies of what lies in the part, and what is kept or does not depend on images as it is.</summary>
    private Value Operand(Value input, int part)
    {
        var isWithin = _parts.TryGetValue(input.Node, out var from) && from == part;
        if (isWithin) return Copy(input.Node).Node.Results[input.Index];
        if (!_moving.Contains(input.Node) && !IsImages(input)) return input;
        return _reread.TryGetValue(input, out var known) ? known : _reread[input] = input.StopGradient();
    }
}
