using Fovea.Tensors;

namespace Fovea.Training.Deploying;

/// <summary>Images that are drawn by a counter-based generator, on the scale of normalised ones.</summary>
internal static class DrawnImages
{
    private const int Grid = 4;

    /// <summary>Images of a 4×4 grid of colours and of noise: plain noise averages out under global pooling and shows no flips or transpositions.</summary>
    /// <param name="shape">[N, C, H, W].</param>
    /// <param name="seed">What they follow from.</param>
    internal static HostTensor Of(Shape shape, ulong seed)
    {
        var (colours, noise) = (new Philox(seed, 0), new Philox(seed, 1));
        var images = new HostTensor(new TensorType(DType.Float32, shape));
        for (var i = 0; i < images.Floats.Length; i++)
        {
            var (plane, y, x) = (i / shape.W / shape.H, i / shape.W % shape.H, i % shape.W);
            var cell = (((plane * Grid) + (y * Grid / shape.H)) * Grid) + (x * Grid / shape.W);
            images.Floats[i] = (float)((3 * colours.Uniform((ulong)cell)) + noise.Uniform((ulong)i) - 2);
        }

        return images;
    }
}
