using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>The CoAtNets of timm.</summary>
internal static class CoAtNetRows
{
    private static readonly int[] s_narrow = [64, 128, 256, 512];
    private static readonly int[] s_base = [96, 192, 384, 768];
    private static readonly int[] s_wide = [128, 256, 512, 1024];
    private static readonly int[] s_widest = [192, 384, 768, 1536];
    private static readonly int[] s_deep = [2, 6, 14, 2];
    private static readonly int[] s_deepest = [2, 12, 28, 2];
    private static readonly int[] s_shallow = [2, 3, 7, 2];
    private static readonly int[] s_nano = [3, 4, 6, 3];
    private static readonly IReadOnlyList<double> s_half = [0.5, 0.5, 0.5];
    private static readonly IReadOnlyList<double> s_mean = [0.485, 0.456, 0.406];
    private static readonly IReadOnlyList<double> s_std = [0.229, 0.224, 0.225];

    /// <summary>Those with <c>rw</c> in their name are timm's own variations.</summary>
    internal static IReadOnlyList<ModelRow> All { get; } =
    [
        Row("coatnet_0_224", Paper(s_base, [2, 3, 5, 2], stem: 64)),
        Row("coatnet_0_rw_224", Early(s_shallow) with { Pools = true }),
        Row("coatnet_1_224", Paper(s_base, s_deep, stem: 64)),
        Row("coatnet_1_rw_224", Early(s_deep)),
        Row("coatnet_2_224", Paper(s_wide, s_deep, stem: 128)),
        Row("coatnet_2_rw_224", Own(s_wide, s_deep, stem: 64) with { ExciteActivation = Nodes.Silu }),
        Row("coatnet_3_224", Paper(s_widest, s_deep, stem: 192)),
        Row("coatnet_3_rw_224", Own(s_widest, s_deep, stem: 96) with { ExciteActivation = Nodes.Silu, LayerScale = 1e-6 }) with { Classes = 11821 },
        Row("coatnet_4_224", Paper(s_widest, s_deepest, stem: 192)),
        Row("coatnet_5_224", Paper([256, 512, 1280, 2048], s_deepest, stem: 192)),
        Row("coatnet_bn_0_rw_224", Early(s_shallow) with { BatchNorms = true }) with { Mean = s_mean, Std = s_std },
        Row("coatnet_nano_cc_224", Own(s_narrow, s_nano, stem: 32) with { Pools = true, Mixed = true }),
        Row("coatnet_nano_rw_224", Later(s_narrow, s_nano) with { Pools = true }) with { CropFraction = 0.9 },
        Row("coatnet_pico_rw_224", Later(s_narrow, [2, 3, 5, 2])),
        Row("coatnet_rmlp_0_rw_224", Own(s_base, s_shallow, stem: 32) with { PositionWidth = 512 }),
        Row("coatnet_rmlp_1_rw2_224", Own(s_base, s_deep, stem: 32) with { PositionWidth = 512 }),
        Row("coatnet_rmlp_1_rw_224", Early(s_deep) with { Pools = true, Maxima = true, PositionWidth = 384 }),
        Row("coatnet_rmlp_2_rw_224", Scaled(s_wide, stem: 64)),
        Row("coatnet_rmlp_2_rw_384", Scaled(s_wide, stem: 64)) with { ImageSize = 384, CropFraction = 1 },
        Row("coatnet_rmlp_3_rw_224", Scaled(s_widest, stem: 96)),
        Row("coatnet_rmlp_nano_rw_224", Later(s_narrow, s_nano) with { PositionWidth = 384 }) with { CropFraction = 0.9 },
    ];

    /// <summary>As in the paper's table 3.</summary>
    private static CoAtNetPlan Paper(int[] widths, int[] depths, int stem) =>
        new() { Widths = widths, Depths = depths, Stem = (stem, stem), Hidden = true };

    /// <summary>timm's first variations.</summary>
    private static CoAtNetPlan Own(int[] widths, int[] depths, int stem) => Later(widths, depths) with
    {
        Stem = (stem, 2 * stem), ActivatesFirst = true, ConvolutionBias = false, ExciteActivation = Nodes.Relu,
    };

    private static CoAtNetPlan Early(int[] depths) => Own(s_base, depths, stem: 32) with { ExcitesEarly = true, AttentionBias = false };

    private static CoAtNetPlan Scaled(int[] widths, int stem) =>
        Own(widths, s_deep, stem) with { ExciteActivation = Nodes.Silu, LayerScale = 1e-6, PositionWidth = 512 };

    /// <summary>timm's later variations.</summary>
    private static CoAtNetPlan Later(int[] widths, int[] depths) =>
        new() { Widths = widths, Depths = depths, Stem = (32, 64), Activation = Nodes.Silu, ExpandsOutput = false };

    private static ModelRow Row(string name, CoAtNetPlan plan) => new(name, "coatnet", CoAtNet.Of(plan))
    {
        Paper = "arXiv:2106.04803", Licence = "Apache-2.0", ImageSizeStep = plan.Step,
        Mean = s_half, Std = s_half, CropFraction = 0.95, Interpolation = Interpolation.Bicubic,
    };
}
