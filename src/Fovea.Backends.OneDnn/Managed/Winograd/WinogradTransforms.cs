using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fovea.Backends.OneDnn.Managed.Winograd;

/// <summary>A tile of sixteen channels to the sixteen positions, Bᵀ·d·B, and the products back, Aᵀ·m·A. All of a tile stays in registers.</summary>
internal static unsafe class WinogradTransforms
{
    private const int Lanes = WinogradKernel.Lanes;

    /// <param name="x">The first pixel of a tile that lies inside of its image.</param>
    /// <param name="row">From one row of pixels to the next, in elements.</param>
    /// <param name="v">The first position.</param>
    /// <param name="step">From one position to the next, in elements.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Inside(float* x, long row, float* v, long step)
    {
        float* second = x + row, third = second + row, fourth = third + row;
        Vector512<float> c0 = Vector512.Load(third), c1 = Vector512.Load(third + 16);
        Vector512<float> c2 = Vector512.Load(third + 32), c3 = Vector512.Load(third + 48);
        Across(Vector512.Load(x) - c0, Vector512.Load(x + 16) - c1, Vector512.Load(x + 32) - c2, Vector512.Load(x + 48) - c3, v, step);
        Vector512<float> b0 = Vector512.Load(second), b1 = Vector512.Load(second + 16);
        Vector512<float> b2 = Vector512.Load(second + 32), b3 = Vector512.Load(second + 48);
        Across(b0 + c0, b1 + c1, b2 + c2, b3 + c3, v + (4 * step), step);
        Across(c0 - b0, c1 - b1, c2 - b2, c3 - b3, v + (8 * step), step);
        Across(
            b0 - Vector512.Load(fourth), b1 - Vector512.Load(fourth + 16), b2 - Vector512.Load(fourth + 32), b3 - Vector512.Load(fourth + 48),
            v + (12 * step), step);
    }

    /// <summary>The same for a tile that begins at (h, w) and reaches over the border, where zeros are.</summary>
    [SkipLocalsInit]
    internal static void AtBorder(float* plane, int h, int w, int height, int width, float* v, long step)
    {
        var tile = stackalloc float[16 * Lanes];
        for (var i = 0; i < 16; i++) Pixel(plane, h + (i / 4), w + (i % 4), height, width).Store(tile + (i * Lanes));
        Inside(tile, 4 * Lanes, v, step);
    }

    /// <param name="m">The first of the sixteen products of a tile.</param>
    /// <param name="step">From one position to the next, in elements.</param>
    /// <param name="y">The image of a block of channels.</param>
    /// <param name="h">The row that the tile begins at.</param>
    /// <param name="w">Its column.</param>
    /// <param name="height">Rows of the image; what is beyond is dropped.</param>
    /// <param name="width">Columns of the image.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Result(float* m, long step, float* y, int h, int w, int height, int width)
    {
        float* second = m + (4 * step), third = m + (8 * step), fourth = m + (12 * step);
        Vector512<float> b0 = Vector512.Load(second), b1 = Vector512.Load(second + step);
        Vector512<float> b2 = Vector512.Load(second + (2 * step)), b3 = Vector512.Load(second + (3 * step));
        Vector512<float> c0 = Vector512.Load(third), c1 = Vector512.Load(third + step);
        Vector512<float> c2 = Vector512.Load(third + (2 * step)), c3 = Vector512.Load(third + (3 * step));
        var (p0, p1) = (Vector512.Load(m) + b0 + c0, Vector512.Load(m + step) + b1 + c1);
        var (p2, p3) = (Vector512.Load(m + (2 * step)) + b2 + c2, Vector512.Load(m + (3 * step)) + b3 + c3);
        var (q0, q1) = (b0 - c0 - Vector512.Load(fourth), b1 - c1 - Vector512.Load(fourth + step));
        var (q2, q3) = (b2 - c2 - Vector512.Load(fourth + (2 * step)), b3 - c3 - Vector512.Load(fourth + (3 * step)));
        var at = y + (((h * (long)width) + w) * Lanes);
        (p0 + p1 + p2).Store(at);
        if (w + 1 < width) (p1 - p2 - p3).Store(at + Lanes);
        if (h + 1 >= height) return;
        at += width * Lanes;
        (q0 + q1 + q2).Store(at);
        if (w + 1 < width) (q1 - q2 - q3).Store(at + Lanes);
    }

    /// <summary>The adjoint of <see cref="Result"/>: A·dy·Aᵀ of a tile of gradients, zero beyond the border.</summary>
    /// <param name="dy">The image of a block of channels.</param>
    /// <param name="h">The row that the tile begins at.</param>
    /// <param name="w">Its column.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="m">The first position.</param>
    /// <param name="step">From one position to the next, in elements.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Adjoint(float* dy, int h, int w, int height, int width, float* m, long step)
    {
        Vector512<float> a0 = Pixel(dy, h, w, height, width), a1 = Pixel(dy, h, w + 1, height, width);
        Vector512<float> b0 = Pixel(dy, h + 1, w, height, width), b1 = Pixel(dy, h + 1, w + 1, height, width);
        Spread(a0, a1, m, step);
        Spread(a0 + b0, a1 + b1, m + (4 * step), step);
        Spread(a0 - b0, a1 - b1, m + (8 * step), step);
        Spread(-b0, -b1, m + (12 * step), step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Across(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* to, long step)
    {
        (a - c).Store(to);
        (b + c).Store(to + step);
        (c - b).Store(to + (2 * step));
        (b - d).Store(to + (3 * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(Vector512<float> a, Vector512<float> b, float* to, long step)
    {
        a.Store(to);
        (a + b).Store(to + step);
        (a - b).Store(to + (2 * step));
        (-b).Store(to + (3 * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Pixel(float* plane, int h, int w, int height, int width) =>
        (uint)h < (uint)height && (uint)w < (uint)width ? Vector512.Load(plane + (((h * (long)width) + w) * Lanes)) : Vector512<float>.Zero;
}
