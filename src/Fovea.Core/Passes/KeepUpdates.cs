using Fovea.Graphs;

namespace Fovea.Passes;

/// <summary>Lets some variables change as they did, and leaves the others as they are. What computed the changes is left to a sweep.</summary>
/// <param name="keeps">Which change.</param>
public sealed class KeepUpdates(Func<Variable, bool> keeps) : Pass
{
    /// <inheritdoc/>
    public override string Name => "keep_updates";

    /// <inheritdoc/>
    public override Graph Apply(Graph source)
    {
        var to = new Remap(source);
        foreach (var node in source.Nodes) to.Copy(node);
        to.Finish(keeps);
        return to.Graph;
    }

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to) => null;
}
