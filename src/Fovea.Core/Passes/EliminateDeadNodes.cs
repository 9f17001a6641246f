using Fovea.Graphs;

namespace Fovea.Passes;

/// <summary>Leaves out the nodes that no output and no update depends on. Variables stay: they are the model's state dict.</summary>
public sealed class EliminateDeadNodes : Pass
{
    /// <inheritdoc/>
    public override string Name => "eliminate_dead_nodes";

    /// <inheritdoc/>
    public override Graph Apply(Graph source)
    {
        var live = new bool[source.Nodes.Count];
        foreach (var (_, value) in source.Outputs) live[value.Node.Index] = true;
        foreach (var (_, next) in source.Updates) live[next.Node.Index] = true;
        for (var i = source.Nodes.Count - 1; i >= 0; i--)
            if (live[i])
                foreach (var input in source.Nodes[i].Inputs) live[input.Node.Index] = true;

        var to = new Remap(source);
        foreach (var node in source.Nodes)
            if (live[node.Index] || node.Op is Variable) to.Copy(node);
        to.Finish();
        return to.Graph;
    }

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to) => null;
}
