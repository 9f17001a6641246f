using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Passes;

/// <summary>Makes a model graph train without randomness, so that a step can be compared with that of another implementation.</summary>
/// <remarks>
/// Dropout and drop-path are off, stochastic depth keeps all branches, shake-shake weighs both branches by ½, ShakeDrop takes its mean
/// (<see cref="RandomBranch.Settled"/>). Run before <see cref="EnterTraining"/>.
/// </remarks>
public sealed class SettleRandomness : Pass
{
    /// <inheritdoc/>
    public override string Name => "settle_randomness";

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to) => node.Op switch
    {
        Dropout => [to[node.Inputs[0]]],
        RandomBranch branch => [to[node.Inputs[0]].Scaled(branch.Settled)],
        ShakeShake => [to[node.Inputs[0]].Plus(to[node.Inputs[1]]).Times(0.5)],
        _ => null,
    };
}
