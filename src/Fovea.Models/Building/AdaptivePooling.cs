using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Building;

/// <summary>Average pooling to a given size. PyTorch: F.adaptive_avg_pool2d.</summary>
internal static class AdaptivePooling
{
    /// <summary>[N, C, H, W] → [N, C, size, size]; row i is the mean of the rows ⌊i·H/size⌋ to ⌈(i + 1)·H/size⌉ − 1, columns likewise.</summary>
    /// <remarks>Where the size does not divide the image, windows overlap unevenly; then it is a product with a matrix of their weights.</remarks>
    internal static Value AdaptiveAveragePool(this Value x, int size)
    {
        var (h, w) = (x.Shape.H, x.Shape.W);
        if (h % size == 0 && w % size == 0) return x.AvgPool(h / size, w / size, new Window2d(h / size, w / size));
        var pixels = x.Reshape(new Shape(x.Shape.N * x.Shape.C, h * w));
        return pixels.MatMul(x.Graph.Constant(Weights(h, w, size))).Reshape(new Shape(x.Shape.N, x.Shape.C, size, size));
    }

    /// <summary>[H·W, size·size]: what part of each result a pixel is.</summary>
    private static HostTensor Weights(int h, int w, int size)
    {
        var weights = HostTensor.Filled(new Shape(h * w, size * size), 0);
        for (var i = 0; i < size * size; i++)
        {
            var (top, bottom) = Window(i / size, h, size);
            var (left, right) = Window(i % size, w, size);
            for (var row = top; row < bottom; row++)
                for (var column = left; column < right; column++)
                    weights.Floats[(((row * w) + column) * size * size) + i] = 1f / ((bottom - top) * (right - left));
        }

        return weights;
    }

    private static (int Start, int End) Window(int i, int extent, int size) => (i * extent / size, (((i + 1) * extent) + size - 1) / size);
}
