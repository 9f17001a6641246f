using Fovea.Formats.Onnx.Nodes;
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
            .. Activations.Writes, .. Arithmetic.Writes, .. Convolutions.Writes, .. Gathers.Writes, .. LayerNorms.Writes, .. Pointwises.Writes,
            .. Pools.Writes, .. Products.Writes, .. Reductions.Writes, .. Resizes.Writes, .. Shapes.Writes])
        .ToDictionary(row => row.Op, row => row.Write);

    /// <summary>How ONNX operations are read, by their name.</summary>
    internal static Dictionary<string, ReadRow> Reads { get; } =
        ((ReadRow[])[
            .. Activations.Reads, .. Arithmetic.Reads, .. Compositions.Reads, .. Convolutions.Reads, .. Gathers.Reads, .. LayerNorms.Reads, .. Pointwises.Reads,
            .. Pools.Reads, .. Products.Reads, .. Reductions.Reads, .. Resizes.Reads, .. Shapes.Reads, .. Settings.Reads])
        .ToDictionary(row => row.Op, StringComparer.Ordinal);

    /// <summary>The operations that are not written, and why.</summary>
    internal static Dictionary<Type, string> Exempt { get; } = new()
    {
        [typeof(AvgPoolGradient)] = "it is a gradient",
        [typeof(BatchNormGradient)] = "it is a gradient",
        [typeof(BatchNormTraining)] = "it is for training; wanted the inference graph",
        [typeof(Blend)] = "it updates running statistics and averages",
        [typeof(ClipFactor)] = "it clips gradients",
        [typeof(Conv2dInputGradient)] = "it is a gradient",
        [typeof(Conv2dWeightGradient)] = "it is a gradient",
        [typeof(Dequantize)] = "integers have no form in the files that are written; wanted the model in fractions",
        [typeof(LayerNormGradient)] = "it is a gradient",
        [typeof(MaxPoolGradient)] = "it is a gradient",
        [typeof(PointwiseGradient)] = "it is a gradient",
        [typeof(Quantize)] = "integers have no form in the files that are written; wanted the model in fractions",
        [typeof(RandomDropout)] = "it is for training; wanted the inference graph",
        [typeof(RandomScale)] = "it is for training; wanted the inference graph",
        [typeof(ResizeGradient)] = "it is a gradient",
        [typeof(SliceGradient)] = "it is a gradient",
        [typeof(SoftmaxCrossEntropy)] = "it is a loss",
        [typeof(SoftmaxCrossEntropyGradient)] = "it is a gradient",
        [typeof(SoftmaxGradient)] = "it is a gradient",
        [typeof(SquaredNorm)] = "it measures gradients",
        [typeof(StopGradient)] = "it is of training",
        [typeof(TakeGradient)] = "it is a gradient",
        [typeof(Variable)] = "it is declared as an input or initializer",
    };
}
