using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>ShuffleNet V2 (Ma et al. 2018, arXiv:1807.11164, table 5) with a 3×3 stem that keeps the size.</summary>
internal static class CifarShuffleNetV2
{
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_shufflenetv2", Of(48, 96, 192, 1024)) with { Aliases = ["cifar_shufflenetv2_x0_5"] },
        Row("cifar_shufflenetv2_x1_0", Of(116, 232, 464, 1024)),
        Row("cifar_shufflenetv2_x1_5", Of(176, 352, 704, 1024)),
        Row("cifar_shufflenetv2_x2_0", Of(224, 488, 976, 2048)),
    ];

    /// <summary>Channels of the three stages and of the last convolution.</summary>
    private static ModelBuilder Of(int first, int second, int third, int last) => (s, x, options) =>
    {
        x = CifarBlocks.Stem(s, x, 24);
        int[] channels = [first, second, third];
        x = CifarBlocks.Stages(s, x, [4, 8, 4], (at, x, stage, stride) => stride == 2 ? Down(at, x, channels[stage]) : Basic(at, x), strides: [2, 2, 2]);
        return x.ConvNormRelu(s["conv2"], s["bn2"], last, kernel: 1).Classifier(s["linear"], options);
    };

    /// <summary>Half of the channels pass, the others are convolved (fig. 3c).</summary>
    private static Value Basic(Scope s, Value x)
    {
        var half = x.Shape.C / 2;
        var y = x.Slice(axis: 1, half, half).ConvNormRelu(s["conv1"], s["bn1"], half, kernel: 1);
        y = Depthwise(s["conv2"], s["bn2"], y, stride: 1).ConvNormRelu(s["conv3"], s["bn3"], half, kernel: 1);
        return x.Slice(axis: 1, start: 0, half).Concat(axis: 1, y).ShuffleChannels(2);
    }

    /// <summary>Both halves come from all channels at half the size (fig. 3d).</summary>
    private static Value Down(Scope s, Value x, int channels)
    {
        var left = Depthwise(s["conv1"], s["bn1"], x, stride: 2).ConvNormRelu(s["conv2"], s["bn2"], channels / 2, kernel: 1);
        var right = x.ConvNormRelu(s["conv3"], s["bn3"], channels / 2, kernel: 1);
        right = Depthwise(s["conv4"], s["bn4"], right, stride: 2).ConvNormRelu(s["conv5"], s["bn5"], channels / 2, kernel: 1);
        return left.Concat(axis: 1, right).ShuffleChannels(2);
    }

    private static Value Depthwise(Scope conv, Scope norm, Value x, int stride) =>
        x.PlainConv(conv, x.Shape.C, kernel: 3, stride, groups: x.Shape.C).Norm(norm);

    private static ModelRow Row(string name, ModelBuilder builder) => CifarRow.Of(name, "shufflenetv2", builder, "arXiv:1807.11164");
}
