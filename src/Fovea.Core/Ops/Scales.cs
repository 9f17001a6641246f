using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Scales and zero points: one of each for a whole tensor, or one for each place along an axis.</summary>
internal static class Scales
{
    /// <summary>Checks x, scale and zero.</summary>
    /// <exception cref="ShapeException">They do not fit each other.</exception>
    internal static void Check(Op op, int axis, ReadOnlySpan<TensorType> inputs)
    {
        var (x, scale, zero) = (inputs[0].Shape, inputs[1], inputs[2]);
        Graphs.Check.That(scale.DType == DType.Float32 && zero.DType == DType.Int32, op, $"scale is {scale}, zero is {zero}; wanted f32 and s32");
        Graphs.Check.That(scale.Shape == zero.Shape, op, $"scale is {scale}, zero is {zero}; wanted one shape");
        if (scale.Shape.Rank == 0)
        {
            Graphs.Check.That(axis == 0, op, $"axis is {axis}; wanted 0, as the scale is one number");
            return;
        }

        Graphs.Check.That(axis >= 0 && axis < x.Rank, op, $"axis is {axis}; wanted 0 to {x.Rank - 1}");
        Graphs.Check.That(scale.Shape == new Shape(x[axis]), op, $"scale is {scale}; axis {axis} of {x} wants [{x[axis]}]");
    }

    /// <summary>Which scale belongs to an element, by its number in row-major order.</summary>
    internal readonly struct Places(Shape x, int axis, int count)
    {
        private readonly long _run = count == 1 ? 1 : x.RowMajorStrides()[axis];

        internal long Of(long index) => count == 1 ? 0 : index / _run % count;
    }
}
