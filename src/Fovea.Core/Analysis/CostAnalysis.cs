using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Analysis;

/// <summary>The work of one node of a model.</summary>
/// <param name="Path">The module that it belongs to.</param>
/// <param name="Op">The name of the operation.</param>
/// <param name="Output">The shape of its result.</param>
/// <param name="Params">Trainable numbers that it is the first to read.</param>
/// <param name="Macs">Multiply-accumulates.</param>
/// <param name="Flops">Two for each multiply-accumulate, one for each other elementary operation.</param>
/// <param name="ActivationBytes">The bytes of its results.</param>
public sealed record NodeCost(string Path, string Op, Shape Output, long Params, long Macs, long Flops, long ActivationBytes);

/// <summary>Counts of a model; of all images of the batch that its graph is built for.</summary>
/// <param name="Params">Trainable numbers.</param>
/// <param name="ParamsWithStatistics">Trainable numbers and the running means and variances of norms.</param>
/// <param name="Macs">Multiply-accumulates of convolutions and matrix products; bias, norm, activation and pooling count none.</param>
/// <param name="Flops">Two for each multiply-accumulate, one for each other elementary operation.</param>
/// <param name="ActivationBytes">The bytes of everything that is computed from the input, once each, views left out.</param>
/// <param name="Nodes">The nodes that compute from the input, in order.</param>
public sealed record ModelCost(long Params, long ParamsWithStatistics, long Macs, long Flops, long ActivationBytes, IReadOnlyList<NodeCost> Nodes);

/// <summary>Counts parameters, work and memory of a model graph.</summary>
public static class CostAnalysis
{
    /// <summary>What the numbers mean, in one line for under a table.</summary>
    public const string Convention =
        "MACs: multiply-accumulates of convolutions and matrix products. FLOPs: 2 for each MAC and 1 for each other operation. "
        + "Params: trainable; BN statistics apart.";

    /// <summary>The counts of what the outputs of a graph depend on; build it for a batch of one to have them for one image.</summary>
    public static ModelCost Of(Graph graph)
    {
        var forward = Forward(graph);
        var counted = new HashSet<Value>();
        var nodes = graph.Nodes.Where(forward.Contains).Select(node => Count(node, forward, counted)).ToList();
        return new(
            Elements(graph, VariableKind.Parameter),
            Elements(graph, VariableKind.Parameter) + Elements(graph, VariableKind.State),
            nodes.Aggregate(0L, (sum, node) => Cost.Sum(sum, node.Macs)),
            nodes.Aggregate(0L, (sum, node) => Cost.Sum(sum, node.Flops)),
            nodes.Sum(node => node.ActivationBytes),
            nodes);
    }

    /// <summary>
    /// The nodes of a forward pass: those between the inputs and the outputs, and layers that make a table first. The others reshape weights, or act in
    /// training alone.
    /// </summary>
    internal static HashSet<Node> Forward(Graph graph)
    {
        var (reached, live) = (new HashSet<Node>(), LiveNodes.Of(graph));
        foreach (var node in graph.Nodes.Where(node => node.Op is not Variable && live[node.Index]))
            if (node.Inputs.Any(input => input.Variable is { Kind: VariableKind.Input } || reached.Contains(input.Node)) || MakesTable(node)) reached.Add(node);
        return reached;
    }

    /// <summary>A layer's product of numbers that are the same for every image, as of relative positions.</summary>
    private static bool MakesTable(Node node) => node.Op is MatMul && node.Inputs.Any(input => input.Node.Op is Constant);

    private static NodeCost Count(Node node, HashSet<Node> forward, HashSet<Value> counted)
    {
        TensorType[] inputs = [.. node.Inputs.Select(input => input.Type)];
        TensorType[] results = [.. node.Results.Select(result => result.Type)];
        var cost = node.Op.Cost(inputs, results);
        var bytes = node.Op is Reshape ? 0 : results.Sum(type => type.Bytes);
        var read = node.Inputs.Sum(input => Params(input, forward, counted));
        return new(node.Path, node.Op.Name, node.Result.Shape, read, cost.Macs, cost.Flops, bytes);
    }

    /// <summary>The elements of the parameters that a value is computed from outside the forward pass, each counted once.</summary>
    private static long Params(Value value, HashSet<Node> forward, HashSet<Value> counted)
    {
        var (elements, open) = (0L, new Stack<Value>([value]));
        while (open.TryPop(out var next))
        {
            if (forward.Contains(next.Node) || !counted.Add(next)) continue;
            if (next.Variable is { Kind: VariableKind.Parameter } parameter) elements += parameter.Type.Shape.Elements;
            foreach (var input in next.Node.Inputs) open.Push(input);
        }

        return elements;
    }

    private static long Elements(Graph graph, VariableKind kind) =>
        graph.Variables.Where(value => value.Variable!.Kind == kind).Sum(value => value.Shape.Elements);
}
