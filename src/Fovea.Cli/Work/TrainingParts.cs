using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sampling;
using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Formats.Artefact;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Sources;
using Fovea.Training;
using Fovea.Training.Batches;
using Fovea.Training.Checkpoints;
using Fovea.Training.Evaluation;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Weights;

namespace Fovea.Cli.Work;

/// <summary>What is trained by a recipe, without a folder: model, weights, data, teacher and backend put together.</summary>
internal sealed class TrainingParts : IDisposable
{
    private readonly DataSet _found;
    private readonly Report _report;
    private LoadedModel? _chosen;
    private DataParts? _data;
    private SizedBatches? _train;
    private BatchLoader? _validation;
    private ModelTeacher? _teacher;
    private TrainerOptions? _options;
    private int _badCount;

    /// <summary>Resolves the recipe, and checks what can be checked before data is read.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="find">Reads what there is to know of the data before images are.</param>
    /// <param name="report">Where the course of the work is told.</param>
    /// <param name="goesOn">Whether a run goes on, whose model lies in its checkpoint.</param>
    internal TrainingParts(TrainRecipe recipe, Func<DataSet> find, Report report, bool goesOn = false)
    {
        (_report, Recipe) = (report, recipe);
        if (!goesOn) Choose(from: null);
        _found = find();
    }

    /// <summary>A recipe with the preprocessing of its model, once it is sure that the model can be built so.</summary>
    /// <exception cref="UsageException">There are not as many means or deviations as the model has channels.</exception>
    /// <exception cref="ModelException">There is no such model, or not with these options.</exception>
    internal static TrainRecipe Resolve(TrainRecipe recipe) => recipe.ResolvedFor(Opened(recipe, from: null, new()));

    /// <summary>The recipe with the model's preprocessing; its precision is decided once the parts are opened.</summary>
    internal TrainRecipe Recipe { get; private set; }

    /// <summary>Told of each image that is bad, and of each that is odd.</summary>
    internal event Action<string>? Warned;

    internal OneDnnBackend Backend { get; } = new();

    internal DataParts Data => _data ?? throw new InvalidOperationException("the parts are not open yet");

    /// <summary>What a trainer takes; checkpoints are the caller's affair.</summary>
    internal TrainerOptions Options => _options ?? throw new InvalidOperationException("the parts are not open yet");

    /// <summary>Opens data, weights and teacher.</summary>
    /// <param name="past">What an earlier part of the run has left.</param>
    /// <param name="stop">Ends reading the data, even if the system hangs.</param>
    internal void Open(RunPast past, CancellationToken stop)
    {
        if (_chosen is null) Choose(past.From);
        _data = Images(Recipe, _found, past.Moved, stop);
        foreach (var warning in _data.Warnings) _report.Warning(warning);
        var model = DownloadLine.Shown(_report, Told with { Stop = stop }, told => Recipe.StartOf(_chosen!, _data.ClassNames, told));
        if (past.IsNone) Introduce(model);
        var precision = past.Precision is { } begun && Recipe.Train.Precision == Precision.Auto ? begun() : Recipe.Train.Precision;
        Recipe = Recipe with { Train = Recipe.Train with { Precision = MachinePrecision.Choose(precision, Backend, _report) } };
        var need = MemoryNeed.OfTraining(Recipe, model.Graph, _data.Train.Count);
        Describe(model, need);
        need.Check(_report);
        _train = new(
            (size, bad) => Loader(_data.Train, Recipe.TrainingPipelineAt(size), Recipe.TrainingLoader(past.Quarantine, bad), stop),
            Recipe.ImageSizeAt, past.BadImages, past.From?.State.Epoch ?? 0);
        _validation = _data.Validation.Count > 0
            ? Loader(_data.Validation, Recipe.EvaluationPipeline, Recipe.EvaluationLoader(past.Quarantine, past.Moved), stop)
            : null;
        _teacher = TeacherModel.Of(Recipe, _data.ClassNames, Backend, Math.Min(Recipe.Train.BatchSize, _data.Train.Count), Told);
        _options = Assemble(model);
    }

    /// <summary>What a recipe uses of data: its parts, and of each class the shares that it says.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">The data.</param>
    /// <param name="moved">The images that were moved away, and keep their places.</param>
    /// <param name="stop">Ends reading it.</param>
    internal static DataParts Images(TrainRecipe recipe, DataSet data, IReadOnlyList<string> moved, CancellationToken stop) => recipe.Used(data.Open(
        new() { ValidationFraction = recipe.Data.ValidationFraction, SplitSeed = recipe.Train.Seed, Quarantined = moved }, stop));

    public void Dispose()
    {
        _teacher?.Dispose();
        _train?.Dispose();
        _validation?.Dispose();
    }

    private LoadOptions Told => new() { Note = _report.Note, Warn = _report.Warning };

    private void Choose(Checkpoint? from)
    {
        _chosen = Opened(Recipe, from, Told);
        Recipe = Recipe.ResolvedFor(_chosen);
    }

    private static LoadedModel Opened(TrainRecipe recipe, Checkpoint? from, LoadOptions told)
    {
        var model = recipe.OpenModel(from, told);
        model.Graph(1);
        return model;
    }

    /// <summary>Tells what is to be known of a model at the beginning of a run.</summary>
    private void Introduce(LoadedModel model)
    {
        foreach (var note in model.Notes) _report.Log(note);
        var isTarget = Recipe.Model.Name is { } name && ModelCatalog.TryFind(name) is { IsRepOptTarget: true };
        if (isTarget && !Recipe.Optimizer.Around.Any(wrapper => wrapper is RepOptOptions))
            _report.Warning(
                $"{model.Name} is to be trained by a RepOptimizer: without optimizer.around: [{{kind: repopt, scales: FILE}}] it learns as a plain net does");
    }

    private void Describe(LoadedModel model, MemoryNeed need)
    {
        var parameters = WeightMatch.Kept(model.Graph(1)).Where(variable => variable.Kind == VariableKind.Parameter)
            .Sum(variable => (long)variable.Type.Shape.Elements);
        var (train, input) = (Recipe.Train, Recipe.Preprocessing);
        _report.Log(string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Name}: {parameters} parameters, {Data.ClassNames.Count} classes, input {input.Channels}×{input}; "
            + $"{Data.Train.Count} images to train on, {Data.Validation.Count} to validate on"));
        _report.Log(string.Create(
            CultureInfo.InvariantCulture,
            $"batches of {train.BatchSize}{(train.Accumulate > 1 ? $" × {train.Accumulate}" : "")}, {RecipeWriter.Value(train.Precision)}, seed {train.Seed}, "
            + $"by {Backend.Name} (bf16 is {MachinePrecision.Describe(Backend.BFloat16)} here); about {need.Mebibytes} MiB of memory"));
    }

    private BatchLoader Loader(IImageSource images, ImagePipeline pipeline, LoaderOptions options, CancellationToken stop)
    {
        var loader = new BatchLoader(images, pipeline, options, stop);
        loader.BadImageFound += Tell;
        loader.ImageWarned += warning => Warned?.Invoke(warning);
        return loader;
    }

    private TrainerOptions Assemble(LoadedModel model) => new()
    {
        Recipe = Recipe,
        Name = model.Name,
        Model = model.Graph,
        Backend = Backend,
        Train = _train!,
        Validation = _validation is null ? null : new LoadedBatches(_validation),
        Classes = Data.ClassNames,
        ClassCounts = Counts(Data.Train, Data.ClassNames.Count),
        Teacher = _teacher is null ? null : _teacher.Teach,
        ImagesDigest = Digest(Data.Train, Recipe.Sampler),
        Weights = model.Tensors,
        Preprocessing = PreprocessingJson.Write(Recipe.Preprocessing),
        RecipeText = RecipeWriter.Write(Recipe),
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
        Warned?.Invoke($"{bad.Message} ({(bad.MovedTo is { } target ? $"moved to {Printable.Of(target)}" : "skipped")}; {_badCount} so far)");
    }
}
