using Fovea.Formats.Onnx.Nodes;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Formats.Onnx.Map;

/// <summary>Slices, of images and of shapes.</summary>
internal static class Slices
{
    // Starts, ends and axes are attributes before operator set 10, inputs since.
    internal static void Read(OnnxNode node)
    {
        var isOld = node.HasAttribute("starts");
        var (starts, ends) = isOld ? (node.Integers("starts")!, node.Integers("ends") ?? []) : (node.Integers(1), node.Integers(2));
        var axes = isOld ? node.Integers("axes") : node.KnownIntegers(3)?.Elements;
        axes ??= [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        var steps = isOld ? null : node.KnownIntegers(4)?.Elements;
        steps ??= [.. Enumerable.Repeat(1L, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
            throw node.Fail($"has {starts.Length} starts, {ends.Length} ends, {axes.Length} axes and {steps.Length} steps; wanted as many of each");
        if (node.KnownIntegers(0) is { } integers) node.Set(Of(node, integers, starts, ends, steps));
        else ReadImage(node, starts, ends, axes, steps);
    }

    private static void ReadImage(OnnxNode node, long[] starts, long[] ends, long[] axes, long[] steps)
    {
        var x = node.Value(0);
        var (from, sizes, by) = (new Shape(new int[x.Shape.Rank]), x.Shape, x.Shape);
        for (var axis = 0; axis < x.Shape.Rank; axis++) by = by.With(axis, 1);
        var seen = new AxisSet();
        for (var i = 0; i < starts.Length; i++)
        {
            var axis = node.Axis(axes[i], x.Shape.Rank);
            if (seen.Contains(axis)) throw node.Fail($"names axis {axis} twice");
            var (start, size) = Range(node, x.Shape[axis], starts[i], ends[i], steps[i]);
            (from, sizes, by, seen) = (from.With(axis, start), sizes.With(axis, size), by.With(axis, (int)steps[i]), seen.With(axis));
        }

        node.Set(sizes == x.Shape ? x : x.Slice(from, sizes, by));
    }

    private static OnnxIntegers Of(OnnxNode node, OnnxIntegers integers, long[] starts, long[] ends, long[] steps)
    {
        if (starts.Length != 1) throw node.Fail("slices a shape along several axes");
        var (start, size) = Range(node, integers.Elements.Length, starts[0], ends[0], steps[0]);
        return new([.. Enumerable.Range(0, size).Select(i => integers.Elements[start + (i * (int)steps[0])])]);
    }

    /// <summary>Negative positions count from the end; both are kept inside.</summary>
    private static (int Start, int Size) Range(OnnxNode node, int extent, long start, long end, long step)
    {
        if (step is < 1 or > int.MaxValue) throw node.Fail($"has the step {step}; wanted at least 1");
        var first = Math.Clamp(start < 0 ? start + extent : start, 0, extent);
        var last = Math.Clamp(end < 0 ? end + extent : end, 0, extent);
        var size = (Math.Max(0, last - first) + step - 1) / step;
        return size > 0 ? ((int)first, (int)size) : throw node.Fail($"takes nothing: {start} to {end} of {extent}");
    }
}
