using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>The toy nets of pytorch-cifar-tricks: a plain stack of 22 convolutions, and two convolutions of a chosen scale and kernel.</summary>
internal static class ToyNet
{
    private const string Source = "https://github.com/pprp/pytorch-cifar-tricks";

    /// <summary>Channels of each layer in units of six; 0 halves the image.</summary>
    private static readonly int[] s_layers = [1, 2, 0, 4, 4, 0, 8, 16, 32, 0, 64, 64, 64, 64, 0, 128, 128, 128, 128, 128, 0, 128, 128, 128, 128, 128, 128];

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        CifarRow.Of("cifar_toymodel", "toynet", Build, Source),
        .. from kernel in (int[])[5, 3] from scale in (int[])[1, 2, 3, 4]
           select CifarRow.Of($"cifar_toynet_s{scale}_k{kernel}", "toynet", Of(scale, kernel), Source),
    ];

    /// <summary>The first layer stands as convolution, norm and ReLU at 0, 1 and 2; each other layer is one module.</summary>
    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        x = x.ConvNormRelu(s["stem"][0], s["stem"][1], 6 * s_layers[0], kernel: 3, bias: true);
        for (var i = 1; i < s_layers.Length; i++)
        {
            var at = s["stem"][i + 2]["stem"];
            x = s_layers[i] == 0 ? x.MaxPool(kernel: 2, stride: 2) : x.ConvNormRelu(at[0], at[1], 6 * s_layers[i], kernel: 3, bias: true);
        }

        return x.Classifier(s["fc1"], options);
    }

    /// <summary>The scale and kernel study: LeNet with padding, 6 and 16 channels times the scale.</summary>
    private static ModelBuilder Of(int scale, int kernel) => (s, x, options) =>
    {
        x = x.PlainConv(s["stem"][0], 6 * scale, kernel, bias: true).Relu().MaxPool(kernel: 2, stride: 2);
        x = x.PlainConv(s["stem"][3], 16 * scale, kernel, bias: true).Relu().MaxPool(kernel: 2, stride: 2);
        return x.Linear(s["fc1"], 120).Relu().Linear(s["fc2"], 84).Relu().Logits(s["fc3"], options);
    };
}
