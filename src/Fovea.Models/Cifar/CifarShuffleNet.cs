using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>ShuffleNet with 2 or 3 groups (Zhang et al. 2017, arXiv:1707.01083, table 1) on a 1×1 stem.</summary>
internal static class CifarShuffleNet
{
    private const int StemChannels = 24;

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_shufflenetg2", Of(groups: 2, channels: 200)) with { Aliases = ["cifar_shufflenet_g2"] },
        Row("cifar_shufflenetg3", Of(groups: 3, channels: 240)) with { Aliases = ["cifar_shufflenet_g3"] },
    ];

    /// <summary>Every stage begins with a halving; <paramref name="channels"/> are those of the first.</summary>
    private static ModelBuilder Of(int groups, int channels) => (s, x, options) =>
    {
        x = CifarBlocks.Stem(s, x, StemChannels, kernel: 1);
        x = CifarBlocks.Stages(s, x, [4, 8, 4], (at, x, stage, stride) => Block(at, x, channels << stage, stride, groups), strides: [2, 2, 2]);
        return x.Classifier(s["linear"], options);
    };

    /// <summary>A shuffled bottleneck that is summed with x, or, where it halves the image, put in front of its means (fig. 2b, c).</summary>
    private static Value Block(Scope s, Value x, int channels, int stride, int groups)
    {
        var own = stride == 2 ? channels - x.Shape.C : channels;
        var inner = own / 4;
        var first = x.Shape.C == StemChannels ? 1 : groups;
        var y = x.ConvNormRelu(s["conv1"], s["bn1"], inner, kernel: 1, groups: first).ShuffleChannels(first);
        y = y.ConvNormRelu(s["conv2"], s["bn2"], inner, kernel: 3, stride, groups: inner);
        y = y.PlainConv(s["conv3"], own, kernel: 1, groups: groups).Norm(s["bn3"]);
        return (stride == 2 ? y.Concat(axis: 1, x.AvgPool(kernel: 3, stride: 2, padding: 1)) : y.Plus(x)).Relu();
    }

    private static ModelRow Row(string name, ModelBuilder builder) => CifarRow.Of(name, "shufflenet", builder, "arXiv:1707.01083");
}
