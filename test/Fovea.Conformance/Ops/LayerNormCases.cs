using Fovea.Ops;

namespace Fovea.Conformance.Ops;

/// <summary>Layer normalisation along several axes and its gradient.</summary>
public static class LayerNormCases
{
    private static readonly Tolerance s_statistics = new(
        5e-5, 3e-2, "sums over a line, then a difference of nearly equal numbers; in bfloat16 argument and result are rounded");

    /// <summary>Every shape in both forms.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. Line("rows", [5, 12], 1),
        .. Line("tokens", [2, 3, 37], 2),
        .. Line("windows", [2, 2, 3, 16], 3),
        .. Line("one_line", [1, 9], 1),
        .. Line("first_axis", [6, 5], 0),
        .. Line("middle_axis", [2, 5, 3], 1),
        .. Line("image", [2, 7, 3, 5], 1),
        .. Line("image_blocked", [2, 32, 4, 5], 1),
        .. Line("image_blocked_odd", [1, 17, 3, 3], 1),
        .. Line("image_one_pixel", [3, 6, 1, 1], 1),
        .. Line("image_of_channels_last", [2, 3, 4, 6], 3),
        .. Line("vit_small", [8, 197, 384], 2, realSize: true),
        .. Line("convnext_tiny", [8, 96, 56, 56], 1, realSize: true),
        .. Line("swin_windows", [64, 49, 192], 2, realSize: true),
        Offset(),
    ];

    private static IEnumerable<OpCase> Line(string name, int[] x, int axis, bool realSize = false)
    {
        var parameter = OpInput.Of(x[axis]).Wide;
        var gamma = parameter.Between(0.5, 1.5);
        yield return new($"layer_norm/{name}", new LayerNorm(1e-5, axis), s_statistics, OpInput.Of(x), gamma, parameter) { RealSize = realSize };
        yield return new($"layer_norm_gradient/{name}", new LayerNormGradient(1e-5, axis), s_statistics, OpInput.Of(x), gamma, OpInput.Of(x))
        {
            NotDifferentiable = "second derivatives are not defined",
            RealSize = realSize,
        };
    }

    /// <summary>A mean far from 0: the variance must not be a difference of squares.</summary>
    private static OpCase Offset() => new(
        "layer_norm/offset", new LayerNorm(1e-6, 1), new Tolerance(2e-3, 3e-2, "x itself is rounded to 2^-24 of its offset"),
        OpInput.Of(4, 24).Between(1000, 1001) with { StaysWide = true }, OpInput.Of(24).Wide, OpInput.Of(24).Wide);
}
