using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>Reverse-mode differentiation: appends the gradient of a scalar to its graph.</summary>
public static class Autodiff
{
    /// <summary>Adds the nodes that compute d<paramref name="loss"/>/d<paramref name="of"/>.</summary>
    /// <param name="loss">A single number, of shape [].</param>
    /// <param name="of">The values to differentiate by, usually parameters.</param>
    /// <param name="recomputes">
    /// Whether the backward pass computes again what lies between a few values of the forward pass, so that those alone are kept (gradient checkpointing,
    /// arXiv:1604.06174): the same gradients in less memory, with up to one forward pass more. Default false.
    /// </param>
    /// <returns>A gradient for each, or null where the loss does not depend on it.</returns>
    /// <exception cref="ShapeException">The loss is not a single number.</exception>
    /// <exception cref="NotDifferentiableException">A node on the way has no gradient.</exception>
    public static Value?[] Gradients(Value loss, IReadOnlyList<Value> of, bool recomputes = false)
    {
        if (loss.Shape.Rank != 0) throw new ShapeException($"the gradient is taken of a single number; {loss} is none");
        var graph = loss.Graph;
        var wanted = Ancestors(graph, loss, of);
        var recomputation = recomputes ? new Recomputation(loss, wanted) : null;
        var gradients = new Dictionary<Value, Value> { [loss] = graph.Constant(1f) };
        for (var i = loss.Node.Index; i >= 0; i--)
        {
            var node = graph.Nodes[i];
            if (wanted.Contains(node) && node.Op is not Variable) Propagate(node, gradients, wanted, recomputation);
        }

        return [.. of.Select(value => gradients.GetValueOrDefault(value))];
    }

    private static void Propagate(Node node, Dictionary<Value, Value> gradients, HashSet<Node> wanted, Recomputation? recomputation)
    {
        var dy = new Value?[node.Results.Count];
        for (var i = 0; i < dy.Length; i++) dy[i] = gradients.GetValueOrDefault(node.Results[i]);
        if (Array.TrueForAll(dy, gradient => gradient is null)) return;
        var dx = node.Op.Gradient(recomputation?.Seen(node) ?? node, dy);
        for (var i = 0; i < dx.Length; i++)
            if (dx[i] is { } gradient && wanted.Contains(node.Inputs[i].Node))
                gradients[node.Inputs[i]] = gradients.TryGetValue(node.Inputs[i], out var sum) ? sum.Plus(gradient) : gradient;
    }

    /// <summary>The nodes between the wanted values and the loss: only they carry gradients.</summary>
    private static HashSet<Node> Ancestors(Graph graph, Value loss, IReadOnlyList<Value> of)
    {
        var targets = of.Select(value => value.Node).ToHashSet();
        var reached = new HashSet<Node>();
        for (var i = 0; i <= loss.Node.Index; i++)
        {
            var node = graph.Nodes[i];
            if (targets.Contains(node) || node.Inputs.Any(input => reached.Contains(input.Node))) reached.Add(node);
        }

        return reached;
    }
}
