using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary>
/// What XNOR convolutions compute with (Rastegari et al. 2016, arXiv:1603.05279), as Darknet on a CPU does: the gradient passes as if they did not.
/// </summary>
internal static class Binarised
{
    /// <summary>In each filter the mean magnitude, with the sign of the weight; 0 counts as negative.</summary>
    /// <param name="weights">[K, C, R, S].</param>
    internal static Value Weights(Value weights)
    {
        var size = weights.Relu().Plus(weights.Times(-1).Relu()).Mean(1, 2, 3).Reshape(new Shape(weights.Shape[0], 1, 1, 1));
        return Through(weights, Signs(weights).Times(size));
    }

    /// <summary>1 where a number is above 0, −1 elsewhere and in the padding: bits know no 0.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="padding">Pixels on each side.</param>
    internal static Value Images(Value x, int padding)
    {
        var signs = Through(x, Signs(x));
        if (padding == 0) return signs;
        return signs.Plus(1).Pad(2, padding, padding).Pad(3, padding, padding).Plus(-1);
    }

    private static Value Signs(Value x) => x.Graph.Constant(0f).AtLeast(x).Affine(-2, 1);

    /// <summary>The second, with the gradient of the first (straight-through).</summary>
    private static Value Through(Value x, Value y) => y.StopGradient().Plus(x.Minus(x.StopGradient()));
}
