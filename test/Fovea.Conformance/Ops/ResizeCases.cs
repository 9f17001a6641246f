using Fovea.Ops;

namespace Fovea.Conformance.Ops;

/// <summary>Images of other sizes and their gradient.</summary>
public static class ResizeCases
{
    /// <summary>Every mode, up and down.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. Size("larger", [2, 3, 4, 5], 7, 9, ResizeMode.Bilinear),
        .. Size("smaller", [1, 2, 9, 8], 4, 3, ResizeMode.Bilinear),
        .. Size("corners", [2, 2, 3, 4], 5, 7, ResizeMode.Bilinear, alignCorners: true),
        .. Size("corners_to_one", [1, 2, 3, 4], 1, 1, ResizeMode.Bilinear, alignCorners: true),
        .. Size("from_one_pixel", [2, 3, 1, 1], 3, 2, ResizeMode.Bilinear),
        .. Size("twice", [2, 3, 3, 4], 6, 8, ResizeMode.Nearest),
        .. Size("nearest_odd", [1, 3, 5, 7], 8, 4, ResizeMode.Nearest),
        .. Size("blocked", [2, 32, 4, 4], 8, 8, ResizeMode.Bilinear),
        .. Size("blocked_odd", [2, 17, 3, 3], 7, 7, ResizeMode.Nearest),
        .. Size("mobilevit", [16, 144, 32, 32], 28, 28, ResizeMode.Bilinear, realSize: true),
        .. Size("attention_mask", [8, 128, 14, 14], 28, 28, ResizeMode.Nearest, realSize: true),
    ];

    private static IEnumerable<OpCase> Size(string name, int[] x, int height, int width, ResizeMode mode, bool alignCorners = false, bool realSize = false)
    {
        var tolerance = mode == ResizeMode.Nearest ? Tolerance.Exact : Tolerance.Rounding;
        yield return new($"resize/{name}", new Resize(height, width, mode, alignCorners), tolerance, OpInput.Of(x)) { RealSize = realSize };
        yield return new(
            $"resize_gradient/{name}", new ResizeGradient(x[2], x[3], mode, alignCorners), Tolerance.Sums, OpInput.Of(x[0], x[1], height, width))
        {
            RealSize = realSize,
        };
    }
}
