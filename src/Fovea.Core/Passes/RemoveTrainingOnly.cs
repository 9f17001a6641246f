using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Passes;

/// <summary>
/// Leaves out what acts in training alone: dropout and random branches become what they are in evaluation, and where a gradient passes straight through,
/// <c>stop(y) + (x − stop(x))</c>, there is y.
/// </summary>
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
        StopGradient => [to[node.Inputs[0]]],
        Add when Straight(node) is { } value => [to[value]],
        ShakeShake => [to[node.Inputs[0]].Plus(to[node.Inputs[1]]).Times(0.5)],
        _ => null,
    };

    private static Value? Straight(Node sum) =>
        sum.Inputs is [{ Op: StopGradient } y, { Op: Subtract } difference]
        && difference.Node.Inputs is [var x, { Op: StopGradient } still] && still.Node.Inputs[0] == x
            ? y.Node.Inputs[0]
            : null;
}
