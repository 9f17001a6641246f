using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>PNASNet (Liu et al. 2017, arXiv:1712.00559) for 32 pixels, simplified: each cell reads the one before alone.</summary>
/// <remarks>
/// Names and initialisers follow pytorch-cifar-tricks, whose separable convolutions have no pointwise part; <c>cifar_pnasnet</c> has its cell B.
/// </remarks>
internal static class CifarPNasNet
{
    private const int CellsPerStage = 6;

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_pnasneta", CellA, 44),
        Row("cifar_pnasnet", CellB, 32) with { Aliases = ["cifar_pnasnetb"] },
    ];

    private delegate Value Cell(Scope s, Value x, int channels, int stride);

    private static ModelBuilder Of(Cell cell, int width) => (s, x, options) =>
    {
        x = x.TorchConv(s["conv1"], width, kernel: 3).Norm(s["bn1"]).Relu();
        for (var stage = 0; stage < 3; stage++)
        {
            if (stage > 0) x = cell(s[$"layer{2 * stage}"], x, width << stage, stride: 2);
            for (var i = 0; i < CellsPerStage; i++) x = cell(s[$"layer{(2 * stage) + 1}"][i], x, width << stage, stride: 1);
        }

        return x.Classifier(s["linear"], options);
    };

    private static Value CellA(Scope s, Value x, int channels, int stride)
    {
        var y = Depthwise(s["sep_conv1"], x, channels, kernel: 7, stride);
        return y.Plus(Pooled(s, x, channels, stride)).Relu();
    }

    private static Value CellB(Scope s, Value x, int channels, int stride)
    {
        var y = Depthwise(s["sep_conv1"], x, channels, kernel: 7, stride).Plus(Depthwise(s["sep_conv2"], x, channels, kernel: 3, stride)).Relu();
        var z = Depthwise(s["sep_conv3"], x, channels, kernel: 5, stride);
        z = Pooled(s, x, channels, stride).Plus(z).Relu();
        return y.Concat(axis: 1, z).TorchConv(s["conv2"], channels, kernel: 1).Norm(s["bn2"]).Relu();
    }

    private static Value Depthwise(Scope s, Value x, int channels, int kernel, int stride) =>
        x.TorchConv(s["conv1"], channels, kernel, stride, groups: x.Shape.C).Norm(s["bn1"]);

    /// <summary>Max pooling, and with stride 2 a 1×1 convolution to the new channels.</summary>
    private static Value Pooled(Scope s, Value x, int channels, int stride)
    {
        var y = x.MaxPool(kernel: 3, stride, padding: 1);
        return stride > 1 ? y.TorchConv(s["conv1"], channels, kernel: 1).Norm(s["bn1"]) : y;
    }

    private static ModelRow Row(string name, Cell cell, int width) => CifarRow.Of(name, "cifar_pnasnet", Of(cell, width), "arXiv:1712.00559");
}
