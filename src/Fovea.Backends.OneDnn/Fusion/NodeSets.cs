using Fovea.Graphs;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>Nodes in sets that are joined step by step.</summary>
internal sealed class NodeSets(IEnumerable<Node> nodes)
{
    private Dictionary<Node, Node> _parents = nodes.ToDictionary(node => node, node => node);

    internal bool Contains(Node node) => _parents.ContainsKey(node);

    /// <summary>The node that stands for the set of a node.</summary>
    internal Node Root(Node node)
    {
        while (_parents[node] != node) node = _parents[node] = _parents[_parents[node]];
        return node;
    }

    internal void Join(Node one, Node other) => _parents[Root(one)] = Root(other);

    /// <summary>Leaves out whole sets.</summary>
    internal void Keep(Func<Node, bool> isKept) => _parents = _parents.Where(entry => isKept(entry.Key)).ToDictionary();
}
