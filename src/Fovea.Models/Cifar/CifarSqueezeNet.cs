using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>SqueezeNet with simple bypass and batch norm (Iandola et al. 2016, arXiv:1602.07360, fig. 2, middle).</summary>
internal static class CifarSqueezeNet
{
    internal static IReadOnlyList<ModelRow> Rows { get; } = [CifarRow.Of("cifar_squeezenet", "squeezenet", Build, "arXiv:1602.07360")];

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        x = Fire(s["fire2"], Layer(s["stem"], x, 96, kernel: 3).MaxPool(kernel: 2, stride: 2), 128);
        x = Bypassed(s["fire3"], x);
        x = Bypassed(s["fire5"], Fire(s["fire4"], x, 256).MaxPool(kernel: 2, stride: 2));
        x = Bypassed(s["fire7"], Fire(s["fire6"], x, 384));
        x = Fire(s["fire9"], Fire(s["fire8"], x, 512).MaxPool(kernel: 2, stride: 2), 512);
        if (options.DropRate is { } rate and > 0) x = x.Dropout(rate);
        var classes = options.Classes ?? throw new ModelException("classes is not resolved");
        return x.PlainConv(s["conv10"], classes, kernel: 1, bias: true).GlobalAveragePool().Flatten();
    }

    private static Value Bypassed(Scope s, Value x) => Fire(s, x, x.Shape.C).Plus(x);

    /// <summary>An eighth of the channels is squeezed to; half of them come from 1×1, half from 3×3 convolutions.</summary>
    private static Value Fire(Scope s, Value x, int channels)
    {
        x = Layer(s["squeeze"], x, channels / 8, kernel: 1);
        return Layer(s["expand_1x1"], x, channels / 2, kernel: 1).Concat(axis: 1, Layer(s["expand_3x3"], x, channels / 2, kernel: 3));
    }

    private static Value Layer(Scope s, Value x, int channels, int kernel) => x.ConvNormRelu(s[0], s[1], channels, kernel, bias: true);
}
