using Fovea.Models.Building;

namespace Fovea.Models.Cifar;

/// <summary>ResNet-18 to 152 (He et al. 2015, arXiv:1512.03385, table 1) with a 3×3 stem and without its pooling.</summary>
internal static class CifarResNet18
{
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_resnet18", Of([2, 2, 2, 2])),
        Row("cifar_resnet34", Of([3, 4, 6, 3])),
        Row("cifar_resnet50", Of([3, 4, 6, 3], bottleneck: true)),
        Row("cifar_resnet101", Of([3, 4, 23, 3], bottleneck: true)),
        Row("cifar_resnet152", Of([3, 8, 36, 3], bottleneck: true)),
    ];

    private static ModelBuilder Of(int[] depths, bool bottleneck = false) => (s, x, options) =>
    {
        x = CifarBlocks.Stem(s, x, 64);
        x = CifarBlocks.Stages(s, x, depths, (at, x, stage, stride) => bottleneck
            ? CifarBlocks.Bottleneck(at, x, 64 << stage, 256 << stage, stride)
            : CifarBlocks.Basic(at, x, 64 << stage, stride));
        return x.Classifier(s["linear"], options);
    };

    private static ModelRow Row(string name, ModelBuilder builder) => CifarRow.Of(name, "resnet", builder, "arXiv:1512.03385");
}
