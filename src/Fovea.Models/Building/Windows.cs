using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Building;

/// <summary>Square windows of images with features last, [N, H, W, C], each attended to by itself.</summary>
internal static class Windows
{
    /// <summary>[N, H, W, C] → [N·windows, side², C]; the windows of an image follow one another, row by row. The side divides H and W.</summary>
    internal static Value Partition(Value x, int side)
    {
        var (n, h, w, c) = (x.Shape[0], x.Shape[1] / side, x.Shape[2] / side, x.Shape[3]);
        return x.Reshape(new Shape(n, h, side, w, side, c)).Transpose(0, 1, 3, 2, 4, 5).Reshape(new Shape(n * h * w, side * side, c));
    }

    /// <summary>The inverse of <see cref="Partition"/>.</summary>
    /// <param name="x">[N·windows, side², C].</param>
    /// <param name="image">The shape before.</param>
    /// <param name="side">That of the windows.</param>
    internal static Value Join(Value x, Shape image, int side)
    {
        var (h, w) = (image[1] / side, image[2] / side);
        return x.Reshape(new Shape(image[0], h, w, side, side, image[3])).Transpose(0, 1, 3, 2, 4, 5).Reshape(image);
    }

    /// <summary>Shifts the image cyclically by as many rows and columns.</summary>
    internal static Value Shift(Value x, int by) => by == 0 ? x : x.Roll(axis: 1, by).Roll(axis: 2, by);

    /// <summary>Zeros below and on the right, until the side divides height and width.</summary>
    internal static Value PadTo(Value x, int side)
    {
        var (below, right) = ((side - (x.Shape[1] % side)) % side, (side - (x.Shape[2] % side)) % side);
        if (below > 0) x = x.Pad(axis: 1, before: 0, after: below);
        return right > 0 ? x.Pad(axis: 2, before: 0, after: right) : x;
    }

    /// <summary>The upper left part of the given height and width.</summary>
    internal static Value Crop(Value x, int h, int w)
    {
        if (x.Shape[1] > h) x = x.Slice(axis: 1, start: 0, h);
        return x.Shape[2] > w ? x.Slice(axis: 2, start: 0, w) : x;
    }

    /// <summary>
    /// What a shift brings together does not attend to each other: −100 where two pixels of a window come from different parts of the image,
    /// else 0. [windows, 1, side², side²].
    /// </summary>
    /// <remarks>Liu et al. 2021 (arXiv:2103.14030), fig. 4.</remarks>
    internal static Value Mask(Graph graph, int h, int w, int side, int shift)
    {
        var (rows, columns, pixels) = (h / side, w / side, side * side);
        var mask = new HostTensor(TensorType.F32(rows * columns, 1, pixels, pixels));
        var floats = mask.Floats;
        var next = 0;
        for (var window = 0; window < rows * columns; window++)
            for (var i = 0; i < pixels; i++)
                for (var j = 0; j < pixels; j++)
                    floats[next++] = Part(window, i) == Part(window, j) ? 0 : -100;
        return graph.Constant(mask);

        (int Y, int X) Part(int window, int pixel) =>
            (Along((window / columns * side) + (pixel / side), h), Along((window % columns * side) + (pixel % side), w));

        int Along(int position, int extent) => position < extent - side ? 0 : position < extent - shift ? 1 : 2;
    }
}
