using Fovea.Graphs;

namespace Fovea.Passes;

/// <summary>Applies passes in order, each until it changes nothing; sweeps out what a pass leaves unused, and verifies the graph.</summary>
/// <param name="dump">Receives the name of a pass and the graph after it; for <c>--dump-after</c>.</param>
public sealed class PassDriver(Action<string, Graph>? dump = null)
{
    private const int SettleLimit = 50;

    private static readonly EliminateDeadNodes s_sweep = new() { KeepsAuxiliaries = true };

    /// <summary>The graph after all passes.</summary>
    /// <exception cref="GraphException">A pass breaks an invariant, changes an output's type, or does not settle.</exception>
    public Graph Run(Graph graph, params ReadOnlySpan<Pass> passes)
    {
        foreach (var pass in passes)
        {
            graph = Settle(graph, pass);
            dump?.Invoke(pass.Name, graph);
        }

        return graph;
    }

    private static Graph Settle(Graph graph, Pass pass)
    {
        for (var round = 0; round < SettleLimit; round++)
        {
            var next = s_sweep.Apply(pass.Apply(graph));
            Verifier.Verify(next);
            CheckOutputs(graph, next, pass);
            if (IsSame(graph, next)) return next;
            graph = next;
        }

        throw new GraphException($"the pass {pass.Name} still changes the graph '{graph.Name}' after {SettleLimit} rounds");
    }

    /// <summary>Whether two graphs print alike. Passes carry operations over, so that hardly any has to be printed to know.</summary>
    private static bool IsSame(Graph a, Graph b)
    {
        if (a.Nodes.Count != b.Nodes.Count || !Ends(a).SequenceEqual(Ends(b))) return false;
        for (var i = 0; i < a.Nodes.Count; i++)
            if (!IsSame(a.Nodes[i], b.Nodes[i])) return false;
        return true;
    }

    private static bool IsSame(Node a, Node b)
    {
        if (!ReferenceEquals(a.Op, b.Op)) return GraphPrinter.Line(a) == GraphPrinter.Line(b);
        if (a.Inputs.Count != b.Inputs.Count || a.Results.Count != b.Results.Count) return false;
        for (var i = 0; i < a.Inputs.Count; i++)
            if (a.Inputs[i].Id != b.Inputs[i].Id) return false;
        for (var i = 0; i < a.Results.Count; i++)
            if (a.Results[i].Id != b.Results[i].Id || a.Results[i].Type != b.Results[i].Type) return false;
        return true;
    }

    private static IEnumerable<(string Name, int From, double Weight)> Ends(Graph graph) =>
        graph.Outputs.Select(output => (output.Name, output.Value.Id, 0.0))
            .Concat(graph.Updates.Select(update => ("", update.Variable.Id, (double)update.Next.Id)))
            .Concat(graph.Auxiliaries.Select(auxiliary => (auxiliary.Name, auxiliary.Value.Id, auxiliary.LossWeight)));

    private static void CheckOutputs(Graph before, Graph after, Pass pass)
    {
        foreach (var (name, value) in before.Outputs)
            if (after.Output(name).Type != value.Type)
                throw new GraphException($"the pass {pass.Name} changes the output '{name}' from {value.Type} to {after.Output(name).Type}");
    }
}
