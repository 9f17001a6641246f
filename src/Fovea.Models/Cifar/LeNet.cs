using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>LeNet-5 with ReLU and max pooling (LeCun et al. 1998, doi:10.1109/5.726791), for colour images of 32 and grey ones of 28 pixels.</summary>
internal static class LeNet
{
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_lenet", Of("fc3")),
        Row("mnist_lenet", Of("classifier")) with { ImageSize = 28, Mean = [0.1307], Std = [0.3081] },
    ];

    private static ModelBuilder Of(string classifier) => (s, x, options) =>
    {
        x = x.PlainConv(s["conv1"], 6, kernel: 5, padding: 0, bias: true).Relu().MaxPool(kernel: 2, stride: 2);
        x = x.PlainConv(s["conv2"], 16, kernel: 5, padding: 0, bias: true).Relu().MaxPool(kernel: 2, stride: 2);
        return x.Linear(s["fc1"], 120).Relu().Linear(s["fc2"], 84).Relu().Logits(s[classifier], options);
    };

    private static ModelRow Row(string name, ModelBuilder builder) => CifarRow.Of(name, "lenet", builder, "doi:10.1109/5.726791");
}
