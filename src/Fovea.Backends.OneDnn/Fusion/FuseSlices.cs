using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>Makes a sum of slice gradients that lie one after the other along an axis, as the gradient of a split has them, a concatenation.</summary>
internal sealed class FuseSlices : Pass
{
    public override string Name => "fuse_slices";

    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (node.Op is not (SumAll { Activation: null } or Add)) return null;
        var parts = node.Inputs.Where(input => input.UsedOnce && input.Op is SliceGradient).ToList();
        if (parts.Count != node.Inputs.Count || Axis(parts[0]) is not { } axis) return null;
        parts.Sort((a, b) => Start(a, axis).CompareTo(Start(b, axis)));
        var end = 0;
        foreach (var part in parts)
        {
            if (Axis(part) != axis || Start(part, axis) != end) return null;
            end += part.Node.Inputs[0].Shape[axis];
        }

        return end == node.Result.Shape[axis] ? [to.Graph.Add(new Concat(axis), [.. parts.Select(part => to[part.Node.Inputs[0]])])] : null;
    }

    private static int Start(Value part, int axis) => ((SliceGradient)part.Op).Starts[axis];

    /// <summary>The one axis along which a slice is a part, in steps of one; null where there is none.</summary>
    private static int? Axis(Value part)
    {
        var (op, dy) = ((SliceGradient)part.Op, part.Node.Inputs[0].Shape);
        var axes = Enumerable.Range(0, dy.Rank).Where(axis => dy[axis] != op.X[axis]).ToList();
        return axes is [var only] && op.Steps[only] == 1 ? only : null;
    }
}
