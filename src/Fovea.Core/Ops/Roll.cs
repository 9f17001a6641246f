using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary>Shifts elements cyclically along an axis: y[(i + shift) mod extent] = x[i]; a composition of slices. PyTorch: torch.roll.</summary>
    /// <param name="x">Any tensor.</param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="shift">How far; negative towards the start.</param>
    public static Value Roll(this Value x, int axis, int shift)
    {
        axis = Strided.Axis(axis, x.Shape.Rank);
        var extent = x.Shape[axis];
        var first = extent == 0 ? 0 : ((shift % extent) + extent) % extent;
        return first == 0 ? x : x.Slice(axis, extent - first, first).Concat(axis, x.Slice(axis, 0, extent - first));
    }
}
