using Fovea.Formats.Onnx.Nodes;
using Fovea.Ops;

namespace Fovea.Formats.Onnx.Map;

/// <summary>The parts of an image along an axis, which ONNX has as one node with several results.</summary>
internal static class Splits
{
    // Sizes are an attribute before operator set 13, an input since (in the first either); without them parts are equal, the last perhaps smaller.
    internal static void Read(OnnxNode node)
    {
        var x = node.Value(0);
        var axis = node.Axis(node.Integer("axis", 0), x.Shape.Rank);
        var (extent, count) = (x.Shape[axis], node.Proto.Output.Count);
        var size = (extent + Math.Max(count, 1) - 1L) / Math.Max(count, 1);
        var sizes = node.Has(1) ? node.Integers(1) : node.Integers("split") ?? [.. Enumerable.Range(0, count).Select(i => Math.Min(size, extent - (i * size)))];
        if (sizes.Length != count || Array.Exists(sizes, part => part < 1 || part > extent) || sizes.Sum() != extent)
            throw node.Fail(
                $"divides axis {axis} of {x.Shape} into [{string.Join(", ", sizes)}] for {count} results; wanted as many sizes, which add up to {extent}");
        for (var (i, start) = (0, 0); i < count; start += (int)sizes[i++]) node.Set(i, x.Slice(axis, start, (int)sizes[i]));
    }
}
