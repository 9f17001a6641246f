using Fovea.Formats.Onnx.Nodes;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Formats.Onnx.Map;

/// <summary>Poolings.</summary>
internal static class Pools
{
    internal static WriteRow[] Writes { get; } =
    [
        WriteRow.Of<MaxPool>((to, node, op) =>
            to.Node("MaxPool", node.Result, [to.Name(node.Inputs[0])], OnnxAttributes.Of(op.Window, op.KernelH, op.KernelW))),
        WriteRow.Of<AvgPool>(WriteAverage),
    ];

    internal static ReadRow[] Reads { get; } =
    [
        new("MaxPool", ReadMax),
        new("AveragePool", ReadAverage),
        new("GlobalAveragePool", node => node.Set(Image(node).GlobalAveragePool())),
        new("GlobalMaxPool", node => node.Set(node.Graph.Add(new Reduce(ReduceKind.Max, AxisSet.Of(2, 3), KeepDims: true), Image(node)))),
    ];

    /// <summary>Whether a pooling takes the mean of the whole image.</summary>
    internal static bool IsGlobal(AvgPool pool, Shape x) => (pool.KernelH, pool.KernelW) == (x.H, x.W) && pool.Window == Window2d.Of();

    private static void WriteAverage(OnnxWriter to, Node node, AvgPool op)
    {
        var x = node.Inputs[0];
        if (IsGlobal(op, x.Shape))
        {
            to.Node("GlobalAveragePool", node.Result, [to.Name(x)]);
            return;
        }

        if ((op.Window.DilationH, op.Window.DilationW) != (1, 1))
            throw OnnxWriter.Fail(
                node, $"AveragePool of operator set {OnnxWriter.Opset} has no dilation; this one has {op.Window.DilationH}x{op.Window.DilationW}");
        to.Node(
            "AveragePool", node.Result, [to.Name(x)],
            [.. OnnxAttributes.Of(op.Window, op.KernelH, op.KernelW), OnnxAttributes.Of("count_include_pad", op.CountPadding)]);
    }

    private static void ReadMax(OnnxNode node)
    {
        var x = node.Value(0);
        var (kernelH, kernelW) = Windows.Kernel(node);
        node.Set(x.MaxPool(kernelH, kernelW, Windows.Read(node, x.Shape, kernelH, kernelW)));
    }

    private static void ReadAverage(OnnxNode node)
    {
        var x = node.Value(0);
        var (kernelH, kernelW) = Windows.Kernel(node);
        node.Set(x.AvgPool(kernelH, kernelW, Windows.Read(node, x.Shape, kernelH, kernelW), node.Integer("count_include_pad", 0) != 0));
    }

    private static Value Image(OnnxNode node) => node.Value(0) is { Shape.Rank: 4 } x ? x : throw node.Fail($"x is {node.Value(0).Shape}; wanted [N, C, H, W]");
}
