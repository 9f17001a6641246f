using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Formats.Onnx.Map;

/// <summary>How one operation is written.</summary>
internal sealed record WriteRow(Type Op, Action<OnnxWriter, Node> Write)
{
    internal static WriteRow Of<T>(Action<OnnxWriter, Node, T> write)
        where T : Op => new(typeof(T), (to, node) => write(to, node, (T)node.Op));

    /// <summary>An operation that ONNX has under another name, without attributes.</summary>
    internal static WriteRow Plain<T>(string name)
        where T : Op => Of<T>((to, node, _) => to.Node(name, node.Result, [.. node.Inputs.Select(to.Name)]));
}

/// <summary>How one ONNX operation is read.</summary>
/// <param name="Op">Its name in the standard domain.</param>
/// <param name="Read">Adds what it computes.</param>
/// <param name="Tensors">How many of its inputs are tensors that are computed with; those behind them are settings, such as axes and bounds.</param>
internal sealed record ReadRow(string Op, Action<OnnxNode> Read, int Tensors = int.MaxValue);

/// <summary>Between operations of graphs and those of ONNX, in both directions.</summary>
internal static class OnnxMap
{
    /// <summary>How operations are written, by their type.</summary>
    internal static Dictionary<Type, Action<OnnxWriter, Node>> Writes { get; } =
        ((WriteRow[])[
            .. Arithmetic.Writes, .. Convolutions.Writes, .. Pointwises.Writes, .. Pools.Writes, .. Products.Writes, .. Reductions.Writes,
            .. Shapes.Writes])
        .ToDictionary(row => row.Op, row => row.Write);

    /// <summary>How ONNX operations are read, by their name.</summary>
    internal static Dictionary<string, ReadRow> Reads { get; } =
        ((ReadRow[])[
            .. Arithmetic.Reads, .. Convolutions.Reads, .. Pointwises.Reads, .. Pools.Reads, .. Products.Reads, .. Reductions.Reads,
            .. Shapes.Reads, .. Settings.Reads])
        .ToDictionary(row => row.Op, StringComparer.Ordinal);

    /// <summary>The operations that are not written, and why.</summary>
    internal static Dictionary<Type, string> Exempt { get; } = new()
    {
        [typeof(AdamWStep)] = "it updates parameters",
        [typeof(AvgPoolGradient)] = "it is a gradient",
        [typeof(BatchNormGradient)] = "it is a gradient",
        [typeof(BatchNormTraining)] = "it is for training; wanted the inference graph",
        [typeof(Blend)] = "it updates running statistics and averages",
        [typeof(ClipFactor)] = "it clips gradients",
        [typeof(Conv2dInputGradient)] = "it is a gradient",
        [typeof(Conv2dWeightGradient)] = "it is a gradient",
        [typeof(DropPath)] = "it is not written yet",
        [typeof(EmaStep)] = "it updates averages",
        [typeof(Erf)] = "it is not written yet",
        [typeof(Gelu)] = "it is not written yet",
        [typeof(GeluTanh)] = "it is not written yet",
        [typeof(HardSigmoid)] = "it is not written yet",
        [typeof(HardSwish)] = "it is not written yet",
        [typeof(LayerNorm)] = "it is not written yet",
        [typeof(LayerNormGradient)] = "it is a gradient",
        [typeof(LeakyRelu)] = "it is not written yet",
        [typeof(MaxPoolGradient)] = "it is a gradient",
        [typeof(Mish)] = "it is not written yet",
        [typeof(PointwiseGradient)] = "it is a gradient",
        [typeof(RandomDropout)] = "it is for training; wanted the inference graph",
        [typeof(RandomScale)] = "it is for training; wanted the inference graph",
        [typeof(Resize)] = "it is not written yet",
        [typeof(ResizeGradient)] = "it is a gradient",
        [typeof(SgdStep)] = "it updates parameters",
        [typeof(ShakeDrop)] = "it is not written yet",
        [typeof(ShakeShake)] = "it is not written yet",
        [typeof(Silu)] = "it is not written yet",
        [typeof(SliceGradient)] = "it is a gradient",
        [typeof(SoftmaxCrossEntropy)] = "it is a loss",
        [typeof(SoftmaxCrossEntropyGradient)] = "it is a gradient",
        [typeof(SoftmaxGradient)] = "it is a gradient",
        [typeof(Softplus)] = "it is not written yet",
        [typeof(SquaredNorm)] = "it measures gradients",
        [typeof(StochasticDepth)] = "it is not written yet",
        [typeof(Take)] = "it is not written yet",
        [typeof(TakeGradient)] = "it is a gradient",
        [typeof(Variable)] = "it is declared as an input or initializer",
    };
}
