using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>ShuffleNet (Zhang et al. 2017, arXiv:1707.01083) with three groups; names follow the authors' code (megvii-model/ShuffleNet-Series).</summary>
internal static class ShuffleNetV1
{
    private const int Groups = 3;
    private const int Stem = 24;

    /// <summary>A block's inner channels are this part of those that come out.</summary>
    private const int Bottleneck = 4;

    private static readonly int[] s_depths = [4, 8, 4];

    /// <summary>Columns of table 1 of the paper, and half of its widths.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
        [Row("shufflenet_v1_g3_05", stem: 12, [120, 240, 480]), Row("shufflenet_v1_g3_10", Stem, [240, 480, 960])];

    private static ModelRow Row(string name, int stem, int[] widths) =>
        new(name, "shufflenet", (s, x, options) => Build(s, x, options, stem, widths)) { Paper = "arXiv:1707.01083", Licence = "MIT" };

    private static Value Build(Scope s, Value x, ModelOptions options, int stem, int[] widths)
    {
        x = x.Conv(s["first_conv"][0], stem, kernel: 3, stride: 2).Norm(s["first_conv"][1]).Relu().MaxPool(kernel: 3, stride: 2, padding: 1);
        var number = 0;
        for (var stage = 0; stage < widths.Length; stage++)
            for (var i = 0; i < s_depths[stage]; i++, number++)
                x = Unit(s["features"][number], x, widths[stage], stride: i == 0 ? 2 : 1, groups: number == 0 ? 1 : Groups);
        return x.Classifier(s["classifier"][0], options);
    }

    /// <summary>Grouped 1×1, shuffle, depthwise 3×3, grouped 1×1 around an identity; where the image shrinks, beside its means (fig. 2b and c).</summary>
    private static Value Unit(Scope s, Value x, int width, int stride, int groups)
    {
        var (inner, added) = (width / Bottleneck, stride == 2 ? width - x.Shape.C : width);
        var main = s["branch_main_1"];
        var y = x.Conv(main[0], inner, kernel: 1, groups: groups).Norm(main[1]).Relu();
        if (groups > 1) y = y.ShuffleChannels(groups);
        main = s["branch_main_2"];
        y = y.Conv(main[0], inner, kernel: 3, stride, groups: inner).Norm(main[1]);
        y = y.Conv(main[2], added, kernel: 1, groups: Groups).Norm(main[3]);
        return stride == 1 ? x.Plus(y).Relu() : x.AvgPool(kernel: 3, stride: 2, padding: 1).Concat(1, y.Relu());
    }
}
