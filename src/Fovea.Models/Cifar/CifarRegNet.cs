using Fovea.Graphs;
using Fovea.Models.Building;

namespace Fovea.Models.Cifar;

/// <summary>RegNet X and Y (Radosavovic et al. 2020, arXiv:2003.13678) with a 3×3 stem; only the last two stages halve the image.</summary>
internal static class CifarRegNet
{
    private static readonly int[] s_depths400 = [1, 2, 7, 12];
    private static readonly int[] s_widths400 = [32, 64, 160, 384];

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_regnet", Of([1, 1, 4, 7], [24, 56, 152, 368], groupWidth: 8)) with { Aliases = ["cifar_regnetx_200mf"] },
        Row("cifar_regnetx_400mf", Of(s_depths400, s_widths400, groupWidth: 16)),
        Row("cifar_regnety_400mf", Of(s_depths400, s_widths400, groupWidth: 16, excites: true)),
    ];

    /// <summary>Bottlenecks as wide as their stage; squeeze-and-excite, if any, squeezes to a quarter of the channels that come in.</summary>
    private static ModelBuilder Of(int[] depths, int[] widths, int groupWidth, bool excites = false) => (s, x, options) =>
    {
        x = CifarBlocks.Stem(s, x, 64);
        x = CifarBlocks.Stages(s, x, depths, Block, strides: [1, 1, 2, 2]);
        return x.Classifier(s["linear"], options);

        Value Block(Scope at, Value x, int stage, int stride)
        {
            var (width, squeezed) = (widths[stage], excites ? x.Shape.C / 4 : 0);
            return CifarBlocks.Bottleneck(at, x, width, width, stride, width / groupWidth, squeezed);
        }
    };

    private static ModelRow Row(string name, ModelBuilder builder) => CifarRow.Of(name, "regnet", builder, "arXiv:2003.13678");
}
