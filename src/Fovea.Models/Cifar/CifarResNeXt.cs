using Fovea.Models.Building;

namespace Fovea.Models.Cifar;

/// <summary>ResNeXt-29 (Xie et al. 2016, arXiv:1611.05431 §5.3) with a 1×1 stem and bottlenecks that widen twofold.</summary>
internal static class CifarResNeXt
{
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_resnext", Of(cardinality: 2, width: 64)) with { Aliases = ["cifar_resnext29_2x64d"] },
        Row("cifar_resnext29_4x64d", Of(cardinality: 4, width: 64)),
        Row("cifar_resnext29_8x64d", Of(cardinality: 8, width: 64)),
        Row("cifar_resnext29_32x4d", Of(cardinality: 32, width: 4)),
    ];

    private static ModelBuilder Of(int cardinality, int width) => (s, x, options) =>
    {
        x = CifarBlocks.Stem(s, x, 64, kernel: 1);
        x = CifarBlocks.Stages(s, x, [3, 3, 3], (at, x, stage, stride) =>
        {
            var inner = cardinality * width << stage;
            return CifarBlocks.Bottleneck(at, x, inner, 2 * inner, stride, cardinality);
        });
        return x.Classifier(s["linear"], options);
    };

    private static ModelRow Row(string name, ModelBuilder builder) => CifarRow.Of(name, "resnext", builder, "arXiv:1611.05431");
}
