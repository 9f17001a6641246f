using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>VGG with batch norm and one linear layer (Simonyan and Zisserman 2014, arXiv:1409.1556, table 1: A, B, D, E).</summary>
internal static class CifarVgg
{
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_vgg", Of([1, 1, 2, 2, 2])) with { Aliases = ["cifar_vgg11"] },
        Row("cifar_vgg13", Of([2, 2, 2, 2, 2])),
        Row("cifar_vgg16", Of([2, 2, 3, 3, 3])),
        Row("cifar_vgg19", Of([2, 2, 4, 4, 4])),
    ];

    /// <summary>Convolutions of each stage; a stage ends in pooling. Numbers count all layers, those without parameters too.</summary>
    private static ModelBuilder Of(int[] depths) => (s, x, options) =>
    {
        var layer = 0;
        for (var stage = 0; stage < depths.Length; stage++)
        {
            for (var i = 0; i < depths[stage]; i++, layer += 3)
                x = x.ConvNormRelu(s["features"][layer], s["features"][layer + 1], Math.Min(64 << stage, 512), kernel: 3, bias: true);
            x = x.MaxPool(kernel: 2, stride: 2);
            layer++;
        }

        return x.Logits(s["classifier"], options);
    };

    private static ModelRow Row(string name, ModelBuilder builder) => CifarRow.Of(name, "vgg", builder, "arXiv:1409.1556");
}
