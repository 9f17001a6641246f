namespace Fovea.Graphs;

/// <summary>Checks the invariants of a graph, naively and from scratch.</summary>
public static class Verifier
{
    /// <summary>Throws unless order, ownership, types and use counts are what they should be.</summary>
    /// <exception cref="GraphException">They are not.</exception>
    public static void Verify(Graph graph)
    {
        var uses = new Dictionary<Value, int>();
        var known = new HashSet<Value>();
        foreach (var node in graph.Nodes)
        {
            foreach (var input in node.Inputs)
            {
                if (!known.Contains(input)) throw new GraphException($"{node}: %{input.Id} is read before it is computed");
                uses[input] = uses.GetValueOrDefault(input) + 1;
            }

            CheckTypes(node);
            known.UnionWith(node.Results);
        }

        foreach (var (name, value) in graph.Outputs) Read(known, uses, value, $"output '{name}'");
        foreach (var (variable, next) in graph.Updates) Read(known, uses, next, $"update of '{variable.Variable!.Label}'");
        foreach (var (name, value, _) in graph.Auxiliaries) Read(known, uses, value, $"auxiliary '{name}'");
        foreach (var value in known)
            if (value.Uses != uses.GetValueOrDefault(value))
                throw new GraphException($"%{value.Id} counts {value.Uses} uses; it has {uses.GetValueOrDefault(value)}");
    }

    private static void Read(HashSet<Value> known, Dictionary<Value, int> uses, Value value, string by)
    {
        if (!known.Contains(value)) throw new GraphException($"{by}: %{value.Id} is not in the graph");
        uses[value] = uses.GetValueOrDefault(value) + 1;
    }

    private static void CheckTypes(Node node)
    {
        var inferred = node.Op.Infer(node.Inputs.Select(input => input.Type).ToArray());
        if (!inferred.AsSpan().SequenceEqual(node.Results.Select(result => result.Type).ToArray()))
            throw new GraphException($"{node}: results are {string.Join(", ", node.Results)}; the operation says {string.Join(", ", inferred)}");
    }
}
