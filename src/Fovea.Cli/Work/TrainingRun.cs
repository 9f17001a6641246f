using System.Globalization;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Output;
using Fovea.Cli.Recipes;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sources;
using Fovea.Formats;
using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Models;
using Fovea.Naming;
using Fovea.Tensors;
using Fovea.Training;
using Fovea.Training.Batches;
using Fovea.Training.Checkpoints;
using Fovea.Training.Logging;
using Fovea.Training.Recipes;
using Fovea.Training.Weights;

namespace Fovea.Cli.Work;

/// <summary>A run: recipe, data and folder put together, ready to train.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly TrainRecipe _recipe;
    private readonly TrainLog _log;
    private readonly RunFolder _folder;
    private readonly DataFolders _data;
    private readonly string[] _knownBad;
    private readonly BatchLoader? _train;
    private readonly BatchLoader? _validation;
    private readonly Trainer? _trainer;
    private readonly FolderLogs? _files;
    private int _badCount;

    /// <summary>Checks recipe, model, weights and data, then takes the folder and compiles.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">The data folder.</param>
    /// <param name="output">The run's folder.</param>
    /// <param name="resume">Whether the run in it is continued.</param>
    /// <param name="report">Where the course of the run is told.</param>
    /// <param name="stop">Ends reading the data folder, even if the system hangs.</param>
    internal TrainingRun(TrainRecipe recipe, string data, string output, bool resume, Report report, CancellationToken stop = default)
    {
        var row = ModelCatalog.Find(recipe.Model.Name);
        _recipe = recipe.Resolved(row);
        _recipe.GraphOf(row, row.Classes)(1);
        if (!Directory.Exists(data)) throw EvaluationData.NoFolder(data);
        SeparateFolders.Check("--out", output, data);
        _log = new TrainLog(report, _recipe);
        _folder = RunFolder.Open(output, resume);
        try
        {
            var replaced = new List<string>();
            var checkpoint = _folder.Checkpoints.LoadLatest(replaced.Add);
            foreach (var warning in replaced) report.Warning(warning);
            _knownBad = [.. KnownBad(checkpoint)];
            _data = ClassFolders.Open(
                data, new() { ValidationFraction = _recipe.Data.ValidationFraction, SplitSeed = _recipe.Train.Seed, Quarantined = _knownBad }, stop);
            foreach (var warning in _data.Warnings) report.Warning(warning);
            var model = _recipe.GraphOf(row, _data.ClassNames.Count);
            var weights = Weights(row, model(1), report);
            var backend = MachineBackend.Open(_recipe.Train.Precision, report);
            Describe(model(1), backend, report);
            _train = Loader(_data.Train, _recipe.TrainingPipeline, _recipe.TrainingLoader(QuarantineFolder, _knownBad), stop);
            _validation = _data.Validation.Count > 0
                ? Loader(_data.Validation, _recipe.EvaluationPipeline, _recipe.EvaluationLoader(QuarantineFolder, _knownBad), stop)
                : null;
            _trainer = new Trainer(Options(model, backend, weights) with { From = checkpoint });
            _files = new FolderLogs(_folder, _trainer.State, TimeProvider.System);
            foreach (var warning in replaced) _files.Warning(warning);
            AtomicFile.Write(_folder.RecipePath, stream => stream.Write(RunRecipe.Write(_recipe, Path.GetFullPath(data), backend)));
        }
        catch
        {
            Dispose();
            _folder.DeleteIfUnused();
            throw;
        }
    }

    internal RunFolder Folder => _folder;

    private string QuarantineFolder => Path.Combine(_folder.Path, "quarantine");

    internal TrainRecipe Recipe => _recipe;

    internal RunState State => _trainer!.State;

    /// <summary>The last epoch that this process has finished; null if none.</summary>
    internal EpochReport? LastEpoch => _log.LastEpoch;

    internal TrainingEnd Run(CancellationToken stop) => _log.Show(log => _trainer!.Run(new CompositeLog(_files!, log), stop));

    public void Dispose()
    {
        _files?.Dispose();
        _trainer?.Dispose();
        _train?.Dispose();
        _validation?.Dispose();
        _folder.Dispose();
    }

    private IReadOnlyList<(string Name, HostTensor Tensor)> Weights(ModelRow row, Graph model, Report report)
    {
        if (_recipe.Model.Weights.Length == 0) return [];
        var given = WeightLoading.Read(_recipe.Model.Weights, _recipe.Model.WeightsKey, report);
        return WeightLoading.Match(row, model, given, _recipe.Model.Weights, _recipe.Model.SkipClassifier).Taken;
    }

    private void Describe(Graph model, OneDnnBackend backend, Report report)
    {
        var parameters = WeightMatch.Kept(model).Where(variable => variable.Kind == VariableKind.Parameter).Sum(variable => (long)variable.Type.Shape.Elements);
        var (train, input) = (_recipe.Train, _recipe.Preprocessing);
        report.Log(string.Create(
            CultureInfo.InvariantCulture,
            $"{_recipe.Model.Name}: {parameters} parameters, {_data.ClassNames.Count} classes, input {input.Channels}×{input}; {_data.Train.Count} images to train on, {_data.Validation.Count} to validate on"));
        report.Log(string.Create(
            CultureInfo.InvariantCulture,
            $"{train.Epochs} epochs in batches of {train.BatchSize}{(train.Accumulate > 1 ? $" × {train.Accumulate}" : "")}, {RecipeWriter.Value(train.Precision)}, seed {train.Seed}, by {backend.Name}; run folder {_folder.Path}"));
        report.Log("loss in nats, top1 as a fraction 0-1, both of the epoch so far; batch: time of one, reader: how much of it was spent waiting for images");
    }

    private BatchLoader Loader(ImageFiles images, ImagePipeline pipeline, LoaderOptions options, CancellationToken stop)
    {
        var loader = new BatchLoader(images, pipeline, options, stop);
        loader.BadImageFound += Tell;
        loader.ImageWarned += Tell;
        return loader;
    }

    /// <summary>The images that earlier parts of the run found to be bad, and those that they moved away after the checkpoint was written.</summary>
    private IEnumerable<string> KnownBad(Checkpoint? checkpoint)
    {
        if (checkpoint is null) return [];
        return checkpoint.State.BadImages.Union(Quarantine.Keys(QuarantineFolder));
    }

    private TrainerOptions Options(Func<int, Graph> model, OneDnnBackend backend, IReadOnlyList<(string Name, HostTensor Tensor)> weights) => new()
    {
        Recipe = _recipe,
        Model = model,
        Backend = backend,
        Train = new CountedBatches(new LoadedBatches(_train!), (epoch, batches) => _log.Taken(epoch, batches, _train!.Batches)),
        Validation = _validation is null ? null : new LoadedBatches(_validation),
        Classes = _data.ClassNames,
        Checkpoints = _folder.Checkpoints,
        Weights = weights,
        Preprocessing = PreprocessingJson.Write(_recipe.Preprocessing),
        RecipeText = RecipeWriter.Write(_recipe),
    };

    private void Tell(BadImage bad)
    {
        _badCount++;
        Tell($"{bad.Message} ({(bad.MovedTo is { } target ? $"moved to {Printable.Of(target)}" : "skipped")}; {_badCount} so far)");
    }

    private void Tell(string warning)
    {
        _log.Warning(warning);
        _files?.Warning(warning);
    }
}
