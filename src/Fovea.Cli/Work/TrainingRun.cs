using System.Globalization;
using Fovea.Cli.Output;
using Fovea.Cli.Pictures;
using Fovea.Cli.Usage;
using Fovea.Data.Decoding;
using Fovea.Formats;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Training;
using Fovea.Training.Checkpoints;
using Fovea.Training.Logging;
using Fovea.Training.Losses;
using Fovea.Training.Recipes;
using Fovea.Training.RepOpt;
using Fovea.Training.State;
using Fovea.Training.Weights;

namespace Fovea.Cli.Work;

/// <summary>A run: recipe, data and folder put together, ready to train.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly TrainingParts _parts;
    private readonly TrainLog _log;
    private readonly RunFolder _folder;
    private readonly Report _report;
    private readonly Trainer? _trainer;
    private readonly FolderLogs? _files;

    /// <summary>Checks recipe, model, weights and data, then takes the folder and compiles.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="place">Data and folder of the run.</param>
    /// <param name="report">Where the course of the run is told.</param>
    /// <param name="stop">Ends reading the data, even if the system hangs.</param>
    internal TrainingRun(TrainRecipe recipe, RunPlace place, Report report, CancellationToken stop = default)
    {
        _report = report;
        _parts = new TrainingParts(recipe, place.Find, report, goesOn: place.Resume);
        SeparateFolders.Check("--out", place.Output, place.Data);
        _log = new TrainLog(report, recipe);
        _folder = RunFolder.Open(place.Output, place.Resume);
        try
        {
            var replaced = new List<string>();
            var checkpoint = _folder.Checkpoints.Load(place.Checkpoint, replaced.Add);
            foreach (var warning in replaced) report.Warning(warning);
            _parts.Warned += Tell;
            _parts.Open(RunPast.Of(checkpoint, Path.Combine(_folder.Path, "quarantine"), Begun), stop);
            Describe();
            var options = _parts.Options;
            _trainer = new Trainer(options with
            {
                Train = new CountedBatches(options.Train, (epoch, batches) => _log.Taken(epoch, batches, options.Train.BatchesOf(epoch))),
                Checkpoints = _folder.Checkpoints,
                From = checkpoint,
                AtNextEpoch = place.AtNextEpoch,
            });
            if (_trainer.State.Epoch > Recipe.Train.Epochs)
                throw new TrainingException(
                    $"{Printable.Of(place.Output)}: train.epochs is {Recipe.Train.Epochs}, but the run has {_trainer.State.Epoch} epochs behind it; "
                    + "wanted at least as many, and more to make it longer");
            _files = new FolderLogs(_folder, _trainer.State, TimeProvider.System, _log.Warning);
            foreach (var warning in replaced) _files.Warning(warning);
            AtomicFile.Write(_folder.RecipePath, stream => stream.Write(RunRecipe.Write(Recipe, place, _parts.Backend)));
        }
        catch
        {
            Dispose();
            _folder.DeleteIfUnused();
            throw;
        }
    }

    internal RunFolder Folder => _folder;

    internal TrainRecipe Recipe => _parts.Recipe;

    /// <summary>The name of the model.</summary>
    internal string ModelName => _parts.Options.Name!;

    internal RunState State => _trainer!.State;

    /// <summary>Whether nothing is left to train.</summary>
    internal bool IsOver => _trainer!.IsOver;

    /// <summary>The last epoch that this process has finished; null if none.</summary>
    internal EpochReport? LastEpoch => _log.LastEpoch;

    /// <summary>Saves, from another thread, a run that does not end although it was asked to, and says how to go on.</summary>
    internal void SaveAndClose(string goesOn)
    {
        if (_trainer?.SaveAndClose() == true) _report.Log($"the checkpoint is saved; to go on: {goesOn}");
    }

    /// <summary>The file of the scales that a hyper-search of RepOptimizers has found; null for other runs, and before the end.</summary>
    internal string? ScalesPath { get; private set; }

    internal TrainingEnd Run(CancellationToken stop)
    {
        var end = _log.Show(log => _trainer!.Run(new CompositeLog(_files!, log), stop));
        if (end == TrainingEnd.Finished)
        {
            WriteScales();
            Draw();
        }

        return end;
    }

    public void Dispose()
    {
        _files?.Dispose();
        _trainer?.Dispose();
        _parts.Dispose();
        _folder.Dispose();
    }

    /// <summary>Draws the course of the run, and what the last evaluation found; where that cannot be done, the run is no less finished.</summary>
    private void Draw()
    {
        try
        {
            var title = $"{ModelName}, {Path.GetFileName(_folder.Path)}";
            if (CsvLog.Read(_folder.MetricsPath) is { Count: > 0 } epochs)
                EvaluationPictures.Save(_folder.Path, "curves.png", CurvesPlot.Draw(epochs, title));
            if (LastEpoch?.Validation is { } metrics)
                EvaluationPictures.Write(_folder.Path, title, metrics, _parts.Data.Validation, Recipe.EvaluationPipeline);
        }
        catch (Exception e) when (e is IOException or ImageException or UsageException or TypeInitializationException or DllNotFoundException)
        {
            _log.Warning($"the pictures of the run were not drawn: {e.Message}");
        }
    }

    private void WriteScales()
    {
        var model = _parts.Options.Model(1);
        if (!RepOptScales.AreTrainedIn(model)) return;
        var path = Path.Combine(_folder.Path, RepOptScales.FileName);
        var scales = RepOptScales.Of(_trainer!.Session.Weights(model), path);
        scales.Write(path);
        ScalesPath = path;
        _report.Log(
            $"the scales of {scales.Blocks.Count} blocks are in {path}; the target is trained with optimizer.around: [{{kind: repopt, scales: {path}}}]");
    }

    /// <summary>The recipe of the run that is continued, whose precision is decided.</summary>
    private TrainRecipe Begun() => RecipeReader.Read(_folder.RecipePath, []);

    private void Describe()
    {
        _report.Log(string.Create(CultureInfo.InvariantCulture, $"{Recipe.Train.Epochs} epochs; run folder {_folder.Path}"));
        _report.Log("loss in nats, top1 as a fraction 0-1, both of the epoch so far; batch: time of one, reader: how much of it was spent waiting for images");
        if (Recipe.Loss is not CrossEntropyOptions)
            _report.Log($"train loss is that of {Recipe.Loss.Kind}, val loss the cross-entropy of the softmax of the logits");
    }

    private void Tell(string warning)
    {
        _log.Warning(warning);
        _files?.Warning(warning);
    }
}
