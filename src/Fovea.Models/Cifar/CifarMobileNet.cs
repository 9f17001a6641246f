using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>MobileNet (Howard et al. 2017, arXiv:1704.04861) and MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381) for images of 32 pixels.</summary>
/// <remarks>Names and initialisers (PyTorch's defaults) follow pytorch-cifar-tricks.</remarks>
internal static class CifarMobileNet
{
    private static readonly (int Channels, int Stride)[] s_separable =
    [
        (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
    ];

    private static readonly (int Expansion, int Channels, int Blocks, int Stride)[] s_inverted =
    [
        (1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ];

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        CifarRow.Of("cifar_mobilenet", "cifar_mobilenet", First, "arXiv:1704.04861"),
        CifarRow.Of("cifar_mobilenetv2", "cifar_mobilenet", Second, "arXiv:1801.04381"),
    ];

    private static Value First(Scope s, Value x, ModelOptions options)
    {
        x = Convolved(s, 1, x, 32, kernel: 3).Relu();
        for (var i = 0; i < s_separable.Length; i++)
        {
            var (at, (channels, stride)) = (s["layers"][i], s_separable[i]);
            x = Convolved(at, 1, x, x.Shape.C, kernel: 3, stride, groups: x.Shape.C).Relu();
            x = Convolved(at, 2, x, channels, kernel: 1).Relu();
        }

        return x.Classifier(s["linear"], options);
    }

    private static Value Second(Scope s, Value x, ModelOptions options)
    {
        x = Convolved(s, 1, x, 32, kernel: 3).Relu();
        var number = 0;
        foreach (var (expansion, channels, blocks, stride) in s_inverted)
            for (var i = 0; i < blocks; i++) x = Inverted(s["layers"][number++], x, expansion * x.Shape.C, channels, i == 0 ? stride : 1);
        return Convolved(s, 2, x, 1280, kernel: 1).Relu().Classifier(s["linear"], options);
    }

    /// <summary>A block whose identity is projected where only the channels change.</summary>
    private static Value Inverted(Scope s, Value x, int inside, int channels, int stride)
    {
        var y = Convolved(s, 1, x, inside, kernel: 1).Relu();
        y = Convolved(s, 2, y, inside, kernel: 3, stride, groups: inside).Relu();
        y = Convolved(s, 3, y, channels, kernel: 1);
        if (stride > 1) return y;
        var shortcut = s["shortcut"];
        return y.Plus(x.Shape.C == channels ? x : x.Conv(shortcut[0], channels, kernel: 1, initial: Initializer.FanInUniform).Norm(shortcut[1]));
    }

    private static Value Convolved(Scope s, int number, Value x, int channels, int kernel, int stride = 1, int groups = 1) =>
        x.Conv(s[$"conv{number}"], channels, kernel, stride, groups: groups, initial: Initializer.FanInUniform).Norm(s[$"bn{number}"]);
}
