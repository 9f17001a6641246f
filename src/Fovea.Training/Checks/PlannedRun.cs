using Fovea.Graphs;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;
using Fovea.Training.Steps;

namespace Fovea.Training.Checks;

/// <summary>What is known of a run before its first step.</summary>
public sealed record PlannedRun
{
    /// <summary>The recipe.</summary>
    public required TrainRecipe Recipe { get; init; }

    /// <summary>The images of an epoch, without those that a last batch that is not full leaves out.</summary>
    public required int Images { get; init; }

    /// <summary>The batches of an epoch; at least 1.</summary>
    public required int Batches { get; init; }

    /// <summary>The number of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>The inference graph of the model for one image.</summary>
    public required Graph Model { get; init; }

    /// <summary>The usual shorter side of the images, in pixels; 0, the default, where it is not known.</summary>
    public int TypicalSide { get; init; }

    /// <summary>Whether training starts from weights that are given; default false.</summary>
    public bool HasWeights { get; init; }

    /// <summary>Rows and columns of the model's input; 0 where it takes no square images.</summary>
    public int InputSide => Model.Find(TrainingGraph.Images) is { Shape: { Rank: 4 } x } && x.H == x.W ? x.H : 0;

    /// <summary>The images of a full batch.</summary>
    public int BatchSize => Math.Min(Recipe.Train.BatchSize, Images);

    /// <summary>The updates of an epoch.</summary>
    public int UpdatesPerEpoch => ((Batches - 1) / Recipe.Train.Accumulate) + 1;

    /// <summary>The updates of the run.</summary>
    public long Updates => Progress(0).Steps;

    /// <summary>The learning rate of an update.</summary>
    /// <param name="update">Its number, from 0.</param>
    public double RateAt(long update) =>
        Recipe.Schedule.RateAt(Recipe.Optimizer.ScaledRate(Recipe.Train.BatchSize * Recipe.Train.Accumulate), Progress(update));

    /// <summary>The updates of the warm-up.</summary>
    public long Warmup => Recipe.Schedule.WarmupOf(Progress(0));

    private RunProgress Progress(long update) => new(update, UpdatesPerEpoch, Recipe.Train.Epochs) { MostSteps = Recipe.Train.Steps };
}
