using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Cifar;

/// <summary>EfficientNet-B0 (Tan and Le 2019, arXiv:1905.11946) for images of 32 pixels.</summary>
/// <remarks>
/// Names and initialisers (PyTorch's defaults) follow pytorch-cifar-tricks, whose drop-connect rate is 0 in every block, and whose first
/// block declares a convolution and a norm that it does not use.
/// </remarks>
internal static class CifarEfficientNet
{
    private static readonly (int Expansion, int Channels, int Blocks, int Kernel, int Stride)[] s_stages =
    [
        (1, 16, 1, 3, 1), (6, 24, 2, 3, 2), (6, 40, 2, 5, 2), (6, 80, 3, 3, 2), (6, 112, 3, 5, 1), (6, 192, 4, 5, 2), (6, 320, 1, 3, 1),
    ];

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        CifarRow.Of("cifar_efficientnetb0", "cifar_efficientnet", Build, "arXiv:1905.11946") with
        {
            DropRate = 0.2,
            UnusedTensors =
            [
                "layers.0.conv1.weight", "layers.0.bn1.weight", "layers.0.bn1.bias", "layers.0.bn1.running_mean", "layers.0.bn1.running_var",
            ],
        },
    ];

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        x = Convolved(s, 1, x, 32, kernel: 3).Silu();
        var number = 0;
        foreach (var (expansion, channels, blocks, kernel, stride) in s_stages)
            for (var i = 0; i < blocks; i++) x = Block(s["layers"][number++], x, expansion, channels, kernel, i == 0 ? stride : 1);
        return x.Classifier(s["linear"], options);
    }

    private static Value Block(Scope s, Value x, int expansion, int channels, int kernel, int stride)
    {
        var (inside, reduced) = (expansion * x.Shape.C, x.Shape.C / 4);
        var y = expansion > 1 ? Convolved(s, 1, x, inside, kernel: 1).Silu() : Unused(s, x);
        y = Convolved(s, 2, y, inside, kernel, stride, groups: inside).Silu();
        y = y.SqueezeExcite(s["se"]["se1"], s["se"]["se2"], reduced, Nodes.Silu, initial: Initializer.FanInUniform);
        y = Convolved(s, 3, y, channels, kernel: 1);
        return stride == 1 && x.Shape.C == channels ? y.Plus(x) : y;
    }

    /// <summary>Declares the expansion of a block that has none.</summary>
    private static Value Unused(Scope s, Value x)
    {
        var channels = new Shape(x.Shape.C);
        s["conv1"].Parameter("weight", new Shape(x.Shape.C, x.Shape.C, 1, 1), Initializer.FanInUniform);
        s["bn1"].Parameter("weight", channels, Initializer.Ones);
        s["bn1"].Parameter("bias", channels, Initializer.Zeros);
        s["bn1"].State("running_mean", channels, Initializer.Zeros);
        s["bn1"].State("running_var", channels, Initializer.Ones);
        return x;
    }

    private static Value Convolved(Scope s, int number, Value x, int channels, int kernel, int stride = 1, int groups = 1) =>
        x.Conv(s[$"conv{number}"], channels, kernel, stride, groups: groups, initial: Initializer.FanInUniform).Norm(s[$"bn{number}"]);
}
