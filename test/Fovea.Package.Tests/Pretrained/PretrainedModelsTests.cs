using Fovea.Images;
using Fovea.Pretrained;
using Fovea.Sources;
using Fovea.Training.Recipes;

namespace Fovea.Package.Tests.Pretrained;

/// <summary>A program starts from published weights.</summary>
public sealed class PretrainedModelsTests : IDisposable
{
    private readonly PublishedFiles _hub = new();
    private readonly List<string> _notes = [];

    public void Dispose() => _hub.Dispose();

    private LoadOptions Options => new() { Cache = _hub.Cache, Note = _notes.Add };

    [Fact]
    public void Model_by_name_has_the_tensors_images_and_classes_of_its_published_weights()
    {
        var model = ModelSource.LoadAny(PublishedFiles.Weights.Model, Options with { Pretrained = "default" });
        Assert.Equal((PublishedFiles.Weights.Model, PublishedFiles.Name, 1000), (model.Name, model.Origin, model.ClassCount));
        Assert.Equal(PublishedFiles.Weights.Preprocessing, model.Preprocessing);
        Assert.Same(ImageNetClasses.Names, model.Classes);
        Assert.All(model.Tensors, entry => Assert.True(entry.Tensor.Bytes.SequenceEqual(PublishedFiles.Tensors[entry.Name].Bytes), entry.Name));
        Assert.Equal([$"{PublishedFiles.Name}: fetched from {_hub.Server.Address}{PublishedFiles.Place}; licence apache-2.0"], _notes);
    }

    [Fact]
    public void What_is_said_of_images_goes_before_what_the_weights_want()
    {
        var model = ModelSource.LoadAny(
            PublishedFiles.Weights.Model, Options with { Pretrained = "lamb_in1k", Images = new() { ImageSize = 64, Interpolation = Interpolation.Box } });
        Assert.Equal(PublishedFiles.Weights.Preprocessing with { Height = 64, Width = 64, Interpolation = Interpolation.Box }, model.Preprocessing);
    }

    [Fact]
    public void Recipe_that_names_weights_alone_comes_to_their_model_and_images_without_the_net()
    {
        _hub.Server.Refuses = _ => 503;
        var recipe = new TrainRecipe { Model = new() { Pretrained = "resnet18.a3_in1k" } };
        var resolved = recipe.ResolvedFor(recipe.OpenModel());
        Assert.Equal(("resnet18", "resnet18.a3_in1k"), Names(resolved.Model));
        Assert.Equal(WeightsCatalog.Find("resnet18.a3_in1k").Preprocessing, resolved.Preprocessing);
        Assert.Equal((160, 0.95), (resolved.Data.ImageSize, resolved.Data.CropFraction));
        var named = new TrainRecipe { Model = new() { Name = "resnet50", Pretrained = "default" } };
        Assert.Equal("ResNet50_Weights.IMAGENET1K_V1", named.ResolvedFor(named.OpenModel()).Model.Pretrained);
        var usual = new TrainRecipe { Model = new() { Pretrained = "default" } };
        Assert.Equal(("resnet18", "ResNet18_Weights.IMAGENET1K_V1"), Names(usual.ResolvedFor(usual.OpenModel()).Model));
        Assert.Empty(_hub.Server.Requests);
    }

    [Fact]
    public void Classifier_of_other_classes_is_replaced_and_said_to_be()
    {
        var recipe = new TrainRecipe { Model = new() { Pretrained = PublishedFiles.Name } };
        var start = recipe.StartOf(recipe.OpenModel(), ["cat", "dog"], Options);
        Assert.Equal([$"{PublishedFiles.Name}: the classifier (classifier) is new, for 2 classes: it was for 1000 classes"], start.Notes);
        Assert.Equal((2, 2), (start.ClassCount, start.Graph(1).Output("logits").Shape[1]));
        var others = PublishedFiles.Tensors.Keys.Where(name => !name.StartsWith("classifier.", StringComparison.Ordinal));
        Assert.Equal(others, start.Tensors.Select(entry => entry.Name));
    }

    [Fact]
    public void Classifier_is_kept_for_data_of_the_same_classes_by_either_of_their_names()
    {
        var recipe = new TrainRecipe { Model = new() { Pretrained = PublishedFiles.Name } };
        foreach (var classes in new[] { ImageNetClasses.Names, ImageNetClasses.WordNetIds })
        {
            var start = recipe.StartOf(recipe.OpenModel(), classes, Options);
            Assert.Same(classes, start.Classes);
            Assert.Equal(PublishedFiles.Tensors.Count, start.Tensors.Count);
            Assert.Empty(start.Notes);
        }

        var fresh = (recipe with { Model = recipe.Model with { SkipClassifier = true } }).StartOf(recipe.OpenModel(), ImageNetClasses.Names, Options);
        Assert.Contains("is new, for 1000 classes: as was asked for", fresh.Notes[^1], StringComparison.Ordinal);
    }

    private static (string? Model, string Weights) Names(ModelChoice choice) => (choice.Name, choice.Pretrained);

    [Theory]
    [InlineData("a.pth", "", "model.pretrained: 'resnet18' beside weights; wanted either of them")]
    [InlineData("", "m.fovea", "model.pretrained: 'resnet18' beside source; wanted either of them")]
    public void Recipe_with_two_origins_of_weights_is_refused(string weights, string source, string message)
    {
        var recipe = new TrainRecipe { Model = new() { Pretrained = "resnet18", Weights = weights, Source = source } };
        Assert.Contains(message, recipe.Validate().Select(problem => problem.ToString()));
    }
}
