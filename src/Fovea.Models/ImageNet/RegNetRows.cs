using Fovea.Images;
using Fovea.Models.Building;

namespace Fovea.Models.ImageNet;

/// <summary>
/// The rows of <see cref="RegNet"/>: tables 7 and 8 of the paper, timm's variants that round as torchvision does, and the larger ones of SEER.
/// </summary>
internal static class RegNetRows
{
    internal const int StageCount = 4;
    internal const int MostBlocks = 27;

    /// <summary>torchvision's names, which count the blocks of a stage from 0.</summary>
    private static readonly NameMap s_torchvision = new(
        "torchvision",
        [
            .. from stage in Enumerable.Range(1, StageCount)
               from block in Enumerable.Range(0, MostBlocks)
               select ($"trunk_output.block{stage}.block{stage}-{block}", $"s{stage}.b{block + 1}"),
            ("stem.0", "stem.conv"), ("stem.1", "stem.bn"), ("f.a.0", "conv1.conv"), ("f.a.1", "conv1.bn"), ("f.b.0", "conv2.conv"), ("f.b.1", "conv2.bn"),
            ("f.se", "se"), ("f.c.0", "conv3.conv"), ("f.c.1", "conv3.bn"), ("proj.0", "downsample.conv"), ("proj.1", "downsample.bn"), ("fc", "head.fc"),
        ])
    { RegisteredFirst = ["proj"] };

    internal static IReadOnlyList<ModelRow> All { get; } =
    [
        X("regnetx_002", new(13, 24, 36.44, 2.49, 8)),
        X("regnetx_004", new(22, 24, 24.48, 2.54, 16)),
        Torchvision(X("regnetx_004_tv", new(22, 24, 24.48, 2.54, 16) { KeepsNineTenths = true })),
        X("regnetx_006", new(16, 48, 36.97, 2.24, 24)),
        Torchvision(X("regnetx_008", new(16, 56, 35.73, 2.28, 16))),
        Torchvision(X("regnetx_016", new(18, 80, 34.01, 2.25, 24))),
        Torchvision(X("regnetx_032", new(25, 88, 26.31, 2.25, 48))),
        X("regnetx_040", new(23, 96, 38.65, 2.43, 40)),
        X("regnetx_064", new(17, 184, 60.83, 2.07, 56)),
        Torchvision(X("regnetx_080", new(23, 80, 49.56, 2.88, 120))),
        X("regnetx_120", new(19, 168, 73.36, 2.37, 112)),
        Torchvision(X("regnetx_160", new(22, 216, 55.59, 2.1, 128))),
        Torchvision(X("regnetx_320", new(23, 320, 69.86, 2.0, 168))),
        Y("regnety_002", new(13, 24, 36.44, 2.49, 8)),
        Torchvision(Y("regnety_004", new(16, 48, 27.89, 2.09, 8))),
        Y("regnety_006", new(15, 48, 32.54, 2.32, 16)),
        Y("regnety_008", new(14, 56, 38.84, 2.4, 16)),
        Torchvision(Y("regnety_008_tv", new(14, 56, 38.84, 2.4, 16) { KeepsNineTenths = true })),
        Torchvision(Y("regnety_016", new(27, 48, 20.71, 2.65, 24))),
        Y("regnety_032", new(21, 80, 42.63, 2.66, 24)) with { CropFraction = 0.95 },
        Y("regnety_040", new(22, 96, 31.41, 2.24, 64)) with { CropFraction = 0.95 },
        Y("regnety_064", new(25, 112, 33.22, 2.27, 72)) with { CropFraction = 0.95 },
        Y("regnety_080", new(17, 192, 76.82, 2.19, 56)) with { CropFraction = 0.95 },
        Torchvision(Y("regnety_080_tv", new(17, 192, 76.82, 2.19, 56) { KeepsNineTenths = true })),
        Y("regnety_120", new(19, 168, 73.36, 2.37, 112)) with { CropFraction = 0.95 },
        Y("regnety_160", new(18, 200, 106.23, 2.48, 112)) with { CropFraction = 0.95 },
        Torchvision(Y("regnety_320", new(20, 232, 115.89, 2.53, 232))),
        Seer("regnety_640", new(20, 352, 147.48, 2.4, 328)),
        Seer("regnety_1280", new(27, 456, 160.83, 2.52, 264)),
        Seer("regnety_2560", new(27, 640, 230.83, 2.53, 373)),
    ];

    private static ModelRow X(string name, RegNetForm form) => new(name, "regnet", (s, x, options) => RegNet.Build(s, x, options, form))
    {
        Paper = "arXiv:2003.13678",
        Licence = "Apache-2.0",
        Interpolation = Interpolation.Bicubic,
        OtherNames = [s_torchvision, PaddleClasNames.RegNet, MindCvNames.RegNet],
    };

    private static ModelRow Y(string name, RegNetForm form) => X(name, form with { Squeezes = true });

    /// <summary>The largest, which SEER (arXiv:2103.01988) trained without labels, on the images that it was tuned with.</summary>
    private static ModelRow Seer(string name, RegNetForm form) => Y(name, form) with { ImageSize = 384, CropFraction = 1, Paper = "arXiv:2103.01988" };

    /// <summary>A row whose weights timm takes from torchvision, with the crop that those want.</summary>
    private static ModelRow Torchvision(ModelRow row) => row with { CropFraction = 0.965 };
}
