using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Batches;
using Fovea.Training.State;

namespace Fovea.Training.Weights;

/// <summary>
/// A first convolution that whitens: its filters are the eigenvectors of the second moments of image patches over the roots of their eigenvalues, those of the
/// largest first, and then all of them once more with the other sign (Jordan 2024, arXiv:2404.00498, section 3.2).
/// </summary>
public static class Whitening
{
    private const int Images = 5000;

    /// <summary>Added to eigenvalues, so that what hardly varies is not blown up.</summary>
    private const double Epsilon = 5e-4;

    /// <summary>The weight of the first convolution of a model.</summary>
    /// <param name="model">The inference graph.</param>
    /// <param name="weight">What the weight is; filters beyond those that whiten keep it.</param>
    /// <param name="batches">Training images as the model sees them; 5 000 are taken, or as many as there are.</param>
    /// <exception cref="TrainingException">The model has no convolution on its images, or one of fewer filters than a patch has numbers.</exception>
    public static (string Name, HostTensor Tensor) Of(Graph model, Func<string, HostTensor> weight, IEnumerable<Batch> batches)
    {
        var first = model.Nodes.FirstOrDefault(node => node.Op is Conv2d { Groups: 1 } && node.Inputs[0].Variable is { Kind: VariableKind.Input });
        if (first?.Inputs[1].Variable is not { } kernel)
            throw new TrainingException($"model.whiten: the graph '{model.Name}' has no convolution of its images; wanted one to set the filters of");
        var (filters, size) = (kernel.Type.Shape[0], (int)(kernel.Type.Shape.Elements / kernel.Type.Shape[0]));
        if (filters < size)
            throw new TrainingException($"model.whiten: {kernel.Label} has {filters} filters; wanted at least {size}, as many as a patch has numbers");
        var moments = Moments(first.Inputs[0].Shape, kernel.Type.Shape, batches);
        var (values, vectors) = SymmetricEigen.Of(moments);
        var filled = weight(kernel.Label);
        for (var filter = 0; filter < Math.Min(filters, 2 * size); filter++)
        {
            var (i, sign) = (filter % size, filter < size ? 1 : -1);
            var scale = sign / Math.Sqrt(Math.Max(values[i], 0) + Epsilon);
            for (var j = 0; j < size; j++) filled.Floats[(filter * size) + j] = (float)(scale * vectors[i][j]);
        }

        return (kernel.Label, filled);
    }

    /// <summary>The mean of p·pᵀ over all patches p of the images.</summary>
    private static double[,] Moments(Shape input, Shape kernel, IEnumerable<Batch> batches)
    {
        var (channels, height, width, rows, columns) = (input.C, input.H, input.W, kernel[2], kernel[3]);
        var size = channels * rows * columns;
        var (sums, patch, patches, images) = (new double[size, size], new double[size], 0L, 0);
        foreach (var batch in batches)
        {
            for (var n = 0; n < batch.Count && images < Images; n++, images++)
            {
                var pixels = batch.Images.Span.Slice(n * channels * height * width, channels * height * width);
                for (var y = 0; y + rows <= height; y++)
                    for (var x = 0; x + columns <= width; x++, patches++)
                    {
                        for (var (c, i) = (0, 0); c < channels; c++)
                            for (var dy = 0; dy < rows; dy++)
                                for (var dx = 0; dx < columns; dx++) patch[i++] = pixels[(((c * height) + y + dy) * width) + x + dx];
                        for (var i = 0; i < size; i++)
                            for (var j = i; j < size; j++) sums[i, j] += patch[i] * patch[j];
                    }
            }

            if (images == Images) break;
        }

        for (var i = 0; i < size; i++)
            for (var j = i; j < size; j++) sums[i, j] = sums[j, i] = sums[i, j] / Math.Max(1, patches);
        return sums;
    }
}
