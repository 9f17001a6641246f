using Fovea.Formats.Onnx.Nodes;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Formats.Onnx.Map;

/// <summary>Functions of one number, and what leaves values as they are.</summary>
internal static class Pointwises
{
    internal static WriteRow[] Writes { get; } =
    [
        WriteRow.Plain<Relu>("Relu"),
        WriteRow.Plain<Sigmoid>("Sigmoid"),
        WriteRow.Plain<Tanh>("Tanh"),
        WriteRow.Plain<Exp>("Exp"),
        WriteRow.Plain<Log>("Log"),
        WriteRow.Plain<Sqrt>("Sqrt"),
        WriteRow.Plain<Reciprocal>("Reciprocal"),
        WriteRow.Plain<Round>("Round"),
        WriteRow.Of<ReciprocalSqrt>((to, node, _) => to.Node("Reciprocal", node.Result, [to.Step("Sqrt", node.Result, [to.Name(node.Inputs[0])])])),
        WriteRow.Of<Square>((to, node, _) => to.Node("Mul", node.Result, [to.Name(node.Inputs[0]), to.Name(node.Inputs[0])])),
        WriteRow.Of<Clip>((to, node, op) => to.Node("Clip", node.Result, [to.Name(node.Inputs[0]), to.Number(op.Low), to.Number(op.High)])),
        WriteRow.Of<Affine>(WriteAffine),
        WriteRow.Of<Softmax>((to, node, op) => to.Node("Softmax", node.Result, [to.Name(node.Inputs[0])], OnnxAttributes.Of("axis", op.Axis))),
        WriteRow.Of<Dropout>((to, node, _) => to.Same(node.Result, node.Inputs[0])),
        WriteRow.Of<Named>((to, node, _) => to.Same(node.Result, node.Inputs[0])),
    ];

    internal static ReadRow[] Reads { get; } =
    [
        Plain("Relu", new Relu()),
        Plain("Sigmoid", new Sigmoid()),
        Plain("Tanh", new Tanh()),
        Plain("Exp", new Exp()),
        Plain("Log", new Log()),
        Plain("Sqrt", new Sqrt()),
        Plain("Reciprocal", new Reciprocal()),
        Plain("Round", new Round()),
        Plain("Neg", new Affine(-1, 0)),
        new("Clip", ReadClip, Tensors: 1),
        new("Softmax", node => node.Set(Softmax(node))),
        new("LogSoftmax", node => node.Set(node.Graph.Add(new Log(), Softmax(node)))),
        new("Identity", node => node.Pass()),
        new("Dropout", ReadDropout, Tensors: 1),
    ];

    private static ReadRow Plain(string name, Op op) => new(name, node => node.Set(node.Graph.Add(op, node.Value(0))));

    private static void WriteAffine(OnnxWriter to, Node node, Affine op)
    {
        var x = to.Name(node.Inputs[0]);
        if (op.Beta == 0) to.Node("Mul", node.Result, [x, to.Number(op.Alpha)]);
        else to.Node("Add", node.Result, [op.Alpha == 1 ? x : to.Step("Mul", node.Result, [x, to.Number(op.Alpha)]), to.Number(op.Beta)]);
    }

    // The bounds are attributes before operator set 11, inputs since.
    private static void ReadClip(OnnxNode node)
    {
        var low = Bound(node, 1, "min") ?? double.NegativeInfinity;
        var high = Bound(node, 2, "max") ?? double.PositiveInfinity;
        node.Set(node.Value(0).Clip(low, high));
    }

    private static double? Bound(OnnxNode node, int input, string name)
    {
        if (node.Has(input)) return node.Number(input) ?? throw node.Fail($"{name} is computed; wanted a number that is known beforehand");
        return node.HasAttribute(name) ? node.Number(name, 0) : null;
    }

    // It does nothing until the graph is trained on. The rate is an attribute before operator set 12, an input since.
    private static void ReadDropout(OnnxNode node)
    {
        var rate = node.Opset < 12 ? node.Number("ratio", 0.5) : node.Has(1) ? node.Number(1) : 0.5;
        if (rate is > 0 and < 1) node.Set(node.Value(0).Dropout(rate.Value));
        else node.Pass();
    }

    // Before operator set 13 all axes from the given one on are one.
    private static Value Softmax(OnnxNode node)
    {
        var x = node.Value(0);
        var axis = node.Axis(node.Integer("axis", node.Opset < 13 ? 1 : -1), x.Shape.Rank);
        if (node.Opset < 13)
            for (var after = axis + 1; after < x.Shape.Rank; after++)
                if (x.Shape[after] != 1) throw node.Fail($"axis {axis} of {x.Shape} in operator set {node.Opset} is over several axes; wanted the last one");
        return x.Softmax(axis);
    }
}
