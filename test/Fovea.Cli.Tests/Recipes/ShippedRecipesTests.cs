using Fovea.Backends.OneDnn;
using Fovea.Data.Batching;
using Fovea.Data.Sources;
using Fovea.Models;
using Fovea.Recipes;
using Fovea.Sources;
using Fovea.Tensors;
using Fovea.Training;
using Fovea.Training.Batches;
using Fovea.Training.Logging;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.RepOpt;

namespace Fovea.Cli.Tests.Recipes;

/// <summary>Every recipe that is shipped trains as it stands, but for small batches of small images. No checkpoints: some models fill a gigabyte.</summary>
public sealed class ShippedRecipesTests : IDisposable
{
    private const int Steps = 2;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(RecipeFilesTests.Configs), MemberType = typeof(RecipeFilesTests))]
    public void Every_shipped_recipe_takes_two_steps_of_finite_loss(string file)
    {
        var path = Repository.Path(file);
        var shipped = RecipeReader.Read(path);
        var recipe = RecipeReader.Read(path, [.. Shrinking(shipped.ResolvedFor(shipped.OpenModel())).Select(RecipeOverride.Parse)]);
        var model = recipe.OpenModel();
        recipe = recipe.ResolvedFor(model);
        var images = ClassFolders.Open(TinyData.Make(_folder, train: 4, validation: 1)).Train;
        using var stop = new CancellationTokenSource();
        using var loader = new BatchLoader(images, recipe.TrainingPipeline, recipe.TrainingLoader(), TestContext.Current.CancellationToken);
        using var trainer = new Trainer(new()
        {
            Recipe = recipe,
            Model = recipe.StartOf(model, images.ClassNames).Graph,
            Backend = new OneDnnBackend(),
            Train = new LoadedBatches(loader),
            Classes = images.ClassNames,
            ClassCounts = [.. Enumerable.Repeat(images.Count / images.ClassNames.Count, images.ClassNames.Count)],
        });
        var log = new StoppingLog(Steps, stop);
        Assert.Equal(TrainingEnd.Interrupted, trainer.Run(log, stop.Token));
        Assert.Equal(Steps, log.Reports.Count);
        Assert.All(log.Reports, report => Assert.True(double.IsFinite(report.Loss) && report.Loss > 0, $"the loss is {report.Loss}"));
        Assert.True(log.Reports[^1].LearningRate > 0, "the second step has no rate");
    }

    [Theory]
    [MemberData(nameof(RecipeFilesTests.Configs), MemberType = typeof(RecipeFilesTests))]
    public void Every_shipped_recipe_shows_as_a_recipe_that_shows_the_same(string file)
    {
        var shown = Shell.Run("recipe", "show", Repository.Path(file));
        Assert.Equal((0, ""), (shown.Code, shown.Error));
        var copy = _folder.Path("shown.yaml");
        File.WriteAllText(copy, shown.Out);
        Assert.Equal(shown.Out, Shell.Run("recipe", "show", copy).Out);
    }

    [Theory]
    [MemberData(nameof(RecipeFilesTests.Configs), MemberType = typeof(RecipeFilesTests))]
    public void Every_shipped_recipe_stands_in_the_table_of_recipes_with_its_model_batch_and_epochs(string file)
    {
        var recipe = RecipeReader.Read(Repository.Path(file));
        var name = Path.GetRelativePath("configs", file).Replace('\\', '/');
        var rows = File.ReadLines(Repository.Path("configs/README.md")).Where(line => line.StartsWith($"| [`{name}`]({name}) |", StringComparison.Ordinal));
        var cells = Assert.Single(rows).Split('|', StringSplitOptions.TrimEntries);
        Assert.Equal($"`{recipe.Model.Name}`", cells[2]);
        Assert.Equal((recipe.Train.BatchSize, recipe.Train.Epochs), (int.Parse(cells[^3], null), int.Parse(cells[^2], null)));
    }

    /// <summary>What is set of a recipe so that it takes little; the scales of a RepOptimizer, which another run finds, are made here.</summary>
    private IEnumerable<string> Shrinking(TrainRecipe recipe)
    {
        yield return "train.batch_size=4";
        yield return "train.log_every=1";
        yield return "data.workers=1";
        if (SmallSize(recipe) is { } size) yield return $"data.image_size={size}";
        foreach (var (i, _) in recipe.Optimizer.Around.Index().Where(around => around.Item is RepOptOptions))
            yield return $"optimizer.around[{i}].scales={Scales(recipe.Model.Name!.Replace("_target", "_hs", StringComparison.Ordinal))}";
    }

    /// <summary>32 pixels for nets of larger images and 16 for those of CIFAR; null where the net needs all that it has.</summary>
    private static int? SmallSize(TrainRecipe recipe)
    {
        var size = recipe.Data.ImageSize > 32 ? 32 : 16;
        try
        {
            (recipe with { Data = recipe.Data with { ImageSize = size } }).OpenModel().Graph(1);
            return size;
        }
        catch (Exception e) when (e is ShapeException or ModelSourceException)
        {
            return null;
        }
    }

    /// <summary>A file of the scales that the hyper-search of a model begins with.</summary>
    private string Scales(string search)
    {
        var path = _folder.Path(RepOptScales.FileName);
        var variables = ModelCatalog.Build(search).Variables.Select(value => value.Variable!)
            .Where(variable => variable.Label.Contains(".scale_", StringComparison.Ordinal));
        RepOptScales.Of([.. variables.Select(variable => (variable.Label, variable.Initial.Make(variable.Type.Shape, variable.Label, 0)))], search).Write(path);
        return path;
    }

    /// <summary>Asks to stop after some steps.</summary>
    private sealed class StoppingLog(int steps, CancellationTokenSource stop) : ITrainingLog
    {
        internal List<StepReport> Reports { get; } = [];

        public void Step(in StepReport report)
        {
            Reports.Add(report);
            if (Reports.Count == steps) stop.Cancel();
        }

        public void Epoch(EpochReport report)
        {
        }

        public void Message(string text)
        {
        }

        public void Warning(string text) => Assert.Fail(text);

        // Recipes for large images and long runs are tried with small and short ones here.
        public void Advice(Advice advice)
        {
        }
    }
}
