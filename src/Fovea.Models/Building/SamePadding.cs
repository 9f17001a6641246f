using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Building;

/// <summary>TensorFlow's padding «SAME»: ⌈size / stride⌉ windows, and of an odd number of pixels of padding the larger part behind.</summary>
internal static class SamePadding
{
    /// <summary>The window of a square kernel over images of a shape.</summary>
    internal static Window2d Of(Shape x, int kernel, int stride)
    {
        var (h, w) = (Total(x.H, kernel, stride), Total(x.W, kernel, stride));
        return new(stride, stride, h / 2, w / 2, h - (h / 2), w - (w / 2));
    }

    private static int Total(int size, int kernel, int stride) => Math.Max(0, (((size + stride - 1) / stride) - 1) * stride + kernel - size);
}
