using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>GoogLeNet (Szegedy et al. 2014, arXiv:1409.4842) for 32 pixels: norms, two 3×3 convolutions for the 5×5, no auxiliary heads.</summary>
/// <remarks>Names and initialisers follow pytorch-cifar-tricks; global average pooling in place of windows of 8, which is the same at 32 pixels.</remarks>
internal static class CifarGoogLeNet
{
    internal static IReadOnlyList<ModelRow> Rows { get; } = [CifarRow.Of("cifar_googlenet", "cifar_googlenet", Build, "arXiv:1409.4842")];

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        x = Unit(s["pre_layers"], 0, x, 192, kernel: 3);
        x = Module(s["a3"], x, 64, (96, 128), (16, 32), 32);
        x = Module(s["b3"], x, 128, (128, 192), (32, 96), 64).MaxPool(kernel: 3, stride: 2, padding: 1);
        x = Module(s["a4"], x, 192, (96, 208), (16, 48), 64);
        x = Module(s["b4"], x, 160, (112, 224), (24, 64), 64);
        x = Module(s["c4"], x, 128, (128, 256), (24, 64), 64);
        x = Module(s["d4"], x, 112, (144, 288), (32, 64), 64);
        x = Module(s["e4"], x, 256, (160, 320), (32, 128), 128).MaxPool(kernel: 3, stride: 2, padding: 1);
        x = Module(s["a5"], x, 256, (160, 320), (32, 128), 128);
        x = Module(s["b5"], x, 384, (192, 384), (48, 128), 128);
        return x.Classifier(s["linear"], options);
    }

    private static Value Module(Scope s, Value x, int single, (int In, int Out) three, (int In, int Out) five, int pooled)
    {
        var first = Unit(s["b1"], 0, x, single, kernel: 1);
        var second = Unit(s["b2"], 3, Unit(s["b2"], 0, x, three.In, kernel: 1), three.Out, kernel: 3);
        var third = Unit(s["b3"], 3, Unit(s["b3"], 0, x, five.In, kernel: 1), five.Out, kernel: 3);
        third = Unit(s["b3"], 6, third, five.Out, kernel: 3);
        return first.Concat(axis: 1, second, third, Unit(s["b4"], 1, x.MaxPool(kernel: 3, stride: 1, padding: 1), pooled, kernel: 1));
    }

    /// <summary>Convolution with bias, norm and ReLU, at the given place of a sequence.</summary>
    private static Value Unit(Scope s, int at, Value x, int channels, int kernel) =>
        x.TorchConv(s[at], channels, kernel, bias: true).Norm(s[at + 1]).Relu();
}
