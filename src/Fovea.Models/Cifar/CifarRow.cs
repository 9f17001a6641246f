using Fovea.Models.Building;

namespace Fovea.Models.Cifar;

/// <summary>A row for images of 32 pixels in ten classes, with mean and deviation of CIFAR-10.</summary>
internal static class CifarRow
{
    private static readonly IReadOnlyList<double> s_mean = [0.4914, 0.4822, 0.4465];
    private static readonly IReadOnlyList<double> s_std = [0.2023, 0.1994, 0.2010];

    internal static ModelRow Of(string name, string family, ModelBuilder builder, string paper, string licence = "MIT") => new(name, family, builder)
    {
        Paper = paper, Licence = licence, Classes = 10, ImageSize = 32, CropFraction = 1, Mean = s_mean, Std = s_std,
    };
}
