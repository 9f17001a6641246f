using Fovea.Graphs;

namespace Fovea.Analysis;

/// <summary>The nodes that a graph's results depend on.</summary>
internal static class LiveNodes
{
    /// <summary>For each node, whether an output, an update or, where asked, an auxiliary depends on it.</summary>
    internal static bool[] Of(Graph graph, bool withAuxiliaries = false)
    {
        var live = new bool[graph.Nodes.Count];
        foreach (var (_, value) in graph.Outputs) live[value.Node.Index] = true;
        foreach (var (_, next) in graph.Updates) live[next.Node.Index] = true;
        if (withAuxiliaries)
            foreach (var auxiliary in graph.Auxiliaries) live[auxiliary.Value.Node.Index] = true;
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
            if (live[i])
                foreach (var input in graph.Nodes[i].Inputs) live[input.Node.Index] = true;
        return live;
    }
}
