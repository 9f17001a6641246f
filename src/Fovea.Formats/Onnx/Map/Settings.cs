using Fovea.Formats.Onnx.Nodes;
using Fovea.Ops;

namespace Fovea.Formats.Onnx.Map;

/// <summary>What exporters compute shapes with; sizes are known while a file is read, so nothing of it remains in the graph.</summary>
internal static class Settings
{
    internal static ReadRow[] Reads { get; } = [new("Shape", ReadShape)];

    internal static void ReadConcat(OnnxNode node)
    {
        if (node.KnownIntegers(0) is not null)
        {
            var elements = 0L;
            for (var i = 0; i < node.Proto.Input.Count; i++) elements += node.Integers(i).Length;
            node.Describe(elements);
            node.Set(new OnnxIntegers([.. Enumerable.Range(0, node.Proto.Input.Count).SelectMany(node.Integers)]));
            return;
        }

        var values = node.Values();
        node.Set(values[0].Concat(node.Axis(node.Integer("axis", node.Opset < 4 ? 1 : 0), values[0].Shape.Rank), values.AsSpan(1)));
    }

    // The axes are an attribute before operator set 13, an input since.
    internal static void ReadUnsqueeze(OnnxNode node)
    {
        if (node.KnownIntegers(0) is { } integers)
        {
            node.Set(integers.IsScalar ? integers with { IsScalar = false } : throw node.Fail("gives a shape a second axis"));
            return;
        }

        var (x, given) = (node.Value(0), Axes(node) ?? throw node.Fail("has no axes"));
        var rank = x.Shape.Rank + given.Length;
        var axes = given.Select(axis => node.Axis(axis, rank)).ToHashSet();
        if (axes.Count != given.Length) throw node.Fail($"names an axis twice: [{string.Join(", ", given)}]");
        var own = 0;
        node.Set(x.Reshape(Shapes.Extents([.. Enumerable.Range(0, rank).Select(axis => axes.Contains(axis) ? 1L : x.Shape[own++])])));
    }

    internal static void ReadSqueeze(OnnxNode node)
    {
        if (node.KnownIntegers(0) is { } integers)
        {
            node.Set(integers.Elements.Length == 1
                ? integers with { IsScalar = true }
                : throw node.Fail($"takes the axis of {integers.Elements.Length} integers away"));
            return;
        }

        var x = node.Value(0);
        var axes = Axes(node)?.Select(axis => node.Axis(axis, x.Shape.Rank)).ToHashSet()
            ?? [.. Enumerable.Range(0, x.Shape.Rank).Where(axis => x.Shape[axis] == 1)];
        if (axes.FirstOrDefault(axis => x.Shape[axis] != 1, -1) is >= 0 and var wide)
            throw node.Fail($"takes axis {wide} of {x.Shape} away; its extent is {x.Shape[wide]}");
        node.Set(x.Reshape(Shapes.Extents([.. Enumerable.Range(0, x.Shape.Rank).Where(axis => !axes.Contains(axis)).Select(axis => (long)x.Shape[axis])])));
    }

    private static long[]? Axes(OnnxNode node) => node.Has(1) ? node.Integers(1) : node.Integers("axes");

    private static void ReadShape(OnnxNode node)
    {
        var extents = node.Value(0).Shape.ToArray();
        var (start, end) = (Position(node.Integer("start", 0), extents.Length), Position(node.Integer("end", extents.Length), extents.Length));
        node.Set(new OnnxIntegers([.. extents[start..Math.Max(start, end)].Select(extent => (long)extent)]));
    }

    private static int Position(long position, int rank) => (int)Math.Clamp(position < 0 ? position + rank : position, 0, rank);
}
