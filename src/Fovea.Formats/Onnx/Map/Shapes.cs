using Fovea.Formats.Onnx.Nodes;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Formats.Onnx.Map;

/// <summary>What moves elements without changing them.</summary>
internal static class Shapes
{
    private const long ToTheEnd = long.MaxValue;

    internal static WriteRow[] Writes { get; } =
    [
        WriteRow.Of<Reshape>(WriteReshape),
        WriteRow.Of<Transpose>((to, node, op) =>
            to.Node("Transpose", node.Result, [to.Name(node.Inputs[0])], OnnxAttributes.Integers("perm", op.Order.ToArray()))),
        WriteRow.Of<Pad>((to, node, op) =>
            to.Node(
                "Pad", node.Result, [to.Name(node.Inputs[0]), to.Integers([.. Longs(op.Padding.Before), .. Longs(op.Padding.After)])],
                OnnxAttributes.Of("mode", "constant"))),
        WriteRow.Of<Slice>(WriteSlice),
        WriteRow.Of<Concat>((to, node, op) =>
            to.Node("Concat", node.Result, [.. node.Inputs.Select(input => to.PerImage(node, input))], OnnxAttributes.Of("axis", op.Axis))),
        WriteRow.Of<Broadcast>(WriteBroadcast),
    ];

    internal static ReadRow[] Reads { get; } =
    [
        new("Reshape", ReadReshape, Tensors: 1),
        new("Flatten", ReadFlatten),
        new("Squeeze", Settings.ReadSqueeze, Tensors: 1),
        new("Unsqueeze", Settings.ReadUnsqueeze, Tensors: 1),
        new("Transpose", ReadTranspose),
        new("Pad", ReadPad, Tensors: 1),
        new("Slice", Slices.Read, Tensors: 1),
        new("Split", Splits.Read, Tensors: 1),
        new("Concat", Settings.ReadConcat),
        new("Expand", ReadExpand, Tensors: 1),
    ];

    private static IEnumerable<long> Longs(Shape shape) => shape.ToArray().Select(extent => (long)extent);

    // ONNX: 0 keeps an extent of the argument, -1 is what remains; one of them stands where the images are.
    private static void WriteReshape(OnnxWriter to, Node node, Reshape op)
    {
        var (x, shape) = (node.Inputs[0], Longs(op.Shape).ToArray());
        if (to.Axes[node.Result] is { } axis) shape[axis] = axis < x.Shape.Rank && to.Axes[x] == axis && x.Shape[axis] == shape[axis] ? 0 : -1;
        if (shape.Contains(0L) && op.Shape.Elements == 0) throw OnnxWriter.Fail(node, $"{op.Shape} has no elements");
        to.Node("Reshape", node.Result, [to.Name(x), to.Integers(shape)]);
    }

    private static void WriteSlice(OnnxWriter to, Node node, Slice op)
    {
        var x = node.Inputs[0];
        var axes = Enumerable.Range(0, x.Shape.Rank).Where(axis => op.Steps[axis] != 1 || op.Sizes[axis] != x.Shape[axis]).ToArray();
        if (axes.Length == 0)
        {
            to.Same(node.Result, x);
            return;
        }

        long End(int axis)
        {
            var end = op.Starts[axis] + ((long)op.Sizes[axis] * op.Steps[axis]);
            return end >= x.Shape[axis] ? ToTheEnd : op.Starts[axis] + ((op.Sizes[axis] - 1L) * op.Steps[axis]) + 1;
        }

        string Each(Func<int, long> number) => to.Integers([.. axes.Select(number)]);
        to.Node("Slice", node.Result, [to.Name(x), Each(axis => op.Starts[axis]), Each(End), Each(axis => axis), Each(axis => op.Steps[axis])]);
    }

    private static void WriteBroadcast(OnnxWriter to, Node node, Broadcast op)
    {
        var shape = Longs(op.Shape).ToArray();
        if (to.Axes[node.Result] is { } axis) shape[axis] = 1;   // Expand keeps the larger extent
        to.Node("Expand", node.Result, [to.Name(node.Inputs[0]), to.Integers(shape)]);
    }

    private static void ReadReshape(OnnxNode node)
    {
        var (x, wanted) = (node.Value(0), node.Has(1) ? node.Integers(1) : node.Integers("shape") ?? throw node.Fail("has no shape"));
        if (wanted.Length > Shape.MaxRank) throw node.Fail($"wants {wanted.Length} axes; wanted at most {Shape.MaxRank}");
        var keepsZero = node.Integer("allowzero", 0) != 0;
        var shape = wanted.Select((extent, axis) => extent == 0 && !keepsZero
            ? axis < x.Shape.Rank ? x.Shape[axis] : throw node.Fail($"keeps axis {axis}, which x {x.Shape} has not")
            : extent).ToArray();
        var open = Array.IndexOf(shape, -1);
        if (open >= 0)
        {
            var rest = (long)shape.Where((_, axis) => axis != open).Aggregate(
                Int128.One, (product, extent) => Int128.Min(product * Math.Max(0, extent), long.MaxValue));
            if (rest == 0 || x.Shape.Elements % rest != 0)
                throw node.Fail($"x {x.Shape} has {x.Shape.Elements} elements, which do not fill [{string.Join(", ", wanted)}]");
            shape[open] = x.Shape.Elements / rest;
        }

        node.Set(x.Reshape(Extents(shape)));
    }

    private static void ReadFlatten(OnnxNode node)
    {
        var (x, axis) = (node.Value(0), node.Integer("axis", 1));
        if (axis < -x.Shape.Rank || axis > x.Shape.Rank) throw node.Fail($"axis {axis} of {x.Shape}");
        var first = axis < 0 ? axis + x.Shape.Rank : axis;
        var rows = x.Shape.ToArray().Take((int)first).Aggregate(1L, (product, extent) => product * extent);
        node.Set(x.Reshape(Extents([rows, x.Shape.Elements / Math.Max(1, rows)])));
    }

    private static void ReadTranspose(OnnxNode node)
    {
        var x = node.Value(0);
        var order = node.Integers("perm") ?? [.. Enumerable.Range(0, x.Shape.Rank).Reverse().Select(axis => (long)axis)];
        node.Set(x.Transpose([.. order.Select(axis => node.Axis(axis, x.Shape.Rank))]));
    }

    // Amounts and value are attributes before operator set 11, inputs since; in the first the amounts are called paddings.
    private static void ReadPad(OnnxNode node)
    {
        var x = node.Value(0);
        if (node.Text("mode", "constant") is not "constant" and var mode) throw node.Fail($"the mode is {mode}; only constant can be read");
        if ((node.Has(2) ? node.Number(2) : node.Number("value", 0)) is not 0.0) throw node.Fail("pads with another number than 0, or one that is not known");
        if (node.Has(3)) throw node.Fail("names axes; wanted amounts for all of them");
        var pads = node.Has(1) ? node.Integers(1) : node.Integers("pads") ?? node.Integers("paddings") ?? [];
        if (pads.Length != 2 * x.Shape.Rank || pads.Any(pad => pad is < 0 or > int.MaxValue))
            throw node.Fail($"pads are [{string.Join(", ", pads.Take(2 * Shape.MaxRank))}]; x {x.Shape} wants {2 * x.Shape.Rank} numbers from 0");
        node.Set(x.Pad(new Padding(Extents(pads.AsSpan(0, x.Shape.Rank)), Extents(pads.AsSpan(x.Shape.Rank)))));
    }

    private static void ReadExpand(OnnxNode node)
    {
        var (x, wanted) = (node.Value(0), node.Integers(1));
        var rank = Math.Max(wanted.Length, x.Shape.Rank);
        var shape = new long[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            var (own, other) = (axis - rank + x.Shape.Rank, axis - rank + wanted.Length);
            shape[axis] = other < 0 || wanted[other] == 1 ? x.Shape[own] : wanted[other];
        }

        node.Set(x.BroadcastTo(Extents(shape)));
    }

    internal static Shape Extents(ReadOnlySpan<long> extents) => Shape.Of(extents);
}
