using System.Numerics;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Some of a tensor's axes; compared by content.</summary>
/// <param name="Mask">Bit i stands for axis i.</param>
public readonly record struct AxisSet(uint Mask)
{
    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => Mask == 0;

    /// <summary>How many there are.</summary>
    public int Count => BitOperations.PopCount(Mask);

    /// <summary>The given axes, counted from the outermost.</summary>
    public static AxisSet Of(params ReadOnlySpan<int> axes)
    {
        var set = new AxisSet();
        foreach (var axis in axes) set = set.With(axis);
        return set;
    }

    /// <summary>All axes of a tensor of that rank.</summary>
    public static AxisSet All(int rank) => new((1u << rank) - 1);

    /// <summary>These and one more.</summary>
    public AxisSet With(int axis) => axis is >= 0 and < Shape.MaxRank
        ? new(Mask | (1u << axis))
        : throw new ShapeException($"axis {axis}; wanted 0 to {Shape.MaxRank - 1}");

    /// <summary>Whether the axis is one of these.</summary>
    public bool Contains(int axis) => (Mask >> axis & 1) != 0;

    /// <summary>The axes, ascending.</summary>
    public int[] ToArray()
    {
        var axes = new List<int>();
        for (var axis = 0; axis < 32; axis++)
            if (Contains(axis)) axes.Add(axis);
        return [.. axes];
    }

    /// <summary>For example <c>{2, 3}</c>.</summary>
    public override string ToString() => $"{{{string.Join(", ", ToArray())}}}";
}
