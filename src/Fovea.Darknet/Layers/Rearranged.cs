using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary>Squares of pixels as channels, and back (Darknet: <c>reorg_cpu</c>).</summary>
internal static class Rearranged
{
    /// <summary>[N, C, H·s, W·s] → [N, s·s·C, H, W]: all channels of the first pixel of each square, then of the second, ….</summary>
    internal static Value ToChannels(Value x, int s)
    {
        var (n, c, h, w) = (x.Shape.N, x.Shape.C, x.Shape.H / s, x.Shape.W / s);
        return x.Reshape(new Shape(n, c, h, s, w, s)).Transpose(0, 3, 5, 1, 2, 4).Reshape(Shape.Of(n, (long)s * s * c, h, w));
    }

    /// <summary>The inverse of <see cref="ToChannels"/>.</summary>
    internal static Value ToPixels(Value x, int s)
    {
        var (n, c, h, w) = (x.Shape.N, x.Shape.C / (s * s), x.Shape.H, x.Shape.W);
        return x.Reshape(new Shape(n, s, s, c, h, w)).Transpose(0, 3, 4, 1, 5, 2).Reshape(Shape.Of(n, c, (long)h * s, (long)w * s));
    }
}
