using Fovea.Training.Recipes;

namespace Fovea.Training.Logging;

/// <summary>What is known of a run before it trains on, for the head of a log.</summary>
public sealed record RunOverview
{
    /// <summary>The resolved recipe.</summary>
    public required TrainRecipe Recipe { get; init; }

    /// <summary>What the model is called.</summary>
    public required string Model { get; init; }

    /// <summary>The scalars that are trained, of all layers.</summary>
    public required long Parameters { get; init; }

    /// <summary>Rows, and columns, of the input; 0 for an input that is no image.</summary>
    public required int ImageSize { get; init; }

    /// <summary>The number of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>The training images of an epoch.</summary>
    public required int TrainImages { get; init; }

    /// <summary>The batches of an epoch.</summary>
    public required int TrainBatches { get; init; }

    /// <summary>The validation images; 0 for none.</summary>
    public required int ValidationImages { get; init; }

    /// <summary>The batches of an evaluation; 0 for none.</summary>
    public required int ValidationBatches { get; init; }

    /// <summary>The full learning rate, scaled by the batch where the recipe says so.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The epochs that are over.</summary>
    public int Epoch { get; init; }

    /// <summary>The updates so far; 0 for a run that begins.</summary>
    public long Step { get; init; }

    /// <summary>The largest top-1 share so far, 0–1; −1 before the first evaluation.</summary>
    public double BestTop1 { get; init; } = -1;

    /// <summary>The epoch, from 1, after which it was reached; 0 before the first evaluation.</summary>
    public int BestEpoch { get; init; }

    /// <summary>The folder of the run; null for a run that has none.</summary>
    public string? Folder { get; init; }

    /// <summary>The checkpoint that a run goes on from; null for a run that keeps none.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Where the data is; empty where that is not known.</summary>
    public string Data { get; init; } = "";

    /// <summary>The k of «top-k»; 0, the default, for five, or as many as there are classes.</summary>
    public int TopK
    {
        get => field > 0 ? field : Math.Min(5, Classes);
        init;
    }
}
