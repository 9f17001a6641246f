using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Building;

/// <summary>The channel shuffle of ShuffleNet.</summary>
public static class ChannelShuffle
{
    /// <summary>Deals the channels out in turn: channel i of group g becomes channel g of group i (Zhang et al. 2017, arXiv:1707.01083, fig. 1).</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="groups">In how many parts the channels lie; divides C. PyTorch: nn.ChannelShuffle.</param>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    /// <exception cref="ShapeException">The groups do not divide the channels.</exception>
    public static Value ShuffleChannels(this Value x, int groups)
    {
        var shape = x.Shape;
        if (groups < 1 || shape.C % groups != 0)
            throw new ShapeException($"channel shuffle: {shape.C} channels of x {shape} do not split into {groups} groups; wanted a divisor");
        var parts = x.Reshape(new Shape(shape.N, groups, shape.C / groups, shape.H, shape.W));
        return parts.Transpose(0, 2, 1, 3, 4).Reshape(shape);
    }
}
