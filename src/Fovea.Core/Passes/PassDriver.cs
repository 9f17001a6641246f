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
        var text = GraphPrinter.Print(graph);
        for (var round = 0; round < SettleLimit; round++)
        {
            var next = s_sweep.Apply(pass.Apply(graph));
            Verifier.Verify(next);
            CheckOutputs(graph, next, pass);
            var nextText = GraphPrinter.Print(next);
            if (nextText == text) return next;
            (graph, text) = (next, nextText);
        }

        throw new GraphException($"the pass {pass.Name} still changes the graph '{graph.Name}' after {SettleLimit} rounds");
    }

    private static void CheckOutputs(Graph before, Graph after, Pass pass)
    {
        foreach (var (name, value) in before.Outputs)
            if (after.Output(name).Type != value.Type)
                throw new GraphException($"the pass {pass.Name} changes the output '{name}' from {value.Type} to {after.Output(name).Type}");
    }
}
