using Fovea.Formats.Onnx.Nodes;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Formats.Onnx.Map;

/// <summary>Layer normalisation, which ONNX has for the last axes.</summary>
internal static class LayerNorms
{
    private const string Name = "LayerNormalization";

    internal static WriteRow[] Writes { get; } = [WriteRow.Of<LayerNorm>(Write)];

    internal static ReadRow[] Reads { get; } = [new(Name, Read)];

    private static void Write(OnnxWriter to, Node node, LayerNorm op)
    {
        var rank = node.Result.Shape.Rank;
        var (x, gamma, beta) = (to.Name(node.Inputs[0]), to.Name(node.Inputs[1]), to.Name(node.Inputs[2]));
        var (axis, epsilon) = (OnnxAttributes.Of("axis", -1), OnnxAttributes.Of("epsilon", op.Epsilon));
        if (op.Axis == rank - 1)
        {
            to.Node(Name, node.Result, [x, gamma, beta], axis, epsilon);
            return;
        }

        var last = new Permutation([.. Enumerable.Range(0, rank).Where(a => a != op.Axis), op.Axis]);
        var turned = to.Step("Transpose", node.Result, [x], OnnxAttributes.Integers("perm", last.ToArray()));
        var normal = to.Step(Name, node.Result, [turned, gamma, beta], axis, epsilon);
        to.Node("Transpose", node.Result, [normal], OnnxAttributes.Integers("perm", last.Inverse.ToArray()));
    }

    private static void Read(OnnxNode node)
    {
        var (x, gamma) = (node.Value(0), node.Value(1));
        var axis = node.Axis(node.Integer("axis", -1), x.Shape.Rank);
        var line = x.Shape.ToArray().Skip(axis).Aggregate(1L, (product, extent) => checked(product * extent));
        var rows = Shapes.Extents([.. x.Shape.ToArray().Take(axis).Select(extent => (long)extent), line]);
        var parameter = Shapes.Extents([line]);
        if (!node.Has(2)) node.Describe(line);
        var beta = node.Has(2) ? node.Value(2).Reshape(parameter) : x.Graph.Constant(HostTensor.Filled(parameter, 0));
        node.Set(x.Reshape(rows).LayerNorm(gamma.Reshape(parameter), beta, node.Number("epsilon", 1e-5)).Reshape(x.Shape));
    }
}
