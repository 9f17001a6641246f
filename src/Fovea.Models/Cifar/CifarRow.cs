namespace Fovea.Models.Cifar;

/// <summary>A row for images of 32 pixels in ten classes.</summary>
internal static class CifarRow
{
    internal static ModelRow Of(string name, string family, ModelBuilder builder, string paper, string licence = "MIT") => new(name, family, builder)
    {
        Paper = paper, Licence = licence, Classes = 10, ImageSize = 32, CropFraction = 1,
    };
}
