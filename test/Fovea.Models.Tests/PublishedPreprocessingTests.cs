using System.Globalization;
using Fovea.Images;

namespace Fovea.Models.Tests;

/// <summary>The rows against a table of what timm, torchvision and the authors publish (<c>fixtures/preprocessing.csv</c>).</summary>
public sealed class PublishedPreprocessingTests
{
    /// <summary>Forms of RepVGG of which nobody has published weights, let alone what images they want.</summary>
    private static readonly string[] s_unpublished =
    [
        "repoptvgg_csla", "repoptvgg_hs", "repoptvgg_repvgg", "repoptvgg_target", "repvgg", "repvgg_m0", "repvgg_m1", "repvgg_n0", "repvgg_n1", "repvgg_n2",
        "repvgg_n3", "repvgg_n4",
    ];

    /// <summary>Models that configurations of MindCV and PaddleClas name; each configuration says which images it wants.</summary>
    private static readonly string[] s_configured =
    [
        "convnextv2_tiny", "densenet264", "mobilenetv1_025", "mobilenetv1_050", "mobilenetv1_075", "mobilenetv1_100", "mobilenetv2_025",
        "mobilenetv2_150", "mobilenetv2_200", "mobilenetv3_large_035", "mobilenetv3_large_050", "mobilenetv3_large_125", "mobilenetv3_small_035",
        "mobilenetv3_small_125", "mobilenetv4_conv_large", "mobilenetv4_conv_medium", "mobilenetv4_conv_small",
        "mobilenetv4_hybrid_large", "mobilenetv4_hybrid_medium", "resnet101d", "resnet152d", "resnet18d", "resnet200d", "resnet34d", "resnet50c", "resnet50d", "resnetv2_101",
        "resnetv2_50", "resnext101_32x48d", "resnext101d_32x4d", "resnext101d_64x4d", "resnext152_32x4d", "resnext152_64x4d", "resnext152d_32x4d",
        "resnext152d_64x4d", "resnext50_64x4d", "resnext50d_32x4d", "resnext50d_64x4d", "senet154d", "seresnet18d", "seresnet34d", "seresnet50d",
        "seresnext26_32x4d", "seresnext50d_32x4d", "shufflenet_v1_g3_05", "shufflenet_v1_g3_10", "shufflenet_v2_swish", "shufflenet_v2_x0_25",
        "shufflenet_v2_x0_33", "swin_large_patch4_window12_384", "swin_large_patch4_window7_224", "swinv2_base_window16_256",
        "swinv2_base_window24_384", "swinv2_base_window8_256", "swinv2_large_window16_256", "swinv2_large_window24_384", "swinv2_small_window16_256",
        "swinv2_small_window8_256", "swinv2_tiny_window16_256", "swinv2_tiny_window8_256", "vit_large_patch16_224", "vit_large_patch16_384",
        "vit_large_patch32_224", "vit_large_patch32_384",
    ];

    private static readonly Dictionary<string, string[]> s_published = File.ReadLines(Path.Combine(Fixtures.Folder, "preprocessing.csv"))
        .Where(line => !line.StartsWith('#')).Select(line => line.Split(',')).ToDictionary(fields => fields[0], StringComparer.Ordinal);

    public static TheoryData<string> Names() => [.. s_published.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Row_wants_the_images_that_its_weights_were_published_for(string name)
    {
        var (fields, row) = (s_published[name], ModelCatalog.Find(name).Preprocessing);
        var (size, side) = (int.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[2], CultureInfo.InvariantCulture));
        Assert.Equal((Fit.Crop, size, size, side), (row.Fit, row.Height, row.Width, row.ShorterSide));
        Assert.Equal(Enum.Parse<Interpolation>(fields[3], ignoreCase: true), row.Interpolation);
        Close(fields[4], row.Mean);
        Close(fields[5], row.Std);
    }

    [Fact]
    public void Every_row_has_a_published_preprocessing_or_is_known_to_have_none() =>
        Assert.Equal(
            s_unpublished.Concat(s_configured).Order(StringComparer.Ordinal), ModelCatalog.All.Select(row => row.Name).Where(name => !s_published.ContainsKey(name)).Order(StringComparer.Ordinal));

    private static void Close(string published, IReadOnlyList<double> row)
    {
        var numbers = published.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(numbers.Length, row.Count);
        for (var c = 0; c < numbers.Length; c++) Assert.Equal(numbers[c], row[c], 1e-9);
    }
}
