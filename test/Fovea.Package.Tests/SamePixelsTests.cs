using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sources;
using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx;
using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Recipes;

namespace Fovea.Package.Tests;

/// <summary>Evaluation, training, the classifier and what is written beside ONNX see the same pixels, whatever the preprocessing.</summary>
public sealed class SamePixelsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, Interpolation, double> Cases() => new()
    {
        { "resnet18", Interpolation.Bilinear, 0.875 },
        { "regnety_032", Interpolation.Bicubic, 0.95 },
        { "vit_tiny_patch16_224", Interpolation.Bicubic, 0.9 },
        { "mnist_lenet", Interpolation.Bilinear, 1 },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Classifier_evaluation_and_onnx_metadata_agree_pixel_by_pixel(string name, Interpolation interpolation, double fraction)
    {
        var recipe = new TrainRecipe
        {
            Data = new DataOptions { ImageSize = 6 }.Resolve(ModelCatalog.Find(name).Preprocessing),
            Augment = new() { Transforms = [] },
        };
        var published = recipe.Preprocessing;
        Assert.Equal((interpolation, fraction, 6), (published.Interpolation, published.CropFraction, published.Height));
        var expected = Pixels(recipe.EvaluationPipeline);
        Assert.Equal(published.Channels * 36, expected.Length);
        Assert.Equal(expected, Pixels(recipe.TrainingPipeline));

        var model = PixelsAsLogits(published);
        FoveaFile.Write(_folder.Path("m.fovea"), model);
        using var onnx = new MemoryStream();
        OnnxFile.Write(onnx, model.Graph, model.Weights, new() { Card = model.Card });
        onnx.Position = 0;
        var kept = OnnxFile.Read(onnx, "m.onnx").Card!.Input;
        Assert.Equal(published, kept);
        Assert.Equal(published, FoveaFile.Read(_folder.Path("m.fovea")).Card.Input);
        Assert.Equal(expected, Pixels(ImagePipeline.Evaluate(kept)));

        using var classifier = Classifier.Load(_folder.Path("m.fovea"));
        var seen = classifier.Predict(ShippedModels.Picture(2)).Probabilities.ToArray();
        Assert.True(Distance(Softmax(expected), seen) < 1e-5);
        var other = published with { Interpolation = interpolation == Interpolation.Bicubic ? Interpolation.Bilinear : Interpolation.Bicubic };
        Assert.True(Distance(Softmax(Pixels(ImagePipeline.Evaluate(other))), seen) > 1e-3);
    }

    private static double Distance(double[] expected, float[] actual) => expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second));

    private static double[] Softmax(float[] logits)
    {
        var sum = logits.Sum(z => Math.Exp(z));
        return [.. logits.Select(z => Math.Exp(z) / sum)];
    }

    /// <summary>What a loader makes of a picture.</summary>
    private static float[] Pixels(ImagePipeline pipeline)
    {
        using var loader = new BatchLoader(
            new MemoryImages(["a"], [("a", ShippedModels.Picture(2), 0)]), pipeline, new LoaderOptions { BatchSize = 1, Workers = 1 });
        return loader.Epoch(0, 0, TestContext.Current.CancellationToken).Select(batch => batch.Images.ToArray()).Single();
    }

    /// <summary>A classifier whose logits are its input, so that its probabilities tell the pixels.</summary>
    private static FoveaModel PixelsAsLogits(Preprocessing input)
    {
        var graph = new Graph("pixels");
        var x = graph.Input("input", TensorType.F32(1, input.Channels, input.Height, input.Width));
        var count = input.Channels * input.Height * input.Width;
        graph.Output("logits", x.Linear(new Scope(graph)["fc"], count, bias: false));
        var identity = new HostTensor(TensorType.F32(count, count));
        for (var i = 0; i < count; i++) identity.Floats[(i * count) + i] = 1;
        return new()
        {
            Card = new() { Model = "pixels", Classes = [.. Enumerable.Range(0, count).Select(i => $"pixel {i}")], Input = input },
            Graph = graph,
            Weights = new Dictionary<string, HostTensor> { ["fc.weight"] = identity },
        };
    }
}
