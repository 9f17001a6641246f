using Fovea.Darknet;
using Fovea.Images;

namespace Fovea.Sources;

/// <summary>How Darknet's <c>classifier</c> makes inputs of images.</summary>
public static class DarknetImages
{
    /// <summary>
    /// The shorter side as wide as the input, with corners on corners (<see cref="Interpolation.Aligned"/>), the middle of that, and numbers of 0 to 1. Of an
    /// input that is no square, both sides are resized.
    /// </summary>
    /// <param name="network">A network that takes grey or coloured images.</param>
    public static Preprocessing Of(DarknetNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var net = network.Net;
        var (mean, std) = (new double[net.Channels], new double[net.Channels]);
        Array.Fill(std, 1);
        return new()
        {
            Height = net.Height, Width = net.Width, Fit = net.Height == net.Width ? Fit.Crop : Fit.Stretch, CropFraction = 1,
            Interpolation = Interpolation.Aligned, Mean = mean, Std = std,
        };
    }
}
