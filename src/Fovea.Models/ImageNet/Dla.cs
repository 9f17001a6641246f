using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>Deep layer aggregation (Yu et al. 2017, arXiv:1707.06484), also with Res2Net's blocks; names and initialisers follow timm.</summary>
/// <remarks>The authors' projections in trees of trees, which nothing reads, are left out, as timm and PaddleClas do.</remarks>
internal static class Dla
{
    private const string Paper = "arXiv:1707.06484";
    private const string Res2NetPaper = "arXiv:1904.01169";

    /// <summary>The names of PaddleClas (ppcls/arch/backbone/model_zoo/dla.py), which says otherwise only what the statistics are called.</summary>
    internal static readonly NameMap PaddleClas = new("PaddleClas") { Norms = NormNames.Paddle };

    /// <summary>The names that the same modules have in MindSpore, whose norms call all their tensors otherwise.</summary>
    internal static readonly NameMap MindSpore = new("MindSpore") { Norms = NormNames.MindSpore };

    private static readonly int[] s_narrow = [16, 32, 64, 128, 256, 512];
    private static readonly int[] s_compact = [16, 32, 64, 64, 128, 256];
    private static readonly int[] s_wide = [16, 32, 128, 256, 512, 1024];

    /// <summary>The rows of table 1 of the paper, the wider 102 of its authors, and the two of Res2Net.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("dla34", new([1, 1, 1, 2, 2, 1], s_narrow, DlaBlocks.Basic)),
        Row("dla46_c", new([1, 1, 1, 2, 2, 1], s_compact, DlaBlocks.Bottleneck)),
        Row("dla46x_c", new([1, 1, 1, 2, 2, 1], s_compact, DlaBlocks.Bottleneck) { Groups = 32, GroupWidth = 4 }),
        Row("dla60", new([1, 1, 1, 2, 3, 1], s_wide, DlaBlocks.Bottleneck)),
        Row("dla60_res2net", new([1, 1, 1, 2, 3, 1], s_wide, DlaBlocks.MultiScale) { GroupWidth = 28 }, Res2NetPaper),
        Row("dla60_res2next", new([1, 1, 1, 2, 3, 1], s_wide, DlaBlocks.MultiScale) { Groups = 8, GroupWidth = 4 }, Res2NetPaper),
        Row("dla60x", new([1, 1, 1, 2, 3, 1], s_wide, DlaBlocks.Bottleneck) { Groups = 32, GroupWidth = 4 }),
        Row("dla60x_c", new([1, 1, 1, 2, 3, 1], s_compact, DlaBlocks.Bottleneck) { Groups = 32, GroupWidth = 4 }),
        Row("dla102", new([1, 1, 1, 3, 4, 1], s_wide, DlaBlocks.Bottleneck) { RootAdds = true }),
        Row("dla102x", new([1, 1, 1, 3, 4, 1], s_wide, DlaBlocks.Bottleneck) { Groups = 32, GroupWidth = 4, RootAdds = true }),
        Row("dla102x2", new([1, 1, 1, 3, 4, 1], s_wide, DlaBlocks.Bottleneck) { Groups = 64, GroupWidth = 4, RootAdds = true }),
        Row("dla169", new([1, 1, 2, 3, 5, 1], s_wide, DlaBlocks.Bottleneck) { RootAdds = true }),
    ];

    /// <summary>Sizes are even down to the last stage: there the pooled and the convolved image have to be equal.</summary>
    private static ModelRow Row(string name, DlaForm form, string paper = Paper) => new(name, "dla", (s, x, options) => Build(s, x, options, form))
    {
        ImageSizeStep = 32,
        Paper = paper,
        Licence = "BSD-3-Clause",
        OtherNames = [PaddleClas, MindSpore],
    };

    private static Value Build(Scope s, Value x, ModelOptions options, DlaForm form)
    {
        var (levels, channels) = (form.Levels, form.Channels);
        x = x.Conv(s["base_layer"][0], channels[0], kernel: 7).Norm(s["base_layer"][1]).Relu();
        x = Convs(s["level0"], x, channels[0], levels[0], stride: 1);
        x = Convs(s["level1"], x, channels[1], levels[1], stride: 2);
        for (var level = 2; level < levels.Length; level++)
        {
            var (bottom, at) = (x.MaxPool(kernel: 2, stride: 2), s[$"level{level}"]);
            x = Tree(at, x, bottom, level == 2 ? [] : [bottom], levels[level], channels[level], stride: 2, form);
        }

        return x.ConvClassifier(s["fc"], options, Initializer.KaimingFanOut);
    }

    private static Value Convs(Scope s, Value x, int channels, int count, int stride)
    {
        for (var i = 0; i < count; i++) x = x.Conv(s[3 * i], channels, kernel: 3, i == 0 ? stride : 1).Norm(s[(3 * i) + 1]).Relu();
        return x;
    }

    /// <summary>
    /// Hierarchical aggregation (fig. 3, eq. 2): two blocks and a root for one level; otherwise two trees, the second of which also aggregates the first.
    /// </summary>
    /// <param name="s">Where it is declared.</param>
    /// <param name="x">What the first block sees.</param>
    /// <param name="bottom">The same at the resolution that comes out.</param>
    /// <param name="children">What the root gets besides its two blocks.</param>
    /// <param name="levels">From 1.</param>
    /// <param name="channels">How many come out.</param>
    /// <param name="stride">Of the first block.</param>
    /// <param name="form">What tells the rows apart.</param>
    private static Value Tree(Scope s, Value x, Value bottom, IReadOnlyList<Value> children, int levels, int channels, int stride, DlaForm form)
    {
        Value first;
        if (levels > 1)
        {
            first = Tree(s["tree1"], x, bottom, [], levels - 1, channels, stride, form);
            return Tree(s["tree2"], first, first, [.. children, first], levels - 1, channels, stride: 1, form);
        }

        var projects = bottom.Shape.C != channels;
        var skip = projects ? bottom.Conv(s["project"][0], channels, kernel: 1).Norm(s["project"][1]) : bottom;
        first = form.Block(s["tree1"], x, skip, channels, stride, form);
        var second = form.Block(s["tree2"], first, first, channels, 1, form);
        var root = second.Concat(1, [first, .. children]).Conv(s["root.conv"], channels, kernel: 1).Norm(s["root.bn"]);
        return (form.RootAdds ? root.Plus(second) : root).Relu();
    }
}
