using Fovea.Backends.OneDnn;
using Fovea.Formats.Artefact;
using Fovea.Sources;
using Fovea.Tensors;
using Fovea.Training;
using Fovea.Training.Batches;
using Fovea.Training.Checkpoints;
using Fovea.Training.Deploying;
using Fovea.Training.Logging;
using Fovea.Training.Recipes;

namespace Fovea.Package.Tests;

/// <summary>A program trains from a file or a run, without a command line and without a catalogue.</summary>
public sealed class StartingFromSourcesTests : IDisposable
{
    private static readonly string[] s_classes = ["dark", "light"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("m.fovea")]
    [InlineData("m.onnx")]
    public void A_program_fine_tunes_a_file_for_classes_of_its_own_and_goes_on_from_its_checkpoint(string name)
    {
        var path = _folder.Path(name);
        var shipped = ShippedModels.Model();
        if (name.EndsWith(".onnx", StringComparison.Ordinal)) Assert.True(OnnxExport.Write(path, shipped, new OneDnnBackend()).Passed);
        else FoveaFile.Write(path, shipped);
        var recipe = new TrainRecipe
        {
            Model = new() { Source = path },
            Train = new() { Epochs = 1, BatchSize = 4, CheckpointEveryMinutes = 0 },
        };
        var checkpoints = RunFolder.CheckpointsOf(_folder.Path("run"));
        Directory.CreateDirectory(checkpoints.Path);

        var first = Trained(recipe, checkpoints, from: null);
        File.Delete(path);
        var second = Trained(recipe with { Train = recipe.Train with { Epochs = 2 } }, checkpoints, checkpoints.LoadLatest(text => Assert.Fail(text)));

        Assert.Contains("is new, for 2 classes: it was for 5 classes", first.Notes[^1], StringComparison.Ordinal);
        Assert.Equal(2, checkpoints.LoadLatest(_ => { })!.State.Epoch);
        var run = ModelSource.LoadAny(_folder.Path("run"), new() { Checkpoint = "latest" });
        Assert.Equal(("repvgg", 2, shipped.Card.Input), (run.Name, run.ClassCount, run.Preprocessing));
        using var classifier = Classifier.Of(run.Shipped(run.Classes!));
        Assert.Equal(s_classes, classifier.Predict(ShippedModels.Picture(1), "picture").Top(2).Select(top => top.Class).Order());
        Assert.Equal(second.Graph(3).ToString(), run.Graph(3).ToString());
    }

    [Fact]
    public void A_model_is_loaded_for_another_image_size_where_its_graph_can_take_it()
    {
        FoveaFile.Write(_folder.Path("m.fovea"), ShippedModels.Model());
        var model = ModelSource.LoadAny(_folder.Path("m.fovea"), new() { Images = new() { ImageSize = 48 } });
        Assert.Equal((48, TensorType.F32(2, 3, 48, 48)), (model.Preprocessing.Height, model.Graph(2).Variable("input").Type));
        var (graph, weights) = (ShippedModels.Graph("cifar_lenet", 1), ShippedModels.Weights(ShippedModels.Graph("cifar_lenet", 1)));
        FoveaFile.Write(_folder.Path("lenet.fovea"), ShippedModels.Model() with { Graph = graph, Weights = weights });
        Assert.Contains(
            "cannot take images of 48×48: fc1 (mat_mul): ",
            Assert.Throws<ModelSourceException>(() => ModelSource.LoadAny(_folder.Path("lenet.fovea"), new() { Images = new() { ImageSize = 48 } })).Message,
            StringComparison.Ordinal);
    }

    private static LoadedModel Trained(TrainRecipe recipe, CheckpointFolder checkpoints, Checkpoint? from)
    {
        var model = recipe.OpenModel(from);
        recipe = recipe.ResolvedFor(model);
        var start = recipe.StartOf(model, s_classes);
        using var trainer = new Trainer(new()
        {
            Recipe = recipe,
            Name = start.Name,
            Model = start.Graph,
            Weights = start.Tensors,
            Backend = new OneDnnBackend(),
            Train = new Brightness(ShippedModels.Size),
            Classes = s_classes,
            Checkpoints = checkpoints,
            From = from,
            Preprocessing = PreprocessingJson.Write(recipe.Preprocessing),
            RecipeText = Recipes.RecipeWriter.Write(recipe),
        });
        Assert.Equal(TrainingEnd.Finished, trainer.Run(new CompositeLog(), TestContext.Current.CancellationToken));
        return start;
    }

    /// <summary>Images that are dark or light.</summary>
    private sealed class Brightness(int size) : IBatchSource
    {
        public int Samples => 8;

        public int BatchSize => 4;

        public int Batches => 2;

        public IReadOnlyList<string> BadImages => [];

        public IEnumerable<Batch> Epoch(int epoch, int first = 0, CancellationToken stop = default)
        {
            for (var b = first; b < Batches; b++)
            {
                var images = new float[4 * 3 * size * size];
                for (var i = 0; i < images.Length; i++) images[i] = i / (3 * size * size) % 2 == 0 ? -1 : 1;
                yield return new(4, images, new[] { 0, 1, 0, 1 });
            }
        }
    }
}
