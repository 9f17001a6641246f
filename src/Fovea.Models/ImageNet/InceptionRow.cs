using Fovea.Images;
using Fovea.Models.Building;

namespace Fovea.Models.ImageNet;

/// <summary>A row of a network that takes images in −1 to 1, as those that come from TensorFlow do.</summary>
internal static class InceptionRow
{
    private static readonly IReadOnlyList<double> s_half = [0.5, 0.5, 0.5];

    internal static ModelRow Of(string name, string family, ModelBuilder builder, string paper, double crop, int size = 299) => new(name, family, builder)
    {
        Paper = paper, Licence = "Apache-2.0", ImageSize = size, Mean = s_half, Std = s_half, CropFraction = crop, Interpolation = Interpolation.Bicubic,
    };
}
