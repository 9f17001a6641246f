using Fovea.Graphs;

namespace Fovea.Passes;

/// <summary>Leaves out the nodes that no output and no update depends on. Variables stay: they are the model's state dict.</summary>
/// <remarks>Auxiliaries that are no outputs are left out with what computes them; the sweep of <see cref="PassDriver"/> keeps them.</remarks>
public sealed class EliminateDeadNodes : Pass
{
    /// <inheritdoc/>
    public override string Name => "eliminate_dead_nodes";

    internal bool KeepsAuxiliaries { get; init; }

    /// <inheritdoc/>
    public override Graph Apply(Graph source)
    {
        var live = Live(source, KeepsAuxiliaries);
        var to = new Remap(source);
        foreach (var node in source.Nodes)
            if (live[node.Index] || node.Op is Variable) to.Copy(node);
        to.Finish();
        return to.Graph;
    }

    /// <summary>For each node, whether an output or an update depends on it.</summary>
    internal static bool[] Live(Graph source, bool keepsAuxiliaries = false)
    {
        var live = new bool[source.Nodes.Count];
        foreach (var (_, value) in source.Outputs) live[value.Node.Index] = true;
        foreach (var (_, next) in source.Updates) live[next.Node.Index] = true;
        if (keepsAuxiliaries)
            foreach (var auxiliary in source.Auxiliaries) live[auxiliary.Value.Node.Index] = true;
        for (var i = source.Nodes.Count - 1; i >= 0; i--)
            if (live[i])
                foreach (var input in source.Nodes[i].Inputs) live[input.Node.Index] = true;
        return live;
    }

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to) => null;
}
