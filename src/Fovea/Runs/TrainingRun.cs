using System.Globalization;
using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Sources;
using Fovea.Tensors;
using Fovea.Training;
using Fovea.Training.Batches;
using Fovea.Training.Checkpoints;
using Fovea.Training.Evaluation;
using Fovea.Training.Logging;
using Fovea.Training.Losses;
using Fovea.Training.Metrics;
using Fovea.Training.Recipes;
using Fovea.Training.RepOpt;
using Fovea.Training.State;
using Fovea.Training.Weights;

namespace Fovea.Runs;

/// <summary>A run in a folder, as <c>fovea train</c> makes it: it trains, is resumed, evaluated and shipped.</summary>
/// <remarks>The folder has the recipe, logs and checkpoints. Not safe for use from several threads at once, but for <see cref="SaveAndClose"/>.</remarks>
public sealed class TrainingRun : IDisposable
{
    /// <summary>How a line on what is changed when a run goes on begins.</summary>
    internal const string Changed = "the recipe has changed: ";

    private readonly TrainingSetup _setup;
    private readonly TrainingSetupOptions _told;
    private readonly ITrainingLog _log;
    private readonly RunFolder _folder;
    private readonly EpochsLog _epochs = new();
    private readonly Trainer? _trainer;
    private readonly FolderLogs? _files;

    /// <summary>Checks recipe, model, weights and data, then takes the folder and compiles.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="place">Data and folder of the run.</param>
    /// <param name="options">What is said beside, such as where the course of the run is told; the defaults if null.</param>
    /// <param name="stop">Ends reading the data, even if the system hangs.</param>
    /// <exception cref="RecipeException">Options are out of range.</exception>
    /// <exception cref="ModelSourceException">The model, its weights or its teacher cannot be had.</exception>
    /// <exception cref="Models.Building.ModelException">There is no such model in the catalogue, or not with these options.</exception>
    /// <exception cref="DataException">The data cannot be read.</exception>
    /// <exception cref="MemoryNeedException">The memory cannot suffice.</exception>
    /// <exception cref="TrainingException">The folder holds a run that is not to be continued, or that this recipe cannot continue, or is in use.</exception>
    public TrainingRun(TrainRecipe recipe, RunPlace place, TrainingSetupOptions? options = null, CancellationToken stop = default)
    {
        _told = options ?? new();
        _log = _told.Log;
        var goesOn = place.Resume && RunFolder.CheckpointsOf(place.Output).Names.Count > 0;
        _setup = new(recipe, place.Find ?? (() => DataSet.Find(place.Data, place.Source, stop)), _told, goesOn);
        if (FolderRelation.Between(place.Output, place.Data) is { } relation)
            throw new TrainingException($"{Printable.Of(place.Output)}: {relation} {Printable.Of(place.Data)}; wanted a folder beside it for the run");
        _folder = RunFolder.Open(place.Output, place.Resume, _setup.ModelName is { } model ? _told.LogFiles(model) : []);
        try
        {
            var replaced = new List<string>();
            var checkpoint = _folder.Checkpoints.Load(place.Checkpoint, replaced.Add);
            foreach (var warning in replaced) _log.Warning(warning);
            _setup.Warned += text => _files?.Warning(text);
            _setup.Open(RunPast.Of(checkpoint, Path.Combine(_folder.Path, "quarantine")), stop);
            Describe();
            _trainer = OpenTrainer(place);
            if (_trainer.State.Epoch > Recipe.Train.Epochs)
                throw new TrainingException(
                    $"{Printable.Of(place.Output)}: train.epochs is {Recipe.Train.Epochs}, "
                    + $"but the run has {Amount.Of(_trainer.State.Epoch, "epoch")} behind it; "
                    + "wanted at least as many, and more to make it longer");
            _files = new FolderLogs(_folder, _trainer.State, TimeProvider.System, _log.Warning);
            foreach (var warning in replaced) _files.Warning(warning);
            Note(place, goesOn: checkpoint is not null);
        }
        catch
        {
            Dispose();
            _folder.DeleteIfUnused();
            throw;
        }
    }

    /// <summary>The folder.</summary>
    public RunFolder Folder => _folder;

    /// <summary>The recipe, resolved: with the model's preprocessing and the precision that is computed in.</summary>
    public TrainRecipe Recipe => _setup.Recipe;

    /// <summary>In what the recipe differs from that of the run that goes on; nothing where it begins.</summary>
    public IReadOnlyList<RecipeDifference> Changes => _setup.Changes;

    /// <summary>The images, of each class the shares that the recipe says.</summary>
    public DataParts Data => _setup.Data;

    /// <summary>The name of the model.</summary>
    public string ModelName => _setup.Options.Name!;

    /// <summary>Where the run stands.</summary>
    public RunState State => _trainer!.State;

    /// <summary>Whether nothing is left to train.</summary>
    public bool IsOver => _trainer!.IsOver;

    /// <summary>The last epoch that this process has finished; null if none.</summary>
    public EpochReport? LastEpoch => _epochs.Last;

    /// <summary>The file of the scales that a hyper-search of RepOptimizers has found; null for other runs, and before the end.</summary>
    public string? ScalesPath { get; private set; }

    /// <summary>Trains to the end of the last epoch, or until asked to stop; then a checkpoint is written first.</summary>
    /// <param name="stop">Asks to stop; heeded between batches.</param>
    /// <exception cref="TrainingException">The loss is not finite. The latest checkpoint stays as it is.</exception>
    /// <exception cref="Fovea.Data.Decoding.ImageException">An image is bad, and the recipe says that this is an error; the run is saved up to it.</exception>
    /// <exception cref="IOException">A checkpoint cannot be written. The latest one stays as it is.</exception>
    public TrainingEnd Train(CancellationToken stop = default)
    {
        var end = _trainer!.Run(new CompositeLog(_files!, _epochs, _log), stop);
        if (end == TrainingEnd.Finished) WriteScales();
        return end;
    }

    /// <summary>The weights where the run stands, by name: those that are evaluated, so averages where the recipe has them.</summary>
    public IReadOnlyList<(string Name, HostTensor Tensor)> Weights() => _trainer!.Session.Weights(_setup.Options.Model(1));

    /// <summary>Saves, from another thread, a run that does not end although it was asked to.</summary>
    /// <returns>Whether a checkpoint was written.</returns>
    /// <exception cref="IOException">The checkpoint cannot be written.</exception>
    public bool SaveAndClose() => _trainer?.SaveAndClose() == true;

    /// <summary>The model as a checkpoint of the run has it.</summary>
    /// <param name="checkpoint"><c>best</c>, the default, <c>latest</c>, or a kept one such as <c>epoch-0010</c>.</param>
    /// <exception cref="ModelSourceException">There is no such checkpoint.</exception>
    public LoadedModel Model(string checkpoint = "best") => new RunSource().Load(
        _folder.Path, _told.Told with { Images = null, Checkpoint = checkpoint });

    /// <summary>What a checkpoint of the run knows of the validation images, evaluated as the run does it. Not while it trains.</summary>
    /// <param name="checkpoint"><c>best</c>, the default, <c>latest</c>, or a kept one such as <c>epoch-0010</c>.</param>
    /// <param name="stop">Asked between batches.</param>
    /// <exception cref="ModelSourceException">There is no such checkpoint.</exception>
    /// <exception cref="TrainingException">There are no validation images.</exception>
    public EvaluationMetrics Validate(string checkpoint = "best", CancellationToken stop = default)
    {
        var images = _setup.Options.Validation
            ?? throw new TrainingException($"{Printable.Of(_folder.Path)}: there are no validation images; wanted some, or data.validation_fraction");
        return Evaluate(Model(checkpoint), images, stop);
    }

    /// <summary>
    /// What the best epoch so far knows of the validation images: as this process has evaluated it, or, where an earlier one has, evaluated once more with the
    /// best checkpoint. Not while it trains.
    /// </summary>
    /// <param name="stop">Asked between batches.</param>
    /// <returns>Null where nothing has been evaluated, or where that was before the run went on and no best checkpoint is kept.</returns>
    /// <exception cref="ModelFormatException">The best checkpoint is damaged.</exception>
    /// <exception cref="IOException">The best checkpoint cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public EpochEvaluation? EvaluateBest(CancellationToken stop = default)
    {
        if (_epochs.Best is { Validation: { } found } report) return new(report.Epoch, found);
        var path = _folder.Checkpoints.BestPath;
        if (State.BestEpoch == 0 || _setup.Options.Validation is not { } images || !File.Exists(path)) return null;
        var best = CheckpointFile.Read(path);
        return new(best.State.Epoch, Evaluate(RunSource.Of(best, _told.Told with { Images = null }), images, stop));
    }

    /// <summary>Writes the file that a program loads, once it is proven on validation images that it computes what was trained.</summary>
    /// <param name="file">The file to write (.fovea).</param>
    /// <param name="checkpoint"><c>best</c>, the default, <c>latest</c>, or a kept one such as <c>epoch-0010</c>.</param>
    /// <param name="stop">Asked between batches.</param>
    /// <exception cref="ModelSourceException">There is no such checkpoint.</exception>
    /// <exception cref="TrainingException">The proof failed; nothing is written.</exception>
    public Proof Ship(string file, string checkpoint = "best", CancellationToken stop = default)
    {
        var images = Data.Validation.Count > 0 ? Data.Validation : Data.Train;
        var proof = Shipping.Write(file, Model(checkpoint), Shipping.Sample(images), _setup.Backend, warn: _log.Warning, stop: stop);
        return proof.Passed ? proof : throw new TrainingException(Shipping.Failure(file, proof));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _files?.Dispose();
        _trainer?.Dispose();
        _setup.Dispose();
        _folder.Dispose();
    }

    private EvaluationMetrics Evaluate(LoadedModel model, IBatchSource images, CancellationToken stop)
    {
        using var evaluator = new Evaluator(_setup.Backend, _setup.Options.Model, _setup.Options.Classes, precision: Recipe.Train.Precision);
        return evaluator.Run(model.Tensors, images, stop: stop);
    }

    private Trainer OpenTrainer(RunPlace place)
    {
        try
        {
            return new Trainer(_setup.Options with
            {
                Checkpoints = _folder.Checkpoints, Folder = _folder.Path, Data = place.Data, AtNextEpoch = place.AtNextEpoch,
            });
        }
        catch (TrainingException e) when (Changes.Count > 0)
        {
            throw KeptOptions.Explained(e, Changes);
        }
    }

    /// <summary>Writes the recipe of the run, with what was changed now in its history.</summary>
    private void Note(RunPlace place, bool goesOn)
    {
        IReadOnlyList<string> history = [];
        var changes = Changes.Select(change => change.ToString()).ToList();
        try
        {
            history = RunRecipe.HistoryOf(_folder.Path);
            if (goesOn && place.Choice.Count == 0) place = place with { Choice = RunRecipe.ChoiceOf(_folder.Path) };
            var now = place.Noted ?? RunData.Of(place.Data, place.Source);
            if (goesOn && RunRecipe.DataOf(_folder.Path) is { } then && then.Place != now.Place)
            {
                changes.Add($"data: {Printable.Of(then.Place)} → {Printable.Of(now.Place)}");
                _log.Message($"{Changed}{changes[^1]}");
            }
        }
        catch (Exception e) when (e is DataException or RecipeException)
        {
            _log.Warning($"{e.Message}; the history of the run is lost");
        }

        foreach (var change in changes) _files!.Message(Changed + change);
        var isIdle = goesOn && IsOver && changes.Count == 0;
        var noted = isIdle ? RunHistory.Titled(history) : RunHistory.Longer(history, TimeProvider.System.GetUtcNow(), goesOn ? State : null, changes);
        AtomicFile.Write(_folder.RecipePath, stream => stream.Write(RunRecipe.Write(Recipe, place, _setup.Backend, noted)));
    }

    private void WriteScales()
    {
        var model = _setup.Options.Model(1);
        if (!RepOptScales.AreTrainedIn(model)) return;
        var path = Path.Combine(_folder.Path, RepOptScales.FileName);
        var scales = RepOptScales.Of(_trainer!.Session.Weights(model), path);
        scales.Write(path);
        ScalesPath = path;
        _log.Message(
            $"the scales of {Amount.Of(scales.Blocks.Count, "block is", "blocks are")} in {path}; "
            + $"the target is trained with optimizer.around: [{{kind: repopt, scales: {path}}}]");
    }

    private void Describe()
    {
        _log.Message(string.Create(CultureInfo.InvariantCulture, $"{Amount.Of(Recipe.Train.Epochs, "epoch")}; run folder {_folder.Path}"));
        _log.Message("loss in nats, top1 as a fraction 0-1, both of the epoch so far; batch: time of one, reader: how much of it was spent waiting for images");
        if (Recipe.Loss is not CrossEntropyOptions)
            _log.Message($"train loss is that of {Recipe.Loss.Kind}, val loss the cross-entropy of the softmax of the logits");
    }

    /// <summary>Remembers the last epoch, and the best of those that were evaluated.</summary>
    private sealed class EpochsLog : ITrainingLog
    {
        internal EpochReport? Last { get; private set; }

        internal EpochReport? Best { get; private set; }

        public void Step(in StepReport report)
        {
        }

        public void Epoch(EpochReport report)
        {
            Last = report;
            if (report.IsBest) Best = report;
        }

        public void Message(string text)
        {
        }

        public void Warning(string text)
        {
        }
    }
}
