using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>SqueezeNet (Iandola et al. 2016, arXiv:1602.07360); names and initialisers follow torchvision.</summary>
internal static class SqueezeNet
{
    /// <summary>Stands for a pooling in a list of squeezed widths.</summary>
    private const int Pool = 0;

    /// <summary>The number of what follows the first convolution and its activation.</summary>
    private const int FirstFire = 2;

    /// <summary>Version 1.0 is table 1 of the paper; 1.1 is the authors' cheaper one.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("squeezenet1_0", width: 96, kernel: 7, [Pool, 16, 16, 32, Pool, 32, 48, 48, 64, Pool, 64]),
        Row("squeezenet1_1", width: 64, kernel: 3, [Pool, 16, 16, Pool, 32, 32, Pool, 48, 48, 64, 64]),
    ];

    private static ModelRow Row(string name, int width, int kernel, int[] squeezed) =>
        new(name, "squeezenet", (s, x, options) => Build(s, x, options, width, kernel, squeezed))
        {
            Paper = "arXiv:1602.07360", Licence = "BSD-3-Clause", DropRate = 0.5,
            OtherNames = [PaddleClasNames.SqueezeNet([.. Fires(squeezed)]), MindCvNames.SqueezeNet],
        };

    private static IEnumerable<int> Fires(int[] squeezed) => squeezed.Index().Where(layer => layer.Item != Pool).Select(layer => layer.Index + FirstFire);

    private static Value Build(Scope s, Value x, ModelOptions options, int width, int kernel, int[] squeezed)
    {
        var f = s["features"];
        x = Conv(f[0], x, width, kernel, stride: 2, padding: 0);
        for (var i = 0; i < squeezed.Length; i++) x = squeezed[i] == Pool ? CeilingPool(x) : Fire(f[i + FirstFire], x, squeezed[i]);
        if (options.DropRate is { } rate and > 0) x = x.Dropout(rate);
        var classes = options.Classes ?? throw new ModelException("classes is not resolved");
        return x.Conv(s["classifier.1"], classes, kernel: 1, bias: true, initial: new Initializer.Normal(0.01)).Relu().GlobalAveragePool().Flatten();
    }

    /// <summary>A few 1×1 filters, then four times as many of 1×1 and of 3×3, side by side (fig. 1).</summary>
    private static Value Fire(Scope s, Value x, int squeezed)
    {
        x = Conv(s["squeeze"], x, squeezed, kernel: 1);
        return Conv(s["expand1x1"], x, 4 * squeezed, kernel: 1).Concat(1, Conv(s["expand3x3"], x, 4 * squeezed, kernel: 3));
    }

    private static Value Conv(Scope s, Value x, int channels, int kernel, int stride = 1, int? padding = null)
    {
        var bound = Math.Sqrt(6.0 / (x.Shape.C * kernel * kernel));
        return x.Conv(s, channels, kernel, stride, padding, bias: true, initial: new Initializer.Uniform(bound)).Relu();
    }

    /// <summary>Windows of 3×3 every other pixel, the last of which may reach over the edge. PyTorch: ceil_mode=True.</summary>
    private static Value CeilingPool(Value x)
    {
        var (bottom, right) = (Overhang(x.Shape.H), Overhang(x.Shape.W));
        return x.MaxPool(3, 3, new Window2d(2, 2, Bottom: bottom, Right: right));
    }

    private static int Overhang(int extent) => extent % 2 == 0 ? 1 : 0;
}
