using Fovea.Analysis;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Pretrained;

namespace Fovea.Package.Tests.Pretrained;

public class WeightsCatalogTests
{
    /// <summary>Models whose row wants the images of weights that cannot be fetched or loaded, with those that can be in their place.</summary>
    private static readonly string[] s_otherDefaults = ["inception_v3", "resnext101_32x4d", "seresnext101_32x4d", "tf_efficientnetv2_b3"];

    private static readonly string[] s_models = [.. WeightsCatalog.All.Select(weights => weights.Model).Distinct()];

    public static TheoryData<string> Models() => [.. s_models];

    [Fact]
    public void Weights_are_of_models_of_the_catalogue_and_no_name_or_file_is_there_twice()
    {
        Assert.True(WeightsCatalog.All.Count > 400, $"{WeightsCatalog.All.Count} weights");
        Assert.Empty(s_models.Except(ModelCatalog.All.Select(row => row.Name)));
        Assert.All(s_models, model => Assert.Equal(ImageNetClasses.Count, ModelCatalog.Find(model).Classes));
        Assert.Empty(Repeated(weights => weights.Name));
        Assert.Empty(Repeated(weights => weights.FileName));
        Assert.Empty(Repeated(weights => weights.Address.AbsoluteUri));
    }

    [Fact]
    public void Facts_of_weights_are_whole()
    {
        Assert.All(WeightsCatalog.All, weights =>
        {
            weights.Preprocessing.Validate();
            Assert.InRange(weights.Top1, 0.5, 0.9);
            Assert.Matches("^[a-z0-9.-]+$", weights.Licence);
            Assert.Equal("https", weights.Address.Scheme);
        });
        Assert.All(WeightsCatalog.All.Where(weights => weights.Publisher == "torchvision"), weights =>
        {
            Assert.Matches(@"^[A-Za-z0-9_]+_Weights\.IMAGENET1K_V[12]$", weights.Name);
            Assert.Matches("^[0-9a-f]{8,10}$", weights.Sha256!);
            Assert.EndsWith($"-{weights.Sha256}.pth", weights.Address.AbsoluteUri, StringComparison.Ordinal);
            Assert.Equal(weights.FileName, weights.Address.Segments[^1]);
            Assert.False(weights.IsOnHub);
        });
        Assert.All(WeightsCatalog.All.Where(weights => weights.Publisher != "torchvision"), weights =>
        {
            Assert.StartsWith($"{weights.Model}.", weights.Name, StringComparison.Ordinal);
            Assert.Equal(($"{weights.Name}.safetensors", null, "timm"), (weights.FileName, weights.Sha256, weights.Publisher));
            Assert.Equal($"https://huggingface.co/timm/{weights.Name}/resolve/main/model.safetensors", weights.Address.AbsoluteUri);
            Assert.True(weights.IsOnHub);
        });
    }

    /// <summary>Published counts have two digits behind the point; timm's are rounded as often up as down.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Model_has_as_many_parameters_as_its_weights_and_takes_images_of_their_size(string model)
    {
        foreach (var ofSize in WeightsCatalog.Of(model).GroupBy(weights => weights.Preprocessing.Height))
        {
            var graph = ModelCatalog.Build(model, new() { ImageSize = ofSize.Key });
            var millions = CostAnalysis.Of(graph).Params / 1e6;
            Assert.All(ofSize, weights => Assert.InRange(millions, weights.MillionParameters - 0.0101, weights.MillionParameters + 0.0101));
        }
    }

    /// <summary>Rows cut the middle out of images of other proportions where timm stretches them.</summary>
    [Fact]
    public void Default_weights_of_a_model_want_the_images_of_its_row()
    {
        static bool IsOther(string model) =>
            ModelCatalog.Find(model).Preprocessing is var row && WeightsCatalog.Of(model)[0].Preprocessing with { Fit = row.Fit } != row;
        Assert.Empty(s_models.Where(IsOther).Except(s_otherDefaults));
    }

    [Theory]
    [InlineData("resnet18.a1_in1k", null, "resnet18.a1_in1k")]
    [InlineData("ResNet18_Weights.IMAGENET1K_V1", null, "ResNet18_Weights.IMAGENET1K_V1")]
    [InlineData("resnet18_weights.imagenet1k_v1", null, "ResNet18_Weights.IMAGENET1K_V1")]
    [InlineData("resnet18", null, "ResNet18_Weights.IMAGENET1K_V1")]
    [InlineData("default", "resnet18", "ResNet18_Weights.IMAGENET1K_V1")]
    [InlineData("resnet18", "resnet18", "ResNet18_Weights.IMAGENET1K_V1")]
    [InlineData("a1_in1k", "resnet18", "resnet18.a1_in1k")]
    [InlineData("IMAGENET1K_V2", "resnet50", "ResNet50_Weights.IMAGENET1K_V2")]
    [InlineData("default", "repvgg_a0", "repvgg_a0.rvgg_in1k")]
    [InlineData("default", "xception41", "xception41.tf_in1k")]
    public void Names_of_publishers_and_of_models_are_understood(string name, string? model, string wanted) =>
        Assert.Equal(wanted, WeightsCatalog.Find(name, model).Name);

    [Theory]
    [InlineData(
        "resnet18.a1_in1q", null, "there are no published weights 'resnet18.a1_in1q'; did you mean 'resnet18.a1_in1k'? ('fovea weights list' lists all)")]
    [InlineData("default", null, "the default weights of which model? wanted its name, or that of weights ('fovea weights list' lists all)")]
    [InlineData(
        "resnet50.a1_in1k", "resnet34",
        "the weights 'resnet50.a1_in1k' are for the model 'resnet50', not for 'resnet34'; for that there are ResNet34_Weights.IMAGENET1K_V1, "
        + "resnet34.a1_in1k, resnet34.a2_in1k, resnet34.a3_in1k, resnet34.bt_in1k and 3 more")]
    [InlineData(
        "a7_in1k", "vgg11", "there are no published weights 'a7_in1k' for the model 'vgg11'; there are VGG11_Weights.IMAGENET1K_V1, vgg11.tv_in1k")]
    [InlineData(
        "default", "cifar_resnet18",
        "no weights for the model 'cifar_resnet18' are known that can be fetched ('fovea weights list' lists all); wanted a file of weights, or none")]
    public void Names_of_nothing_are_refused_with_what_may_be_meant(string name, string? model, string message) =>
        Assert.Equal(message, Assert.Throws<ModelException>(() => WeightsCatalog.Find(name, model)).Message);

    private static IEnumerable<string> Repeated(Func<PublishedWeights, string> of) =>
        WeightsCatalog.All.CountBy(of, StringComparer.OrdinalIgnoreCase).Where(entry => entry.Value > 1).Select(entry => entry.Key);
}
