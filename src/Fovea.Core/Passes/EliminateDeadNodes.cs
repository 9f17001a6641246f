using Fovea.Analysis;
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
        var live = LiveNodes.Of(source, KeepsAuxiliaries);
        var to = new Remap(source);
        foreach (var node in source.Nodes)
            if (live[node.Index] || node.Op is Variable) to.Copy(node);
        to.Finish();
        return to.Graph;
    }

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to) => null;
}
