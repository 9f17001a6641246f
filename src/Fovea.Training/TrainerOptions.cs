using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Tensors;
using Fovea.Training.Batches;
using Fovea.Training.Checkpoints;
using Fovea.Training.Checks;
using Fovea.Training.Recipes;
using Fovea.Training.State;
using Fovea.Training.Steps;

namespace Fovea.Training;

/// <summary>What a run is made of.</summary>
public sealed record TrainerOptions
{
    /// <summary>The options of the run.</summary>
    public required TrainRecipe Recipe { get; init; }

    /// <summary>What the model is called. Default: as the recipe has it, otherwise as its graph.</summary>
    public string? Name { get; init; }

    /// <summary>The inference graph of the model for a batch size: <c>input</c> → <c>logits</c>.</summary>
    public required Func<int, Graph> Model { get; init; }

    /// <summary>
    /// The model for a batch size and a size of images, where <c>data.progressive</c> asks for others than <see cref="Model"/> takes; null, the default, for
    /// what <see cref="Passes.ResizeImages"/> makes of it.
    /// </summary>
    public Func<int, int, Graph>? ModelAt { get; init; }

    /// <summary>What runs the graphs.</summary>
    public required IBackend Backend { get; init; }

    /// <summary>The training images.</summary>
    public required IBatchSource Train { get; init; }

    /// <summary>The images that are evaluated; null, the default, evaluates nothing.</summary>
    public IBatchSource? Validation { get; init; }

    /// <summary>The names of the classes, by number; at least two.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>
    /// How many training images each class has, by number, for losses that want to know; empty, the default, where that is not known.
    /// </summary>
    public IReadOnlyList<int> ClassCounts { get; init; } = [];

    /// <summary>What the student learns from, where the loss of the recipe wants a teacher; default none.</summary>
    public Teacher? Teacher { get; init; }

    /// <summary>What adds up the gradients of those who train together; null, the default, where one trains alone.</summary>
    public IGradientExchange? Exchange { get; init; }

    /// <summary>Where checkpoints are kept; null, the default, keeps none.</summary>
    public CheckpointFolder? Checkpoints { get; init; }

    /// <summary>The folder of the run, for logs that keep files there; null, the default, where it has none.</summary>
    public string? Folder { get; init; }

    /// <summary>Where the data is, for logs. Default: not known.</summary>
    public string Data { get; init; } = "";

    /// <summary>Whether the norm of gradients is computed where nothing clips by it either, for logs that tell it. Default false.</summary>
    public bool GradientNorm { get; init; }

    /// <summary>What the run goes on from; null, the default, begins it.</summary>
    public Checkpoint? From { get; init; }

    /// <summary>
    /// Whether a run whose images have changed since a checkpoint in mid-epoch goes on at the next epoch; default false: it is refused, because
    /// the rest of the epoch cannot be what it would have been.
    /// </summary>
    public bool AtNextEpoch { get; init; }

    /// <summary>The usual shorter side of the training images, in pixels, for advice; 0, the default, where it is not known.</summary>
    public int TypicalSide { get; init; }

    /// <summary>What tells the training images from others, for the checkpoints; empty, the default, for their number alone.</summary>
    public string ImagesDigest { get; init; } = "";

    /// <summary>What tells the images that are held back from others, for the checkpoints: <see cref="RunFacts.HeldBack"/>. Default null: not known.</summary>
    public string? HeldBack { get; init; }

    /// <summary>The weights to start from, by name, instead of random ones; variables that are not given keep their initial values. Default none.</summary>
    public IReadOnlyList<(string Name, HostTensor Tensor)> Weights { get; init; } = [];

    /// <summary>Whether evaluations run the form of the model that is shipped: branches and norms folded into convolutions. Default false.</summary>
    public bool Fold { get; init; }

    /// <summary>How images become inputs, as JSON, for the checkpoints. Default: an empty object.</summary>
    public string Preprocessing { get; init; } = "{}";

    /// <summary>The resolved recipe as YAML, for the checkpoints. Default: nothing.</summary>
    public string RecipeText { get; init; } = "";

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal string ModelName => Name ?? Recipe.Model.Name ?? Model(1).Name;

    /// <summary>The run as checks see it.</summary>
    internal PlannedRun Planned => new()
    {
        Recipe = Recipe,
        Images = Train.Samples,
        Batches = Train.Batches,
        Classes = Classes.Count,
        Model = Model(1),
        TypicalSide = TypicalSide,
        HasWeights = Weights.Count > 0,
    };

    internal RunFacts Facts => new()
    {
        Model = ModelName,
        Graph = GraphPrinter.Print(Model(1)),
        Classes = Classes,
        Preprocessing = Preprocessing,
        Recipe = RecipeText,
        Seed = Recipe.Train.Seed,
        BatchSize = Recipe.Train.BatchSize,
        Accumulate = Recipe.Train.Accumulate,
        Samples = Train.Samples,
        Images = ImagesDigest,
        HeldBack = HeldBack,
    };

    /// <summary>Throws unless the parts fit each other.</summary>
    /// <exception cref="RecipeException">Options are out of range, or do not go with classes or model.</exception>
    /// <exception cref="TrainingException">The data leave nothing to train.</exception>
    internal void Check()
    {
        if (Recipe.Validate() is { Count: > 0 } problems) throw new RecipeException(problems, Recipe.Places);
        if (Recipe.Train.BatchSize == 0) throw new TrainingException("train.batch_size is 0, the largest that fits; wanted it found before a trainer is made");
        var classes = Classes.Count == 1 ? $"1 class, '{Classes[0]}'" : Amount.Of(Classes.Count, "class");
        if (Classes.Count < 2) throw new TrainingException($"the data set has {classes}; wanted at least 2, in a folder each");
        if (Recipe.Loss.WantsClassCounts && ClassCounts.Count != Classes.Count)
            throw new TrainingException(
                $"loss.kind {Recipe.Loss.Kind} wants to know how many training images each of {Classes.Count} classes has; "
                + $"given are {Amount.Of(ClassCounts.Count, "number")}");
        Recipe.CheckClasses(Classes.Count);
        Recipe.CheckTeacher(Teacher is not null);
        if (Recipe.Schedule.FollowsScores && Validation is null)
            throw new TrainingException($"schedule.kind {Recipe.Schedule.Kind} follows evaluations; there are no validation images");
        if (Recipe.Train.EarlyStop > 0 && Validation is null)
            throw new TrainingException($"train.early_stop {Recipe.Train.EarlyStop} follows evaluations; there are no validation images");
        if (Train.Batches == 0)
            throw new TrainingException(
                $"the training images make no batch of {Recipe.Train.BatchSize}; lower train.batch_size, or set train.drop_last: false");
        if ((long)Recipe.Train.Epochs * Train.Batches > int.MaxValue)
            throw new TrainingException(
                $"train.epochs {Recipe.Train.Epochs} of {Train.Batches} batches are {(long)Recipe.Train.Epochs * Train.Batches}; "
                + $"wanted at most {int.MaxValue} batches in all");
        var logits = Model(1).Output(TrainingGraph.Logits).Shape;
        if (logits.Rank != 2 || logits[1] != Classes.Count)
            throw new TrainingException($"the model {ModelName} makes logits {logits}; {Amount.Of(Classes.Count, "class")} want [N, {Classes.Count}]");
        Recipe.CheckNames(Model(1));
        ImageSizes.Check(this);
    }
}
