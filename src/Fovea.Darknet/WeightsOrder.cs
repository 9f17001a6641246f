using Fovea.Darknet.Layers;
using Fovea.Tensors;

namespace Fovea.Darknet;

/// <summary>Which tensors lie in a file of weights, and how.</summary>
internal static class WeightsOrder
{
    /// <summary>The tensors of a layer that a file has for a program that reads it (<c>dontload</c>, <c>dontloadscales</c>), or all.</summary>
    internal static IEnumerable<LayerTensor> In(DarknetLayer layer, bool isForReading)
    {
        var settings = layer.Settings;
        if (!isForReading) return layer.Tensors;
        return settings.DontLoad ? [] : layer.Tensors.Where(tensor => !(tensor.IsOfNorm && settings.DontLoadScales));
    }

    /// <summary>Whether a tensor lies transposed.</summary>
    internal static bool IsTransposed(LayerTensor tensor, WeightsHeader header) =>
        tensor.Order == MatrixOrder.Columns || (tensor.Order == MatrixOrder.AsHeader && header.IsTransposed);

    /// <summary>Writes a matrix the other way round.</summary>
    /// <param name="from">Rows after another.</param>
    /// <param name="to">Columns after another.</param>
    /// <param name="rows">Rows of <paramref name="from"/>.</param>
    internal static void Transpose(ReadOnlySpan<float> from, Span<float> to, int rows)
    {
        var columns = from.Length / rows;
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++) to[(column * rows) + row] = from[(row * columns) + column];
    }

    /// <summary>The first extent, which counts outputs.</summary>
    internal static int Rows(Shape shape) => shape[0];
}
