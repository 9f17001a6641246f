using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Passes;

/// <summary>Leaves out what acts in training alone: dropout, which is the identity in a model graph.</summary>
public sealed class RemoveTrainingOnly : Pass
{
    /// <inheritdoc/>
    public override string Name => "remove_training_only";

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to) => node.Op is Dropout ? [to[node.Inputs[0]]] : null;
}
