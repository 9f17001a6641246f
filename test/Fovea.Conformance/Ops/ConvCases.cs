using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Conformance.Ops;

/// <summary>Convolution and its two gradients.</summary>
public static class ConvCases
{
    /// <summary>Every geometry as the convolution, its input gradient and its weight gradient.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. Geometry("3x3", [2, 3, 9, 7], [4, 3, 3, 3], Window2d.Of(padding: 1)),
        .. Geometry("one_image", [1, 8, 5, 5], [16, 8, 3, 3], Window2d.Of(padding: 1)),
        .. Geometry("1x1", [2, 5, 6, 7], [7, 5, 1, 1], Window2d.Of()),
        .. Geometry("1x1_stride", [2, 3, 7, 9], [8, 3, 1, 1], Window2d.Of(stride: 2)),
        .. Geometry("stem_7x7", [1, 3, 23, 21], [8, 3, 7, 7], Window2d.Of(stride: 2, padding: 3)),
        .. Geometry("stride_3", [2, 2, 11, 8], [3, 2, 3, 3], Window2d.Of(stride: 3, padding: 1)),
        .. Geometry("no_padding", [2, 2, 5, 6], [3, 2, 3, 2], Window2d.Of()),
        .. Geometry("asymmetric", [2, 3, 8, 7], [4, 3, 3, 3], new Window2d(StrideH: 2, StrideW: 1, Top: 0, Left: 2, Bottom: 1, Right: 1)),
        .. Geometry("dilation", [1, 3, 11, 9], [4, 3, 3, 3], Window2d.Of(padding: 2, dilation: 2)),
        .. Geometry("dilation_stride", [2, 2, 13, 10], [3, 2, 3, 2], new Window2d(StrideH: 2, StrideW: 2, Top: 3, Bottom: 2, DilationH: 3, DilationW: 2)),
        .. Geometry("groups", [2, 6, 7, 7], [8, 3, 3, 3], Window2d.Of(padding: 1), groups: 2),
        .. Geometry("groups_wide", [1, 32, 5, 5], [32, 8, 3, 3], Window2d.Of(padding: 1), groups: 4),
        .. Geometry("depthwise", [2, 16, 7, 5], [16, 1, 3, 3], Window2d.Of(padding: 1), groups: 16),
        .. Geometry("depthwise_stride", [1, 5, 8, 9], [5, 1, 5, 5], Window2d.Of(stride: 2, padding: 2), groups: 5),
        .. Geometry("depthwise_multiplier", [2, 4, 6, 6], [8, 1, 3, 3], Window2d.Of(padding: 1), groups: 4),
        .. Geometry("one_pixel", [3, 4, 1, 1], [5, 4, 1, 1], Window2d.Of()),
        .. Geometry("one_pixel_3x3", [2, 4, 1, 1], [4, 4, 3, 3], Window2d.Of(padding: 1)),
        .. Geometry("one_channel", [2, 1, 9, 9], [1, 1, 3, 3], Window2d.Of(padding: 1)),
        .. Geometry("row_kernel", [2, 3, 4, 9], [4, 3, 1, 5], new Window2d(Left: 2, Right: 2)),
        .. Geometry("large_padding", [1, 2, 3, 3], [2, 2, 3, 3], Window2d.Of(padding: 4)),
        .. Geometry("blocked", [2, 32, 8, 8], [64, 32, 3, 3], Window2d.Of(padding: 1)),
        .. Geometry("blocked_odd", [3, 17, 6, 5], [33, 17, 3, 3], Window2d.Of(stride: 2, padding: 1)),
        .. Geometry("tiles", [2, 16, 16, 16], [16, 16, 3, 3], Window2d.Of(padding: 1)),
        .. Geometry("tiles_odd", [3, 32, 13, 17], [48, 32, 3, 3], Window2d.Of(padding: 1)),
        .. Geometry("tiles_no_padding", [3, 16, 18, 15], [32, 16, 3, 3], Window2d.Of()),
        .. Geometry("tiles_asymmetric", [2, 32, 14, 18], [16, 32, 3, 3], new Window2d(Top: 2, Left: 0, Bottom: 1, Right: 2)),
        .. Real("resnet18", [8, 128, 28, 28], [128, 128, 3, 3], Window2d.Of(padding: 1)),
        .. Real("resnet18_stem", [8, 3, 112, 112], [64, 3, 7, 7], Window2d.Of(stride: 2, padding: 3)),
        .. Real("resnet18_stride", [8, 64, 56, 56], [128, 64, 3, 3], Window2d.Of(stride: 2, padding: 1)),
        .. Real("resnet18_winograd", [16, 64, 28, 28], [64, 64, 3, 3], Window2d.Of(padding: 1)),
        .. Real("resnet20_winograd", [32, 32, 16, 16], [32, 32, 3, 3], Window2d.Of(padding: 1)),
        .. Real("repvgg_late", [32, 256, 14, 14], [256, 256, 3, 3], Window2d.Of(padding: 1)),
        .. Real("resnet50_1x1", [8, 256, 28, 28], [64, 256, 1, 1], Window2d.Of()),
        .. Real("resnet50_1x1_stride", [8, 256, 28, 28], [128, 256, 1, 1], Window2d.Of(stride: 2)),
        .. Real("repvgg_g2", [8, 128, 28, 28], [128, 64, 3, 3], Window2d.Of(padding: 1), groups: 2),
        .. Real("resnext50", [8, 128, 28, 28], [128, 4, 3, 3], Window2d.Of(padding: 1), groups: 32),
        .. Real("regnet_24", [16, 144, 14, 14], [144, 24, 3, 3], Window2d.Of(padding: 1), groups: 6),
        .. Real("mobilenet_3x3", [16, 144, 28, 28], [144, 1, 3, 3], Window2d.Of(padding: 1), groups: 144),
        .. Real("mobilenet_5x5_stride", [16, 240, 28, 28], [240, 1, 5, 5], Window2d.Of(stride: 2, padding: 2), groups: 240),
        .. Real("convnext_7x7", [8, 96, 56, 56], [96, 1, 7, 7], Window2d.Of(padding: 3), groups: 96),
        .. Real("dilated", [8, 64, 28, 28], [64, 64, 3, 3], Window2d.Of(padding: 2, dilation: 2)),
        .. Real("inception_1x7", [8, 160, 17, 17], [192, 160, 1, 7], new Window2d(Left: 3, Right: 3)),
    ];

    private static IEnumerable<OpCase> Real(string name, int[] x, int[] w, Window2d window, int groups = 1) =>
        Geometry(name, x, w, window, groups, realSize: true);

    private static IEnumerable<OpCase> Geometry(string name, int[] x, int[] w, Window2d window, int groups = 1, bool realSize = false)
    {
        var (image, weight) = (new Shape(x), new Shape(w));
        var y = new Conv2d(window, groups).Infer([new(DType.Float32, image), new(DType.Float32, weight)])[0].Shape.ToArray();
        OpCase Case(Op op, int[] first, int[] second) =>
            new($"{op.Name}/{name}", op, Tolerance.Sums, OpInput.Of(first), OpInput.Of(second)) { RealSize = realSize };
        yield return Case(new Conv2d(window, groups), x, w);
        yield return Case(new Conv2dInputGradient(window, groups, image), y, w);
        yield return Case(new Conv2dWeightGradient(window, groups, weight), y, x);
    }
}
