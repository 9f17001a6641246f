using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Conformance.Ops;

/// <summary>Maximum and mean pooling and their gradients.</summary>
public static class PoolCases
{
    /// <summary>Every geometry in all forms.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. Geometry("2x2", [2, 3, 6, 8], 2, 2, Window2d.Of(stride: 2)),
        .. Geometry("resnet_stem", [1, 4, 9, 11], 3, 3, Window2d.Of(stride: 2, padding: 1)),
        .. Geometry("overlapping", [2, 2, 7, 5], 3, 3, Window2d.Of(padding: 1)),
        .. Geometry("odd", [1, 3, 7, 9], 2, 3, Window2d.Of(stride: 2)),
        .. Geometry("ceiling", [2, 2, 6, 6], 3, 3, new Window2d(StrideH: 2, StrideW: 2, Bottom: 1, Right: 1)),
        .. Geometry("left_only", [1, 2, 5, 5], 3, 2, new Window2d(StrideH: 2, StrideW: 1, Top: 1, Left: 1)),
        .. Geometry("dilated", [1, 3, 9, 11], 3, 2, new Window2d(StrideH: 1, StrideW: 2, Top: 1, Left: 1, Bottom: 2, Right: 0, DilationH: 2, DilationW: 3)),
        .. Geometry("dilated_by_columns", [1, 2, 6, 7], 3, 3, new Window2d(StrideH: 2, StrideW: 2, Top: 1, Left: 1, Bottom: 1, Right: 1, DilationW: 2)),
        .. Geometry("global", [2, 5, 4, 3], 4, 3, Window2d.Of()),
        .. Geometry("one_pixel", [2, 3, 1, 1], 1, 1, Window2d.Of()),
        .. Geometry("spp_5x5", [1, 2, 6, 6], 5, 5, Window2d.Of(padding: 2)),
        .. Geometry("blocked", [2, 32, 6, 6], 3, 3, Window2d.Of(stride: 2, padding: 1)),
        .. Geometry("blocked_odd", [2, 17, 5, 5], 2, 2, Window2d.Of(stride: 2)),
        .. Geometry("resnet18", [8, 64, 56, 56], 3, 3, Window2d.Of(stride: 2, padding: 1), realSize: true),
        .. Geometry("inception", [8, 192, 28, 28], 3, 3, Window2d.Of(padding: 1), realSize: true),
        .. Geometry("densenet", [16, 128, 28, 28], 2, 2, Window2d.Of(stride: 2), realSize: true),
        .. Geometry("head", [32, 256, 14, 14], 14, 14, Window2d.Of(), realSize: true),
        .. Geometry("spp", [8, 64, 14, 14], 7, 7, Window2d.Of(padding: 3), realSize: true),
    ];

    private static IEnumerable<OpCase> Geometry(string name, int[] x, int h, int w, Window2d window, bool realSize = false)
    {
        var image = new Shape(x);
        var y = new MaxPool(h, w, window).Infer([new(DType.Float32, image)])[0].Shape.ToArray();
        OpCase Case(string label, Op op, Tolerance tolerance, params IReadOnlyList<OpInput> inputs) =>
            new($"{op.Name}/{label}", op, tolerance, inputs) { RealSize = realSize };
        yield return Case(name, new MaxPool(h, w, window), Tolerance.Exact, OpInput.Of(x).Distinct());
        yield return Case(name, new MaxPoolGradient(h, w, window), Tolerance.Rounding, OpInput.Of(x).Distinct(), OpInput.Of(y)) with
        {
            NotDifferentiable = "second derivatives are not defined",
        };
        foreach (var counting in (bool[])[true, false])
        {
            var label = counting ? $"{name}_counting" : name;
            yield return Case(label, new AvgPool(h, w, window, counting), Tolerance.Rounding, OpInput.Of(x));
            yield return Case(label, new AvgPoolGradient(h, w, window, counting, image), Tolerance.Rounding, OpInput.Of(y));
        }
    }
}
