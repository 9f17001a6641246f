using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fovea.Auto;
using Fovea.Backends.OneDnn;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sampling;
using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Execution;
using Fovea.Formats.Artefact;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Sources;
using Fovea.Training;
using Fovea.Training.Batches;
using Fovea.Training.Checkpoints;
using Fovea.Training.Evaluation;
using Fovea.Training.Logging;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Weights;

namespace Fovea.Runs;

/// <summary>What a recipe comes to on data: model, weights, batches, counts of classes, teacher, precision: all that a <see cref="Trainer"/> takes.</summary>
/// <remarks>A <see cref="TrainingRun"/> is this and the folder of a run.</remarks>
public sealed class TrainingSetup : IDisposable
{
    private const int HeadersLooked = 256;

    private readonly DataSet _found;
    private readonly TrainingSetupOptions _told;
    private readonly ITrainingLog _log;
    private LoadedModel? _chosen;
    private DataParts? _data;
    private SizedBatches? _train;
    private BatchLoader? _validation;
    private ModelTeacher? _teacher;
    private TrainerOptions? _options;
    private string _heldBack = "";
    private int _badCount;

    /// <summary>Resolves the recipe, and checks what can be checked before data is read.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="find">Reads what there is to know of the data before images are.</param>
    /// <param name="options">What is said beside.</param>
    /// <param name="goesOn">Whether a run goes on, whose model lies in its checkpoint.</param>
    internal TrainingSetup(TrainRecipe recipe, Func<DataSet> find, TrainingSetupOptions options, bool goesOn)
    {
        (_told, _log, Recipe, Backend) = (options, options.Log, recipe, options.Backend ?? new OneDnnBackend());
        Recipe.CheckTeacher(options.Teacher is not null || recipe.Loss is DistillationOptions { Teacher.Length: > 0 });
        if (!goesOn) Choose(from: null);
        _found = find();
    }

    /// <summary>Opens model, data and teacher of a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">The data: <c>DataSet.Find("folder")</c>.</param>
    /// <param name="options">What is said beside; the defaults if null.</param>
    /// <param name="stop">Ends reading the data, even if the system hangs, now and while it is trained on.</param>
    /// <exception cref="RecipeException">Options are out of range, or do not go with model or data.</exception>
    /// <exception cref="ModelSourceException">The model, its weights or its teacher cannot be had.</exception>
    /// <exception cref="ModelException">There is no such model in the catalogue, or not with these options.</exception>
    /// <exception cref="DataException">The data cannot be read.</exception>
    /// <exception cref="MemoryNeedException">The memory cannot suffice.</exception>
    public static TrainingSetup Open(TrainRecipe recipe, DataSet data, TrainingSetupOptions? options = null, CancellationToken stop = default) =>
        Open(recipe, () => data, options, stop);

    /// <inheritdoc cref="Open(TrainRecipe, DataSet, TrainingSetupOptions?, CancellationToken)"/>
    /// <param name="recipe">The recipe.</param>
    /// <param name="find">Finds the data, once it is sure that there is such a model.</param>
    /// <param name="options">What is said beside; the defaults if null.</param>
    /// <param name="stop">Ends reading the data, even if the system hangs, now and while it is trained on.</param>
    public static TrainingSetup Open(TrainRecipe recipe, Func<DataSet> find, TrainingSetupOptions? options = null, CancellationToken stop = default)
    {
        options ??= new();
        var setup = new TrainingSetup(recipe, find, options, goesOn: !options.Past.IsNone);
        try
        {
            setup.Open(options.Past, stop);
            return setup;
        }
        catch
        {
            setup.Dispose();
            throw;
        }
    }

    /// <summary>A recipe with the preprocessing of its model, once it is sure that the model can be built so.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="ModelSourceException">There are not as many means or deviations as the model has channels.</exception>
    /// <exception cref="ModelException">There is no such model, or not with these options.</exception>
    public static TrainRecipe Resolve(TrainRecipe recipe) => recipe.ResolvedFor(Opened(recipe, from: null, new()));

    /// <summary>The recipe with the model's preprocessing and the precision that is computed in.</summary>
    public TrainRecipe Recipe { get; private set; }

    /// <summary>In what the recipe differs from that of the run that goes on; nothing at a beginning.</summary>
    public IReadOnlyList<RecipeDifference> Changes { get; private set; } = [];

    /// <summary>What runs the graphs.</summary>
    public IBackend Backend { get; }

    /// <summary>The name of the model of a run that begins; null, until it is open, of one that goes on.</summary>
    internal string? ModelName => _chosen?.Name;

    /// <summary>The images, of each class the shares that the recipe says.</summary>
    public DataParts Data => _data ?? throw new InvalidOperationException("the setup is not open yet");

    /// <summary>What a trainer takes; checkpoints are the caller's affair.</summary>
    public TrainerOptions Options => _options ?? throw new InvalidOperationException("the setup is not open yet");

    /// <summary>Told of each image that is bad, and of each that is odd, as the log is.</summary>
    internal event Action<string>? Warned;

    /// <summary>Opens data, weights and teacher.</summary>
    /// <param name="past">What an earlier part of the run has left.</param>
    /// <param name="stop">Ends reading the data, even if the system hangs.</param>
    internal void Open(RunPast past, CancellationToken stop)
    {
        if (_chosen is null) Choose(past.From);
        GoOn(past);
        var all = All(Recipe, _found, past.Moved, stop);
        if (!_found.HasValidation) _heldBack = HeldBackImages.Digest(all.Validation);
        _data = Recipe.Used(all);
        foreach (var warning in _data.Warnings) _log.Warning(warning);
        var teacher = CheckFit(past.IsNone);
        // A run that goes on has its weights; those that it began with may be gone.
        var choice = past.IsNone ? Recipe.Model : Recipe.Model with { Weights = "", WeightsKey = "", Pretrained = "" };
        var model = (Recipe with { Model = choice }).StartOf(_chosen!, _data.ClassNames, Told with { Stop = stop });
        if (past.IsNone) Introduce(model);
        Recipe = Recipe with { Train = Recipe.Train with { Precision = MachinePrecision.Choose(Recipe.Train.Precision, Backend, _log.Message, _log.Warning) } };
        if (Recipe.Train.BatchSize == 0) FitBatch(model);
        if (Recipe.Train.Steps > 0) Recipe = Recipe with { Train = Recipe.Train.Lasting(Recipe.TrainingLoader().BatchesOf(_data.Train)) };
        var need = MemoryNeed.OfTraining(Recipe, model.Graph, _data.Train.Count);
        Describe(model, need);
        need.Check(_log.Warning);
        _train = new(
            (size, bad) => Loader(_data.Train, Recipe.TrainingPipelineAt(size), Recipe.TrainingLoader(past.Quarantine, bad), stop),
            Recipe.ImageSizeAt, past.BadImages, past.From?.State.Epoch ?? 0,
            Recipe.HasFixedImages
                ? (size, bad) => Loader(_data.Train, Recipe.TrainingPipelineAt(size), Recipe.FixedLoader(past.Quarantine, bad), stop)
                : null);
        _validation = _data.Validation.Count > 0
            ? Loader(_data.Validation, Recipe.EvaluationPipeline, Recipe.EvaluationLoader(past.Quarantine, past.Moved), stop)
            : null;
        if (teacher is not null)
            _teacher = TeacherModel.Compile(teacher, Recipe.Train.Precision, Backend, Math.Min(Recipe.Train.BatchSize, _data.Train.Count));
        _options = Assemble(model, past.From);
    }

    /// <summary>What a recipe uses of data: its parts, and of each class the shares that it says.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">The data.</param>
    /// <param name="moved">The images that were moved away, and keep their places.</param>
    /// <param name="stop">Ends reading it.</param>
    public static DataParts Images(TrainRecipe recipe, DataSet data, IReadOnlyList<string> moved, CancellationToken stop) =>
        recipe.Used(All(recipe, data, moved, stop));

    /// <inheritdoc/>
    public void Dispose()
    {
        _teacher?.Dispose();
        _train?.Dispose();
        _validation?.Dispose();
    }

    private static DataParts All(TrainRecipe recipe, DataSet data, IReadOnlyList<string> moved, CancellationToken stop) => data.Open(
        new() { ValidationFraction = recipe.Data.ValidationFraction, SplitSeed = recipe.Data.SplitSeed, Quarantined = moved }, stop);

    private LoadOptions Told => _told.Told;

    private void Choose(Checkpoint? from)
    {
        _chosen = Opened(Recipe, from, Told);
        Recipe = Recipe.ResolvedFor(_chosen);
    }

    /// <summary>Compares the recipe with that of the run that goes on.</summary>
    private void GoOn(RunPast past)
    {
        if (past.RecipeSoFar(_told.Load.Kinds) is not { } then) return;
        Recipe = RunPast.Found(Recipe, then);
        Changes = KeptOptions.Check(past.From!.Path, then, Recipe, _found.HasValidation);
        foreach (var change in Changes) _log.Message(TrainingRun.Changed + change);
    }

    private static LoadedModel Opened(TrainRecipe recipe, Checkpoint? from, LoadOptions told)
    {
        var model = recipe.OpenModel(from, told);
        model.Graph(1);
        return model;
    }

    /// <summary>
    /// Looks, before weights are fetched and images are opened, whether the recipe goes with the classes of the data, the tensors of the model, the scales and
    /// the teacher.
    /// </summary>
    /// <returns>The teacher that the recipe names; null where there is none, or a program has brought one along.</returns>
    private LoadedModel? CheckFit(bool begins)
    {
        Recipe.CheckClasses(Data.ClassNames.Count);
        var graph = _chosen!.ForClasses(Data.ClassNames, fresh: Recipe.Model.SkipClassifier && _chosen.Tensors.Count > 0).Graph(1);
        Recipe.CheckNames(graph);
        if (begins)
            Recipe.CheckBeginning(new()
            {
                Model = graph, Read = path => WeightPlace.Read(path, _ => { }),
                HasWeights = _chosen.Tensors.Count > 0 || Recipe.Model is { Weights.Length: > 0 } or { Pretrained.Length: > 0 } or { Whiten: true },
            });
        return _told.Teacher is null ? TeacherModel.Of(Recipe, Data.ClassNames, Told) : null;
    }

    private void FitBatch(LoadedModel model)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var batch = FittingBatch.Of(Recipe, model.Graph, Data.Train.CountClasses(), Backend as OneDnnBackend ?? new(), memory);
        Recipe = Recipe with { Train = Recipe.Train with { BatchSize = batch } };
        _log.Message($"batch size auto: {batch}, the largest power of two whose plan fits in half of the memory and that leaves an epoch 20 updates");
    }

    /// <summary>Tells what is to be known of a model at the beginning of a run.</summary>
    private void Introduce(LoadedModel model)
    {
        foreach (var note in model.Notes) _log.Message(note);
        var isTarget = Recipe.Model.Name is { } name && ModelCatalog.TryFind(name) is { IsRepOptTarget: true };
        if (isTarget && !Recipe.Optimizer.Around.Any(wrapper => wrapper is RepOptOptions))
            _log.Warning(
                $"{model.Name} is to be trained by a RepOptimizer: without optimizer.around: [{{kind: repopt, scales: FILE}}] it learns as a plain net does");
    }

    private void Describe(LoadedModel model, MemoryNeed need)
    {
        var parameters = WeightMatch.CountParameters(model.Graph(1));
        var (train, input) = (Recipe.Train, Recipe.Preprocessing);
        _log.Message(string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Name}: {Amount.Of(parameters, "parameter")}, {Amount.Of(Data.ClassNames.Count, "class")}, input {input.Channels}×{input}; "
            + $"{Amount.Of(Data.Train.Count, "image")} to train on, {Data.Validation.Count} to validate on"));
        _log.Message(string.Create(
            CultureInfo.InvariantCulture,
            $"batches of {train.BatchSize}{(train.Accumulate > 1 ? $" × {train.Accumulate}" : "")}, {RecipeWriter.Value(train.Precision)}, seed {train.Seed}, "
            + $"by {Backend.Name}{Bf16}; about {need.Mebibytes} MiB of memory"));
    }

    private string Bf16 => Backend is OneDnnBackend machine ? $" (bf16 is {MachinePrecision.Describe(machine.BFloat16)} here)" : "";

    private BatchLoader Loader(IImageSource images, ImagePipeline pipeline, LoaderOptions options, CancellationToken stop)
    {
        var loader = new BatchLoader(images, pipeline, options, stop);
        loader.BadImageFound += Tell;
        loader.ImageWarned += Warn;
        return loader;
    }

    private TrainerOptions Assemble(LoadedModel model, Checkpoint? from) => new()
    {
        Recipe = Recipe,
        Name = model.Name,
        Model = model.Graph,
        Backend = Backend,
        Train = _told.Progress is { } done ? new CountedBatches(_train!, (epoch, batches) => done(epoch, batches, _train!.BatchesOf(epoch))) : _train!,
        Validation = _validation is null ? null : new LoadedBatches(_validation),
        Classes = Data.ClassNames,
        ClassCounts = Data.Train.CountClasses(),
        Teacher = _told.Teacher ?? (_teacher is null ? null : _teacher.Teach),
        TypicalSide = DataSet.IsAddress(_found.Place) ? 0 : HeaderSample.Of(Data.Train, HeadersLooked).MedianSide ?? 0,
        ImagesDigest = Digest(Data.Train, Recipe.Sampler),
        HeldBack = _heldBack,
        Weights = model.Tensors,
        GradientNorm = _told.GradientNorm,
        From = from,
        Preprocessing = PreprocessingJson.Write(Recipe.Preprocessing),
        RecipeText = RecipeWriter.Write(Recipe),
    };

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
        Warn($"{bad.Message} ({(bad.MovedTo is { } target ? $"moved to {Printable.Of(target)}" : "skipped")}; {_badCount} so far)");
    }

    private void Warn(string text)
    {
        _log.Warning(text);
        Warned?.Invoke(text);
    }
}
