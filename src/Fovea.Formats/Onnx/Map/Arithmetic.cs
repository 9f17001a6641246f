using Fovea.Formats.Onnx.Nodes;
using Fovea.Formats.Onnx.Proto;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Formats.Onnx.Map;

/// <summary>Functions of two numbers, constants, and conversions between element types.</summary>
internal static class Arithmetic
{
    internal static WriteRow[] Writes { get; } =
    [
        WriteRow.Plain<Add>("Add"),
        WriteRow.Plain<Subtract>("Sub"),
        WriteRow.Plain<Multiply>("Mul"),
        WriteRow.Plain<Divide>("Div"),
        WriteRow.Plain<Maximum>("Max"),
        WriteRow.Plain<Minimum>("Min"),
        WriteRow.Of<GreaterOrEqual>((to, node, _) =>
            to.Node("Cast", node.Result, [to.Step("GreaterOrEqual", node.Result, [.. node.Inputs.Select(to.Name)])], To(DType.Float32))),
        WriteRow.Of<Constant>((to, node, op) => to.Node("Constant", node.Result, [], OnnxAttributes.Of("value", op.Tensor))),
        WriteRow.Of<Cast>(WriteCast),
    ];

    internal static ReadRow[] Reads { get; } =
    [
        new("Add", node => Read(node, new Add(), (x, c) => x.Affine(1, c), (c, x) => x.Affine(1, c))),
        new("Sub", node => Read(node, new Subtract(), (x, c) => x.Affine(1, -c), (c, x) => x.Affine(-1, c))),
        new("Mul", node => Read(node, new Multiply(), (x, c) => x.Affine(c, 0), (c, x) => x.Affine(c, 0))),
        new("Div", node => Read(node, new Divide(), (x, c) => x.Affine(1 / c, 0), (c, x) => x.Graph.Add(new Reciprocal(), x).Affine(c, 0))),
        new("Sum", node => node.Set(node.Values().Aggregate((sum, x) => sum.Plus(x)))),
        new("Max", node => node.Set(node.Values().Aggregate((max, x) => max.Maximum(x)))),
        new("Min", node => node.Set(node.Values().Aggregate((min, x) => min.Minimum(x)))),
        new("GreaterOrEqual", node => node.Set(node.Value(0).AtLeast(node.Value(1)))),
        new("Constant", ReadConstant),
        new("Cast", ReadCast),
    ];

    private static AttributeProto To(DType type) => OnnxAttributes.Of("to", (int)OnnxTensors.Type(type));

    // Graphs round to the nearest integer and stop at the bounds, ONNX cuts off and wraps: only widening is the same.
    private static void WriteCast(OnnxWriter to, Node node, Cast op)
    {
        if (op.DType != DType.Float32) throw OnnxWriter.Fail(node, $"it makes {op.DType.ShortName} of {node.Inputs[0].Type}; only casts to f32 are written");
        to.Node("Cast", node.Result, [to.Name(node.Inputs[0])], To(op.DType));
    }

    private static void Read(OnnxNode node, Binary op, Func<Value, double, Value> withRight, Func<double, Value, Value> withLeft)
    {
        if (node.Opset < 7 && node.HasAttribute("axis") && node.Integer("broadcast", 0) != 0)
        {
            node.Set(node.Graph.Add(op, node.Value(0), FromAxis(node, node.Value(0).Shape.Rank, node.Value(1))));
            return;
        }

        var (left, right) = (node.Number(0), node.Number(1));
        if (left is null && right is { } c && node.Rank(1) <= node.Rank(0)) node.Set(withRight(node.Value(0), c));
        else if (right is null && left is { } d && node.Rank(0) <= node.Rank(1)) node.Set(withLeft(d, node.Value(1)));
        else node.Set(node.Graph.Add(op, node.Value(0), node.Value(1)));
    }

    /// <summary>Before operator set 7 the axes of the second operand are those of the first from a given one on.</summary>
    private static Value FromAxis(OnnxNode node, int rank, Value operand)
    {
        var axis = node.Axis(node.Integer("axis", 0), rank);
        var behind = rank - axis - operand.Shape.Rank;
        return behind >= 0
            ? operand.Reshape(new Shape([.. operand.Shape.ToArray(), .. Enumerable.Repeat(1, behind)]))
            : throw node.Fail($"puts {operand.Shape} at axis {axis} of {rank}; wanted at most {rank - axis} axes there");
    }

    private static void ReadConstant(OnnxNode node)
    {
        if (node.Tensor("value") is { } tensor) node.Set(tensor);
        else if (node.Integers("value_ints") is { } integers) node.Set(new OnnxIntegers(integers));
        else if (node.HasAttribute("value_int")) node.Set(new OnnxIntegers([node.Integer("value_int", 0)], IsScalar: true));
        else if (node.HasAttribute("value_float")) node.Set(OnnxTensors.Write("", HostTensor.Filled(Shape.Scalar, (float)node.Number("value_float", 0))));
        else throw node.Fail($"has the attribute {node.Proto.Attribute.FirstOrDefault()?.Name}; wanted value, value_int, value_ints or value_float");
    }

    // A name before operator set 6, a number since.
    private static TensorProto.Types.DataType To(OnnxNode node)
    {
        if (node.Opset >= 6) return (TensorProto.Types.DataType)node.Integer("to", 0);
        return Enum.TryParse<TensorProto.Types.DataType>(node.Text("to", ""), ignoreCase: true, out var type) ? type : TensorProto.Types.DataType.Undefined;
    }

    private static void ReadCast(OnnxNode node)
    {
        var to = To(node);
        if (node.KnownIntegers(0) is { } integers && to is TensorProto.Types.DataType.Int64 or TensorProto.Types.DataType.Int32) node.Set(integers);
        else if (to == TensorProto.Types.DataType.Float) node.Set(node.Value(0).Cast(DType.Float32));
        else throw node.Fail($"casts to {to}; only casts to Float, and of shapes to integers, can be read");
    }
}
