using Fovea.Formats.Onnx.Nodes;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Formats.Onnx.Map;

/// <summary>Convolutions and norms.</summary>
internal static class Convolutions
{
    internal const string Normalization = "BatchNormalization";

    private const int MomentumDigits = 6;

    internal static WriteRow[] Writes { get; } =
    [
        WriteRow.Of<Conv2d>((to, node, _) => Write(to, node, node.Result, bias: null)),
        WriteRow.Of<BatchNorm>((to, node, op) => to.Node(
            Normalization, node.Result, [.. node.Inputs.Select(to.Name)],
            OnnxAttributes.Of("epsilon", op.Epsilon), OnnxAttributes.Of("momentum", 1 - op.Momentum))),
    ];

    internal static ReadRow[] Reads { get; } = [new("Conv", ReadConv), new(Normalization, ReadNorm)];

    /// <summary>A convolution, with its bias where one is added.</summary>
    internal static void Write(OnnxWriter to, Node conv, Value result, Value? bias)
    {
        var (op, w) = ((Conv2d)conv.Op, conv.Inputs[1].Shape);
        var attributes = OnnxAttributes.Of(op.Window, w.H, w.W).ToList();
        if (op.Groups != 1) attributes.Add(OnnxAttributes.Of("group", op.Groups));
        string[] inputs = [to.Name(conv.Inputs[0]), to.Name(conv.Inputs[1]), .. bias is null ? (string[])[] : [to.Name(bias)]];
        to.Node("Conv", result, inputs, attributes.ToArray());
    }

    private static void ReadConv(OnnxNode node)
    {
        var (x, w) = (node.Value(0), node.Value(1));
        if (x.Shape.Rank != 4 || w.Shape.Rank != 4) throw node.Fail($"x {x.Shape} and w {w.Shape}; wanted [N, C, H, W] and [K, C/groups, R, S]");
        var (kernelH, kernelW) = Windows.Kernel(node, (w.Shape.H, w.Shape.W));
        if ((kernelH, kernelW) != (w.Shape.H, w.Shape.W)) throw node.Fail($"kernel_shape is {kernelH}x{kernelW}; w {w.Shape} has another");
        var groups = node.Integer("group", 1);
        if (groups < 1 || groups > w.Shape.N) throw node.Fail($"group is {groups}; wanted 1 to {w.Shape.N}");
        var y = x.Conv2d(w, Windows.Read(node, x.Shape, kernelH, kernelW), (int)groups);
        node.Set(node.Has(2) ? y.PlusChannels(node.Value(2)) : y);
    }

    private static void ReadNorm(OnnxNode node)
    {
        if (node.Integer("training_mode", 0) != 0) throw node.Fail("is in training mode; wanted the model as it is evaluated");
        if (node.Integer("spatial", 1) == 0 && node.Value(0).Shape.Rank > 2)
            throw node.Fail($"has statistics for each pixel of {node.Value(0).Shape} (spatial is 0); wanted them for each channel");
        var momentum = Math.Round(1 - node.Number("momentum", 0.9), MomentumDigits);
        node.Set(node.Value(0).BatchNorm(node.Value(1), node.Value(2), node.Value(3), node.Value(4), node.Number("epsilon", 1e-5), momentum));
    }
}
