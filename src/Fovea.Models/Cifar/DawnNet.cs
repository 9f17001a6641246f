using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>
/// The residual nets of David Page's DAWNBench entry (https://myrtle.ai/learn/how-to-train-your-resnet/): eight blocks of 64, 128, 256 and 256 channels.
/// </summary>
internal static class DawnNet
{
    private static readonly int[] s_widths = [64, 128, 256, 256];

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_dawnnet", Build),
        Row("cifar_dawnnet_graph", BuildGraph),
    ];

    /// <summary>The form of modules: basic blocks, the classifier on the maxima; convolutions and linear layer He-normal by fan-in.</summary>
    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        var initial = Initializer.KaimingFanIn;
        x = CifarBlocks.Stem(s, x, s_widths[0], initial: initial);
        x = CifarBlocks.Stages(s, x, [2, 2, 2, 2], (at, x, stage, stride) => CifarBlocks.Basic(at, x, s_widths[stage], stride, initial));
        return x.GlobalMaxPool().Logits(s["linear"], options, initial);
    }

    /// <summary>The form of a dictionary of nodes: pre-activation blocks, the classifier on maxima and means.</summary>
    private static Value BuildGraph(Scope s, Value x, ModelOptions options)
    {
        x = x.PlainConv(s["prep_conv"], s_widths[0], kernel: 3);
        for (var layer = 1; layer <= s_widths.Length; layer++)
            for (var i = 0; i < 2; i++)
                x = Block(s, $"layer{layer}_block{i}_", x, s_widths[layer - 1], layer > 1 && i == 0 ? 2 : 1);
        return x.GlobalMaxPool().Concat(axis: 1, x.GlobalAveragePool()).Logits(s["final_linear"], options);
    }

    /// <summary>What is added to the branch is always what the first ReLU gives, projected where the shape changes.</summary>
    private static Value Block(Scope s, string prefix, Value x, int width, int stride)
    {
        var projects = stride != 1 || x.Shape.C != width;
        x = x.Norm(s[$"{prefix}bn1"]).Relu();
        var y = x.PlainConv(s[$"{prefix}branch_conv1"], width, kernel: 3, stride).Norm(s[$"{prefix}branch_bn2"]).Relu();
        y = y.PlainConv(s[$"{prefix}branch_conv2"], width, kernel: 3);
        return (projects ? x.PlainConv(s[$"{prefix}conv3"], width, kernel: 1, stride) : x).Plus(y);
    }

    private static ModelRow Row(string name, ModelBuilder builder) =>
        CifarRow.Of(name, "dawnnet", builder, "https://myrtle.ai/learn/how-to-train-your-resnet/");
}
