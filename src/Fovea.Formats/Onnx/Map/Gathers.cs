using Fovea.Formats.Onnx.Nodes;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Formats.Onnx.Map;

/// <summary>Rows of a table, single elements of an axis, and extents of shapes.</summary>
internal static class Gathers
{
    internal static WriteRow[] Writes { get; } = [WriteRow.Of<Take>((to, node, _) => Write(to, node))];

    internal static ReadRow[] Reads { get; } = [new("Gather", Read, Tensors: 1)];

    // A runtime refuses an index outside of the table, which a graph takes zeros for.
    private static void Write(OnnxWriter to, Node node)
    {
        var (table, indices) = (node.Inputs[0], node.Inputs[1]);
        if (indices.Op is not Constant { Tensor: var known }) throw OnnxWriter.Fail(node, $"its indices {indices.Type} are computed; wanted a constant");
        foreach (var index in known.Ints)
            if ((uint)index >= (uint)table.Shape[0]) throw OnnxWriter.Fail(node, $"it takes row {index} of {table.Shape}; wanted 0 to {table.Shape[0] - 1}");
        to.Node("Gather", node.Result, [to.Name(table), to.Name(indices)], OnnxAttributes.Of("axis", 0));
    }

    private static void Read(OnnxNode node)
    {
        if (node.KnownIntegers(0) is { } from && node.KnownIntegers(1) is { } positions)
        {
            var taken = positions.Elements.Select(position => from.Elements[node.Axis(position, from.Elements.Length)]);
            node.Set(new OnnxIntegers([.. taken], positions.IsScalar));
            return;
        }

        var x = node.Value(0);
        var axis = node.Axis(node.Integer("axis", 0), x.Shape.Rank);
        var (indices, shape) = node.Indices(1);
        node.Describe(indices.Length);
        var known = new HostTensor(new TensorType(DType.Int32, shape));
        for (var i = 0; i < indices.Length; i++) known.Ints[i] = node.Axis(indices[i], x.Shape[axis]);
        if (shape.Rank == 0) node.Set(Element(x, axis, known.Ints[0]));
        else if (axis == 0) node.Set(x.Take(x.Graph.Constant(known)));
        else throw node.Fail($"takes several elements along axis {axis} of {x.Shape}; wanted one, or rows of axis 0");
    }

    /// <summary>One element of an axis, which goes away.</summary>
    private static Value Element(Value x, int axis, int index) =>
        x.Slice(axis, index, 1).Reshape(new Shape([.. x.Shape.ToArray().Where((_, other) => other != axis)]));
}
