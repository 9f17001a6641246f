using Fovea.Formats.Onnx.Nodes;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Formats.Onnx.Map;

/// <summary>Sums, means and maxima over axes.</summary>
internal static class Reductions
{
    internal static WriteRow[] Writes { get; } = [WriteRow.Of<Reduce>(Write)];

    internal static ReadRow[] Reads { get; } =
    [
        new("ReduceSum", node => Read(node, ReduceKind.Sum), Tensors: 1),
        new("ReduceMean", node => Read(node, ReduceKind.Mean), Tensors: 1),
        new("ReduceMax", node => Read(node, ReduceKind.Max), Tensors: 1),
    ];

    // In operator set 17 the axes of a sum are an input, those of the others an attribute.
    private static void Write(OnnxWriter to, Node node, Reduce op)
    {
        var (x, axes, keep) = (to.Name(node.Inputs[0]), op.Axes.ToArray(), OnnxAttributes.Of("keepdims", op.KeepDims));
        if (op.Kind == ReduceKind.Sum) to.Node("ReduceSum", node.Result, [x, to.Integers([.. axes.Select(axis => (long)axis)])], keep);
        else to.Node(op.Kind == ReduceKind.Mean ? "ReduceMean" : "ReduceMax", node.Result, [x], OnnxAttributes.Integers("axes", axes), keep);
    }

    private static void Read(OnnxNode node, ReduceKind kind)
    {
        var x = node.Value(0);
        var given = node.Has(1) ? node.Integers(1) : node.Integers("axes") ?? [];
        if (given.Length == 0 && node.Integer("noop_with_empty_axes", 0) != 0)
        {
            node.Pass();
            return;
        }

        var axes = given.Length == 0 ? AxisSet.All(x.Shape.Rank) : given.Aggregate(new AxisSet(), (set, axis) => set.With(node.Axis(axis, x.Shape.Rank)));
        node.Set(node.Graph.Add(new Reduce(kind, axes, node.Integer("keepdims", 1) != 0), x));
    }
}
