using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Output;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sampling;
using Fovea.Data.Sources;
using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Sources;
using Fovea.Training;
using Fovea.Training.Batches;
using Fovea.Training.Checkpoints;
using Fovea.Training.Evaluation;
using Fovea.Training.Logging;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.RepOpt;
using Fovea.Training.State;
using Fovea.Training.Weights;

namespace Fovea.Cli.Work;

/// <summary>A run: recipe, data and folder put together, ready to train.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly TrainRecipe _recipe;
    private readonly TrainLog _log;
    private readonly RunFolder _folder;
    private readonly DataParts _data;
    private readonly LoadedModel _model;
    private readonly Report _report;
    private readonly SizedBatches? _train;
    private readonly BatchLoader? _validation;
    private readonly ModelTeacher? _teacher;
    private readonly Trainer? _trainer;
    private readonly FolderLogs? _files;
    private int _badCount;

    /// <summary>Checks recipe, model, weights and data, then takes the folder and compiles.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="place">Data and folder of the run.</param>
    /// <param name="report">Where the course of the run is told.</param>
    /// <param name="stop">Ends reading the data, even if the system hangs.</param>
    internal TrainingRun(TrainRecipe recipe, RunPlace place, Report report, CancellationToken stop = default)
    {
        var data = place.Data;
        _report = report;
        // A model that is none is told before the folder is made; that of a run which is gone on with lies in it.
        var chosen = place.Resume ? null : Open(recipe, from: null);
        var found = place.Find();
        SeparateFolders.Check("--out", place.Output, data);
        _folder = RunFolder.Open(place.Output, place.Resume);
        try
        {
            var replaced = new List<string>();
            var checkpoint = _folder.Checkpoints.Load(place.Checkpoint, replaced.Add);
            foreach (var warning in replaced) report.Warning(warning);
            chosen ??= Open(recipe, checkpoint);
            _recipe = recipe.ResolvedFor(chosen);
            _log = new TrainLog(report, _recipe);
            var moved = Moved(checkpoint).ToArray();
            _data = _recipe.Used(found.Open(
                new() { ValidationFraction = _recipe.Data.ValidationFraction, SplitSeed = _recipe.Train.Seed, Quarantined = moved }, stop));
            foreach (var warning in _data.Warnings) report.Warning(warning);
            if (checkpoint is null) WarnOfRepOpt();
            _model = _recipe.StartOf(chosen, _data.ClassNames, report.Note);
            if (checkpoint is null)
                foreach (var note in _model.Notes) report.Log(note);
            var backend = new OneDnnBackend();
            var precision = checkpoint is not null && _recipe.Train.Precision == Precision.Auto ? Begun().Train.Precision : _recipe.Train.Precision;
            _recipe = _recipe with { Train = _recipe.Train with { Precision = MachinePrecision.Choose(precision, backend, report) } };
            var need = MemoryNeed.OfTraining(_recipe, _model.Graph, _data.Train.Count);
            Describe(_model.Graph(1), backend, need, report);
            need.Check(report);
            _train = new(
                (size, bad) => Loader(_data.Train, _recipe.TrainingPipelineAt(size), _recipe.TrainingLoader(QuarantineFolder, bad), stop),
                _recipe.ImageSizeAt, checkpoint?.State.BadImages ?? [], checkpoint?.State.Epoch ?? 0);
            _validation = _data.Validation.Count > 0
                ? Loader(_data.Validation, _recipe.EvaluationPipeline, _recipe.EvaluationLoader(QuarantineFolder, moved), stop)
                : null;
            _teacher = TeacherModel.Of(_recipe, _data.ClassNames, backend, Math.Min(_recipe.Train.BatchSize, _data.Train.Count), Told);
            _trainer = new Trainer(
                Options(_model, backend) with { From = checkpoint, AtNextEpoch = place.AtNextEpoch, ImagesDigest = Digest(_data.Train, _recipe.Sampler) });
            if (_trainer.State.Epoch > _recipe.Train.Epochs)
                throw new TrainingException(
                    $"{Printable.Of(place.Output)}: train.epochs is {_recipe.Train.Epochs}, but the run has {_trainer.State.Epoch} epochs behind it; "
                    + "wanted at least as many, and more to make it longer");
            _files = new FolderLogs(_folder, _trainer.State, TimeProvider.System, _log.Warning);
            foreach (var warning in replaced) _files.Warning(warning);
            AtomicFile.Write(_folder.RecipePath, stream => stream.Write(RunRecipe.Write(_recipe, place.Noted, backend)));
        }
        catch
        {
            Dispose();
            _folder.DeleteIfUnused();
            throw;
        }
    }

    internal RunFolder Folder => _folder;

    /// <summary>The recipe of the run that is continued, whose precision is decided.</summary>
    private TrainRecipe Begun() => RecipeReader.Read(_folder.RecipePath, []);

    private string QuarantineFolder => Path.Combine(_folder.Path, "quarantine");

    internal TrainRecipe Recipe => _recipe;

    internal RunState State => _trainer!.State;

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
        if (end == TrainingEnd.Finished) WriteScales();
        return end;
    }

    public void Dispose()
    {
        _files?.Dispose();
        _trainer?.Dispose();
        _teacher?.Dispose();
        _train?.Dispose();
        _validation?.Dispose();
        _folder.Dispose();
    }

    private void WarnOfRepOpt()
    {
        var isTarget = _recipe.Model.Name is { } name && ModelCatalog.TryFind(name) is { IsRepOptTarget: true };
        if (isTarget && !_recipe.Optimizer.Around.Any(wrapper => wrapper is RepOptOptions))
            _report.Warning(
                $"{_recipe.Model.Name} is to be trained by a RepOptimizer: "
                + "without optimizer.around: [{kind: repopt, scales: FILE}] it learns as a plain net does");
    }

    private void WriteScales()
    {
        var model = _model.Graph(1);
        if (!RepOptScales.AreTrainedIn(model)) return;
        var path = Path.Combine(_folder.Path, RepOptScales.FileName);
        var scales = RepOptScales.Of(_trainer!.Session.Weights(model), path);
        scales.Write(path);
        ScalesPath = path;
        _report.Log(
            $"the scales of {scales.Blocks.Count} blocks are in {path}; the target is trained with optimizer.around: [{{kind: repopt, scales: {path}}}]");
    }

    /// <summary>The name of the model.</summary>
    internal string ModelName => _model.Name;

    private LoadOptions Told => new() { Note = _report.Note, Warn = _report.Warning };

    private LoadedModel Open(TrainRecipe recipe, Checkpoint? from)
    {
        var model = recipe.OpenModel(from, Told);
        model.Graph(1);
        return model;
    }

    private void Describe(Graph model, OneDnnBackend backend, MemoryNeed need, Report report)
    {
        var parameters = WeightMatch.Kept(model).Where(variable => variable.Kind == VariableKind.Parameter).Sum(variable => (long)variable.Type.Shape.Elements);
        var (train, input) = (_recipe.Train, _recipe.Preprocessing);
        report.Log(string.Create(
            CultureInfo.InvariantCulture,
            $"{_model.Name}: {parameters} parameters, {_data.ClassNames.Count} classes, input {input.Channels}×{input}; "
            + $"{_data.Train.Count} images to train on, {_data.Validation.Count} to validate on"));
        report.Log(string.Create(
            CultureInfo.InvariantCulture,
            $"{train.Epochs} epochs in batches of {train.BatchSize}{(train.Accumulate > 1 ? $" × {train.Accumulate}" : "")}, "
            + $"{RecipeWriter.Value(train.Precision)}, seed {train.Seed}, by {backend.Name} (bf16 is {MachinePrecision.Describe(backend.BFloat16)} here); "
            + $"about {need.Mebibytes} MiB of memory; run folder {_folder.Path}"));
        report.Log("loss in nats, top1 as a fraction 0-1, both of the epoch so far; batch: time of one, reader: how much of it was spent waiting for images");
    }

    private BatchLoader Loader(IImageSource images, ImagePipeline pipeline, LoaderOptions options, CancellationToken stop)
    {
        var loader = new BatchLoader(images, pipeline, options, stop);
        loader.BadImageFound += Tell;
        loader.ImageWarned += Tell;
        return loader;
    }

    /// <summary>
    /// The images that earlier parts of the run found to be bad, and those that they moved away after the checkpoint was written. The latter keep
    /// their places among the training images, and are found to be bad once more, where they were: all else follows from that.
    /// </summary>
    private IEnumerable<string> Moved(Checkpoint? checkpoint)
    {
        if (checkpoint is null) return [];
        return checkpoint.State.BadImages.Union(Quarantine.Keys(QuarantineFolder));
    }

    private TrainerOptions Options(LoadedModel model, OneDnnBackend backend) => new()
    {
        Recipe = _recipe,
        Name = model.Name,
        Model = model.Graph,
        Backend = backend,
        Train = new CountedBatches(_train!, (epoch, batches) => _log.Taken(epoch, batches, _train!.BatchesOf(epoch))),
        Validation = _validation is null ? null : new LoadedBatches(_validation),
        Classes = _data.ClassNames,
        ClassCounts = Counts(_data.Train, _data.ClassNames.Count),
        Teacher = _teacher is null ? null : _teacher.Teach,
        Checkpoints = _folder.Checkpoints,
        Weights = model.Tensors,
        Preprocessing = PreprocessingJson.Write(_recipe.Preprocessing),
        RecipeText = RecipeWriter.Write(_recipe),
    };

    private static int[] Counts(IImageSource images, int classes)
    {
        var counts = new int[classes];
        for (var i = 0; i < images.Count; i++) counts[images.Label(i)]++;
        return counts;
    }

    /// <summary>What tells a list of images from others: a hash of names and classes in their order, and of how they are sampled.</summary>
    private static string Digest(IImageSource images, Sampler sampler)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < images.Count; i++) hash.AppendData(Encoding.UTF8.GetBytes($"{images.Label(i)}\0{images.Key(i)}\0"));
        if (sampler is not UniformSampler) hash.AppendData(Encoding.UTF8.GetBytes(sampler.ToString()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

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
