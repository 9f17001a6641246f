using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>ResNet with stochastic depth (Huang et al. 2016, arXiv:1603.09382): blocks survive with a probability that falls from 1 to ½.</summary>
/// <remarks>No ReLU follows the sum of a block, as in the authors' code.</remarks>
internal static class StochasticDepthResNet
{
    private const double LastSurvival = 0.5;

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_stochastic_depth_resnet18", Of([2, 2, 2, 2])),
        Row("cifar_stochastic_depth_resnet34", Of([3, 4, 6, 3])),
        Row("cifar_stochastic_depth_resnet50", Of([3, 4, 6, 3], bottleneck: true)),
        Row("cifar_stochastic_depth_resnet101", Of([3, 4, 23, 3], bottleneck: true)),
        Row("cifar_stochastic_depth_resnet152", Of([3, 8, 36, 3], bottleneck: true)),
    ];

    private static ModelBuilder Of(int[] depths, bool bottleneck = false) => (s, x, options) =>
    {
        x = x.ConvNormRelu(s["conv1"][0], s["conv1"][1], 64, kernel: 3, bias: true);
        var (number, last) = (0, depths.Sum() - 1);
        for (var stage = 0; stage < depths.Length; stage++)
            for (var i = 0; i < depths[stage]; i++, number++)
            {
                var (at, stride) = (s[$"conv{stage + 2}_x"][i], stage > 0 && i == 0 ? 2 : 1);
                var branch = bottleneck ? Bottleneck(at["residual"], x, 64 << stage, stride) : Basic(at["residual"], x, 64 << stage, stride);
                var survives = branch.StochasticDepth(1 - ((1 - LastSurvival) * number / last));
                x = survives.Plus(Shortcut(at["shortcut"], x, branch.Shape.C, stride, bias: !bottleneck));
            }

        return x.Classifier(s["fc"], options);
    };

    private static Value Basic(Scope s, Value x, int width, int stride)
    {
        var y = x.ConvNormRelu(s[0], s[1], width, kernel: 3, stride, bias: true);
        return y.PlainConv(s[3], width, kernel: 3, bias: true).Norm(s[4]);
    }

    private static Value Bottleneck(Scope s, Value x, int width, int stride)
    {
        var y = x.ConvNormRelu(s[0], s[1], width, kernel: 1).ConvNormRelu(s[3], s[4], width, kernel: 3, stride);
        return y.PlainConv(s[6], 4 * width, kernel: 1).Norm(s[7]);
    }

    private static Value Shortcut(Scope s, Value x, int channels, int stride, bool bias) =>
        stride == 1 && x.Shape.C == channels ? x : x.PlainConv(s[0], channels, kernel: 1, stride, bias: bias).Norm(s[1]);

    private static ModelRow Row(string name, ModelBuilder builder) => CifarRow.Of(name, "stochastic_depth_resnet", builder, "arXiv:1603.09382");
}
