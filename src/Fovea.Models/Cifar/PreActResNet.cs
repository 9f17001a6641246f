using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>ResNet with norm and ReLU in front of each convolution (He et al. 2016, arXiv:1603.05027, fig. 4e).</summary>
internal static class PreActResNet
{
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_preact_resnet", Of([2, 2, 2, 2])) with { Aliases = ["cifar_preact_resnet18"] },
        Row("cifar_preact_resnet34", Of([3, 4, 6, 3])),
        Row("cifar_preact_resnet50", Of([3, 4, 6, 3], bottleneck: true)),
        Row("cifar_preact_resnet101", Of([3, 4, 23, 3], bottleneck: true)),
        Row("cifar_preact_resnet152", Of([3, 8, 36, 3], bottleneck: true)),
    ];

    private static ModelBuilder Of(int[] depths, bool bottleneck = false) => (s, x, options) =>
    {
        x = x.PlainConv(s["conv1"], 64, kernel: 3);
        x = CifarBlocks.Stages(s, x, depths, (at, x, stage, stride) => Block(at, x, 64 << stage, stride, bottleneck));
        return x.Classifier(s["linear"], options);
    };

    /// <summary>A block; a projection, where the shape changes, reads what the first ReLU gives.</summary>
    /// <param name="s">Where its layers are.</param>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="width">Channels of the 3×3 convolutions.</param>
    /// <param name="stride">That of the first 3×3 convolution.</param>
    /// <param name="bottleneck">Whether it is one 3×3 convolution between 1×1 ones, the last to four times the width.</param>
    /// <param name="excites">Whether squeeze-and-excite to a sixteenth of the channels follows.</param>
    internal static Value Block(Scope s, Value x, int width, int stride, bool bottleneck = false, bool excites = false)
    {
        var channels = bottleneck ? 4 * width : width;
        var first = x.Norm(s["bn1"]).Relu();
        var y = bottleneck ? first.PlainConv(s["conv1"], width, kernel: 1) : first.PlainConv(s["conv1"], width, kernel: 3, stride);
        y = y.Norm(s["bn2"]).Relu().PlainConv(s["conv2"], width, kernel: 3, bottleneck ? stride : 1);
        if (bottleneck) y = y.Norm(s["bn3"]).Relu().PlainConv(s["conv3"], channels, kernel: 1);
        var projects = stride != 1 || x.Shape.C != channels;
        var skip = projects ? first.PlainConv(s["shortcut"][0], channels, kernel: 1, stride) : x;
        if (excites) y = y.SqueezeExcite(s["fc1"], s["fc2"], channels / 16, initial: Initializer.FanInUniform);
        return y.Plus(skip);
    }

    private static ModelRow Row(string name, ModelBuilder builder) => CifarRow.Of(name, "preact_resnet", builder, "arXiv:1603.05027");
}
