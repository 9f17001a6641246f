using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>
/// Makes what computes the next values of variables element by element one <see cref="Map"/> with several results: a weight, its slots, its average.
/// </summary>
/// <remarks>
/// Operations belong together that have one shape and read each other or the same tensor of that shape; numbers are repeated. Where one of them reads what
/// another kind of operation, as a norm, has made of another's result, it is of a later stage, and a map of its own. What is read elsewhere, too, is a result.
/// </remarks>
/// <param name="computes">Whether there are vectors of an operation.</param>
internal sealed class FuseUpdates(Func<Op, bool> computes) : Pass
{
    private const int MostTerms = 64;
    private const int MostInputs = 24;

    public override string Name => "fuse_updates";

    public override Graph Apply(Graph source)
    {
        var to = new Remap(source);
        var groups = Groups(source, out var absorbed);
        var (groupOf, lasts) = (new Dictionary<Node, List<Node>>(), new HashSet<Node>());
        foreach (var group in groups)
        {
            lasts.Add(group[^1]);
            foreach (var node in group) groupOf[node] = group;
        }

        var done = new HashSet<Node>();
        foreach (var node in source.Nodes)
            if (!absorbed.Contains(node) && (!groupOf.ContainsKey(node) || lasts.Contains(node))) Ensure(node);
        to.Finish();
        return to.Graph;

        void Ensure(Node node)
        {
            if (!done.Add(node)) return;
            var group = groupOf.GetValueOrDefault(node);
            foreach (var part in group ?? [node])
            {
                done.Add(part);
                foreach (var input in part.Inputs)
                    if (groupOf.GetValueOrDefault(input.Node) != group || group is null) Ensure(Source(input, absorbed).Node);
            }

            if (group is null) to.Copy(node);
            else Emit(group, absorbed, to);
        }
    }

    protected override Value[]? Rewrite(Node node, Remap to) => null;

    private static Value Source(Value value, HashSet<Node> absorbed) => absorbed.Contains(value.Node) ? value.Node.Inputs[0] : value;

    private static void Emit(List<Node> group, HashSet<Node> absorbed, Remap to)
    {
        var (members, inputs, registers) = (group.ToHashSet(), new List<Value>(), new Dictionary<Value, int>());
        foreach (var value in group.SelectMany(node => node.Inputs).Where(value => !members.Contains(value.Node)))
        {
            if (!registers.TryAdd(value, inputs.Count)) continue;
            inputs.Add(to[Source(value, absorbed)]);
        }

        var terms = new List<MapTerm>();
        foreach (var node in group)
        {
            terms.Add(new(node.Op, registers[node.Inputs[0]], registers[node.Inputs[^1]]));
            registers[node.Result] = inputs.Count + terms.Count - 1;
        }

        var reads = group.SelectMany(node => node.Inputs).GroupBy(value => value).ToDictionary(same => same.Key, same => same.Count());
        Node[] results = [.. group.Where(node => node.Result.Uses > reads.GetValueOrDefault(node.Result))];
        MapSink[] sinks = [.. results.Select(node => new MapSink(registers[node.Result], null, node.Result.Type))];
        var map = to.Graph.AddNode(new Map(new(group[0].Result.Shape, inputs.Count, [.. terms], [.. sinks])), [.. inputs]);
        foreach (var node in group)
        {
            var at = Array.IndexOf(results, node);
            if (at >= 0) to.Set(node, [map.Results[at]]);
        }
    }

    /// <summary>The nodes of each map, in their order, and the casts that are left out because maps alone read them, which take bfloat16 as it is.</summary>
    private List<List<Node>> Groups(Graph source, out HashSet<Node> absorbed)
    {
        var next = source.Updates.Select(update => update.Next.Node).ToHashSet();
        var sets = new NodeSets(source.Nodes.Where(IsMappable));
        foreach (var node in source.Nodes.Where(sets.Contains))
            foreach (var input in node.Inputs)
                if (IsJoined(input, node, sets)) sets.Join(input.Node, node);
        var touched = next.Where(sets.Contains).Select(sets.Root).ToHashSet();
        sets.Keep(node => touched.Contains(sets.Root(node)));

        var stages = Stages(source, sets);
        var readers = new Dictionary<(Value, int), Node>();
        foreach (var node in source.Nodes.Where(sets.Contains))
            foreach (var input in node.Inputs)
            {
                if (input.Shape != node.Result.Shape) continue;
                var first = (input, stages[node.Index]);
                if (!readers.TryAdd(first, node)) sets.Join(readers[first], node);
            }

        var groups = source.Nodes.Where(sets.Contains).GroupBy(node => (sets.Root(node), stages[node.Index])).Select(group => group.ToList())
            .Where(Fits).ToList();
        var members = groups.SelectMany(group => group).ToHashSet();
        var reads = members.SelectMany(node => node.Inputs).Where(IsWidened).GroupBy(value => value);
        absorbed = [.. reads.Where(same => same.Count() == same.Key.Uses).Select(same => same.Key.Node)];
        return groups;
    }

    /// <summary>How often each node depends on what was made of a map's results otherwise than in a map of the same shape.</summary>
    private static int[] Stages(Graph source, NodeSets sets)
    {
        var stages = new int[source.Nodes.Count];
        foreach (var node in source.Nodes)
            foreach (var input in node.Inputs)
            {
                var isLeft = sets.Contains(input.Node) && !(sets.Contains(node) && IsJoined(input, node, sets));
                stages[node.Index] = Math.Max(stages[node.Index], stages[input.Node.Index] + (isLeft ? 1 : 0));
            }

        return stages;
    }

    private static bool IsJoined(Value input, Node reader, NodeSets sets) => sets.Contains(input.Node) && input.Shape == reader.Result.Shape;

    private static bool Fits(List<Node> group) =>
        group.Count <= MostTerms && group.SelectMany(node => node.Inputs).Distinct().Count(input => !group.Contains(input.Node)) <= MostInputs;

    private static bool IsWidened(Value value) =>
        value.Type.DType == DType.Float32 && value.Op is Cast && value.Node.Inputs[0].Type.DType == DType.BFloat16;

    private bool IsMappable(Node node) =>
        node.Op is Pointwise or PointwiseGradient or Binary or Blend && node.Result.Type.DType == DType.Float32 && computes(node.Op)
        && node.Inputs.All(input => input.Shape == node.Result.Shape || input.Shape.Elements == 1);
}
