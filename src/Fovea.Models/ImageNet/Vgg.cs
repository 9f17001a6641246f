using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.ImageNet;

/// <summary>VGG (Simonyan and Zisserman 2014, arXiv:1409.1556) with and without norms; names and initialisers follow timm.</summary>
/// <remarks>As in timm the first two fully connected layers are a 7×7 and a 1×1 convolution, so that larger images give averaged logits.</remarks>
internal static class Vgg
{
    /// <summary>Rows and columns that the head wants; smaller maps are spread over as many.</summary>
    private const int HeadSize = 7;

    private const int HeadWidth = 4096;

    /// <summary>torchvision's names; its first two fully connected layers are such.</summary>
    private static readonly NameMap s_torchvision = new(
        "torchvision", ("classifier.0", "pre_logits.fc1"), ("classifier.3", "pre_logits.fc2"), ("classifier.6", "head.fc"))
    { Flattened = ["pre_logits.fc1.weight", "pre_logits.fc2.weight"] };

    /// <summary>Columns A, B, D and E of table 1 of the paper.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("vgg11", [1, 1, 2, 2, 2], norms: false),
        Row("vgg11_bn", [1, 1, 2, 2, 2], norms: true),
        Row("vgg13", [2, 2, 2, 2, 2], norms: false),
        Row("vgg13_bn", [2, 2, 2, 2, 2], norms: true),
        Row("vgg16", [2, 2, 3, 3, 3], norms: false),
        Row("vgg16_bn", [2, 2, 3, 3, 3], norms: true),
        Row("vgg19", [2, 2, 4, 4, 4], norms: false),
        Row("vgg19_bn", [2, 2, 4, 4, 4], norms: true),
    ];

    private static ModelRow Row(string name, int[] depths, bool norms) =>
        new(name, "vgg", (s, x, options) => Build(s, x, options, depths, norms))
        {
            Paper = "arXiv:1409.1556", Licence = "BSD-3-Clause", OtherNames = [s_torchvision, PaddleClasNames.Vgg(Layers(depths, norms)), MindCvNames.Vgg],
        };

    /// <summary>The numbers of the convolutions, stage by stage: behind each stand its norm and its activation, behind a stage its pooling.</summary>
    private static int[][] Layers(int[] depths, bool norms)
    {
        var (step, next) = (norms ? 3 : 2, 0);
        var layers = new int[depths.Length][];
        for (var stage = 0; stage < depths.Length; stage++, next++)
        {
            var first = next;
            layers[stage] = [.. Enumerable.Range(0, depths[stage]).Select(i => first + (i * step))];
            next += depths[stage] * step;
        }

        return layers;
    }

    private static Value Build(Scope s, Value x, ModelOptions options, int[] depths, bool norms)
    {
        var f = s["features"];
        var layer = 0;
        for (var stage = 0; stage < depths.Length; stage++)
        {
            for (var i = 0; i < depths[stage]; i++)
            {
                x = x.Conv(f[layer], Math.Min(64 << stage, 512), kernel: 3, bias: true);
                if (norms) x = x.Norm(f[layer + 1]);
                x = x.Relu();
                layer += norms ? 3 : 2;
            }

            x = x.MaxPool(kernel: 2, stride: 2);
            layer++;
        }

        return Head(s, Spread(x), options);
    }

    private static Value Head(Scope s, Value x, ModelOptions options)
    {
        x = x.Conv(s["pre_logits.fc1"], HeadWidth, HeadSize, padding: 0, bias: true).Relu();
        if (options.DropRate is { } rate and > 0) x = x.Dropout(rate);
        x = x.Conv(s["pre_logits.fc2"], HeadWidth, kernel: 1, bias: true).Relu();
        return x.Classifier(s["head.fc"], options, new Initializer.Normal(0.01), Initializer.Zeros);
    }

    /// <summary>A map of fewer than 7×7 pixels averaged over 7×7 overlapping bins, others as they are. PyTorch: F.adaptive_avg_pool2d.</summary>
    private static Value Spread(Value x)
    {
        var (n, c, h, w) = (x.Shape.N, x.Shape.C, x.Shape.H, x.Shape.W);
        var (rows, columns) = (Math.Max(h, HeadSize), Math.Max(w, HeadSize));
        if (rows == h && columns == w) return x;
        var bins = HostTensor.Filled(new Shape(h * w, rows * columns), 0);
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
            {
                var ((top, bottom), (left, right)) = (Bin(row, h, rows), Bin(column, w, columns));
                for (var i = top; i < bottom; i++)
                    for (var j = left; j < right; j++)
                        bins.Floats[(((i * w) + j) * rows * columns) + (row * columns) + column] = 1f / ((bottom - top) * (right - left));
            }

        return x.Reshape(new Shape(n * c, h * w)).MatMul(x.Graph.Constant(bins)).Reshape(new Shape(n, c, rows, columns));
    }

    /// <summary>The elements from ⌊i·from/to⌋ to below ⌈(i + 1)·from/to⌉.</summary>
    private static (int Start, int End) Bin(int i, int from, int to) => (i * from / to, (((i + 1) * from) + to - 1) / to);
}
