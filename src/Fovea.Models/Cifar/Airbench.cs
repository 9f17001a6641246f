using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>
/// The net of airbench94 (Jordan 2024, arXiv:2404.00498): a 2×2 convolution that whitens and is not trained, three groups of two convolutions that start as
/// the identity, norms that shift but do not scale. The first convolution wants <c>model.whiten</c>.
/// </summary>
internal static class Airbench
{
    private const double LogitScale = 1.0 / 9;

    internal static IReadOnlyList<ModelRow> Rows { get; } = [Row("airbench94", 64), Row("airbench94_w32", 32)];

    private static ModelRow Row(string name, int width) => CifarRow.Of(
        name, "airbench", (s, x, options) => Build(s, x, options, width), "arXiv:2404.00498") with
    {
        Std = [0.2470, 0.2435, 0.2616],
    };

    private static Value Build(Scope s, Value x, ModelOptions options, int width)
    {
        const int kernel = 2;
        var filters = 2 * x.Shape.C * kernel * kernel;
        x = x.Conv2d(s[0].State("weight", new(filters, x.Shape.C, kernel, kernel), Initializer.FanInUniform), Window2d.Of(1, 0))
            .PlusChannels(s[0].Parameter("bias", new(filters), Initializer.Zeros)).Gelu();
        x = Group(s[2], x, width);
        x = Group(s[3], x, 4 * width);
        x = Group(s[4], x, 4 * width);
        x = x.MaxPool(kernel: 3, stride: 3);
        if (options.DropRate is { } rate and > 0) x = x.Dropout(rate);
        return x.Linear(s[7], options.Classes ?? throw new ModelException("classes is not resolved"), bias: false).Times(LogitScale);
    }

    private static Value Group(Scope s, Value x, int channels)
    {
        x = x.Conv(s["conv1"], channels, kernel: 3, initial: Initializer.Dirac).MaxPool(kernel: 2, stride: 2);
        x = Shifted(x, s["norm1"]).Gelu();
        return Shifted(x.Conv(s["conv2"], channels, kernel: 3, initial: Initializer.Dirac), s["norm2"]).Gelu();
    }

    private static Value Shifted(Value x, Scope s)
    {
        var channels = new Tensors.Shape(x.Shape.C);
        return x.BatchNorm(
            s.State("weight", channels, Initializer.Ones), s.Parameter("bias", channels, Initializer.Zeros),
            s.State("running_mean", channels, Initializer.Zeros), s.State("running_var", channels, Initializer.Ones), epsilon: 1e-12, momentum: 0.4);
    }
}
