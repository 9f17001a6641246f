using Fovea.Graphs;

namespace Fovea.Models.Tests;

/// <summary>Models without a fixture, which configurations of other systems name: their trained numbers are those that timm publishes.</summary>
public sealed class ConfiguredModelsTests
{
    /// <summary>In millions with two digits, as timm's results/results-imagenet.csv has them.</summary>
    [Theory]
    [InlineData("convnextv2_tiny", 28.64)]
    [InlineData("mobilenetv1_100", 4.23)]
    [InlineData("mobilenetv4_conv_small", 3.77)]
    [InlineData("mobilenetv4_conv_medium", 9.72)]
    [InlineData("mobilenetv4_conv_large", 32.59)]
    [InlineData("mobilenetv4_hybrid_medium", 11.07)]
    [InlineData("mobilenetv4_hybrid_large", 37.76)]
    [InlineData("resnet18d", 11.71)]
    [InlineData("resnet34d", 21.82)]
    [InlineData("resnet50c", 25.58)]
    [InlineData("resnet50d", 25.58)]
    [InlineData("resnet101d", 44.57)]
    [InlineData("resnet152d", 60.21)]
    [InlineData("resnet200d", 64.69)]
    [InlineData("resnetv2_50", 25.55)]
    [InlineData("resnetv2_101", 44.54)]
    [InlineData("resnext50d_32x4d", 25.05)]
    [InlineData("swin_large_patch4_window7_224", 196.53)]
    [InlineData("swin_large_patch4_window12_384", 196.74)]
    [InlineData("swinv2_tiny_window8_256", 28.35)]
    [InlineData("swinv2_small_window16_256", 49.73)]
    [InlineData("swinv2_base_window16_256", 87.92)]
    [InlineData("vit_large_patch16_224", 304.33)]
    [InlineData("vit_large_patch16_384", 304.72)]
    [InlineData("vit_large_patch32_384", 306.63)]
    public void Model_has_as_many_trained_numbers_as_timm_publishes(string name, double millions)
    {
        var trained = ModelCatalog.Build(name).Variables.Select(value => value.Variable!).Where(variable => variable.Kind == VariableKind.Parameter)
            .Sum(variable => variable.Type.Shape.Elements);
        Assert.Equal(millions, Math.Round(trained / 1e6, 2), 1e-9);
    }

    /// <summary>In timm (<c>_gen_mobilenet_v4</c>) and PaddleClas alike: behind each bottleneck and each attention, 1e-5 at first.</summary>
    [Theory]
    [InlineData("mobilenetv4_conv_medium", 0)]
    [InlineData("mobilenetv4_hybrid_medium", 2 + 12 + 16)]
    [InlineData("mobilenetv4_hybrid_large", 2 + 15 + 18)]
    public void Blocks_of_hybrid_MobileNetV4_have_a_scale_of_each_channel(string name, int blocks)
    {
        var scales = ModelCatalog.Build(name).Variables.Select(value => value.Variable!)
            .Where(variable => variable.Label.EndsWith("layer_scale.gamma", StringComparison.Ordinal)).ToList();
        Assert.Equal(blocks, scales.Count);
        Assert.All(scales, variable => Assert.Equal((1, new Initializer.Fill(1e-5)), (variable.Type.Shape.Rank, variable.Initial)));
        if (blocks > 0) Assert.Equal("blocks.1.0.layer_scale.gamma", scales[0].Label);
    }
}
