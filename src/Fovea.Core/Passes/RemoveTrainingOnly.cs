using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Passes;

/// <summary>Leaves out what acts in training alone: dropout and random branches become what they are in evaluation.</summary>
public sealed class RemoveTrainingOnly : Pass
{
    /// <inheritdoc/>
    public override string Name => "remove_training_only";

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to) => Evaluated(node, to);

    /// <summary>What a node is in evaluation; null where that is itself.</summary>
    internal static Value[]? Evaluated(Node node, Remap to) => node.Op switch
    {
        Dropout => [to[node.Inputs[0]]],
        RandomBranch branch => [to[node.Inputs[0]].Scaled(branch.Evaluated)],
        ShakeShake => [to[node.Inputs[0]].Plus(to[node.Inputs[1]]).Times(0.5)],
        _ => null,
    };
}
