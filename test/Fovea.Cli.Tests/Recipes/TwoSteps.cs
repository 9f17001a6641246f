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

/// <summary>Two steps of a recipe with small batches of small images. No checkpoints: some models fill a gigabyte.</summary>
/// <param name="folder">Where drawn images and made scales lie.</param>
internal sealed class TwoSteps(TemporaryFolder folder)
{
    private const int Steps = 2;

    /// <summary>Takes them; the loss and the rate have to be such that a run could go on.</summary>
    /// <param name="read">The recipe with changes.</param>
    internal void Take(Func<IReadOnlyList<RecipeOverride>, TrainRecipe> read)
    {
        var whole = read([]);
        var recipe = read([.. Shrinking(whole.ResolvedFor(whole.OpenModel())).Select(RecipeOverride.Parse)]);
        var model = recipe.OpenModel();
        recipe = recipe.ResolvedFor(model);
        var images = ClassFolders.Open(TinyData.Make(folder, train: 4, validation: 1)).Train;
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

    /// <summary>What is set of a recipe so that it takes little; the scales of a RepOptimizer, which another run finds, are made here.</summary>
    private IEnumerable<string> Shrinking(TrainRecipe recipe)
    {
        yield return "train.batch_size=4";
        yield return "train.accumulate=1";
        yield return "train.log_every=1";
        yield return "data.workers=1";
        if (SmallSize(recipe) is { } size)
        {
            yield return $"data.image_size={size}";
            if (recipe.Data.Progressive.Count > 0) yield return "data.progressive=[]";
        }

        foreach (var (i, _) in recipe.Optimizer.Around.Index().Where(around => around.Item is RepOptOptions))
            yield return $"optimizer.around[{i}].scales={Scales(recipe.Model.Name!.Replace("_target", "_hs", StringComparison.Ordinal))}";
    }

    /// <summary>The smallest of some sizes that a net takes, 16 pixels for those of CIFAR; null where it needs all that it has.</summary>
    private static int? SmallSize(TrainRecipe recipe)
    {
        int[] sizes = recipe.Data.ImageSize > 32 ? [32, 64, 96] : [16];
        foreach (var size in sizes)
            try
            {
                (recipe with { Data = recipe.Data with { ImageSize = size, Progressive = [] } }).OpenModel().Graph(1);
                return size;
            }
            catch (Exception e) when (e is ShapeException or ModelSourceException)
            {
            }

        return null;
    }

    /// <summary>A file of the scales that the hyper-search of a model begins with.</summary>
    private string Scales(string search)
    {
        var path = folder.Path(RepOptScales.FileName);
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
