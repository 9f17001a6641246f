using Fovea.Analysis;
using Fovea.Formats;
using Fovea.Graphs;
using Fovea.Recipes;
using Fovea.Sources;
using Fovea.Training.Checkpoints;
using Fovea.Training.Logging;

namespace Fovea.Tables;

/// <summary>What tables tell of a run, or of a model that is not trained yet; null where nothing is known, which is an empty cell.</summary>
public sealed record RunFigures
{
    private const double Million = 1e6;
    private const int BytesOfNumber = 4;

    /// <summary>What the model is called.</summary>
    public required string Model { get; init; }

    /// <summary>What rows of other figures call the run: the name of its folder, or that of the model.</summary>
    public required string Name { get; init; }

    /// <summary>Numbers that are trained.</summary>
    public long? Params { get; init; }

    /// <summary>The same and the running statistics of norms: all that a file of weights has.</summary>
    public long? ParamsWithStatistics { get; init; }

    /// <summary>Multiply-accumulates for one image.</summary>
    public long? Macs { get; init; }

    /// <summary>Rows and columns of an image.</summary>
    public (int Height, int Width)? ImageSize { get; init; }

    /// <summary>Processors that trained together; 1 for a run of this library.</summary>
    public int? Cards { get; init; }

    /// <summary>Images of a batch on each of them.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The time of a batch, waiting for images included, in milliseconds.</summary>
    public double? StepMilliseconds { get; init; }

    /// <summary>The best top-1 share of the validation images, 0–1, and what else the epoch has that reached it.</summary>
    public double? Top1 { get; init; }

    /// <summary>Its top-5 share, 0–1.</summary>
    public double? Top5 { get; init; }

    /// <summary>Its mean cross-entropy, in nats.</summary>
    public double? Loss { get; init; }

    /// <summary>Its mean accuracy over the classes, 0–1.</summary>
    public double? Macro { get; init; }

    /// <summary>The share of training images that were recognised in that epoch, 0–1.</summary>
    public double? TrainTop1 { get; init; }

    /// <summary>The file of the recipe; empty where there is none.</summary>
    public string Recipe { get; init; } = "";

    /// <summary>The file of the weights; empty where there is none.</summary>
    public string Weights { get; init; } = "";

    /// <summary>Images per second: cards · batch / time of a step.</summary>
    public double? ImagesPerSecond => StepMilliseconds > 0 ? 1000.0 * Cards * BatchSize / StepMilliseconds : null;

    /// <summary>The numbers of a file of weights, in millions.</summary>
    public double? MillionsWithStatistics => ParamsWithStatistics / Million;

    /// <summary>The numbers that are trained, in millions.</summary>
    public double? Millions => Params / Million;

    /// <summary>The size of a file of fp32 weights, in megabytes of 10⁶ bytes.</summary>
    public double? Megabytes => BytesOfNumber * ParamsWithStatistics / Million;

    /// <summary>What there is to know of a run or a model.</summary>
    /// <param name="place">The folder of a run, a name in the catalogue, a <c>.fovea</c> or <c>.onnx</c> file.</param>
    /// <param name="options">What else is said of the model; the defaults if null.</param>
    /// <exception cref="ModelSourceException">There is no such model.</exception>
    /// <exception cref="ModelFormatException">A file is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static RunFigures Of(string place, LoadOptions? options = null)
    {
        var (source, model) = (ModelSource.Of(place), ModelSource.LoadAny(place, options));
        var of = Of(model.Name, model.Graph(1)) with { Name = source.HasCheckpoints ? Path.GetFileName(Path.GetFullPath(place).TrimEnd('/')) : model.Name };
        return source.HasCheckpoints ? Logged(of, place) : of;
    }

    /// <summary>What follows from a graph alone.</summary>
    /// <param name="name">What the model is called.</param>
    /// <param name="graph">The graph, for one image.</param>
    public static RunFigures Of(string name, Graph graph)
    {
        var (cost, images) = (CostAnalysis.Of(graph), graph.Find("input")?.Shape);
        return new()
        {
            Model = name, Name = name, Params = cost.Params, ParamsWithStatistics = cost.ParamsWithStatistics, Macs = cost.Macs,
            ImageSize = images is { Rank: 4 } shape ? (shape.H, shape.W) : null,
        };
    }

    private static RunFigures Logged(RunFigures of, string folder)
    {
        string At(string name) => Path.Combine(folder, name);
        var (recipe, metrics, log) = (At("recipe.yaml"), At("metrics.csv"), At("log.jsonl"));
        var epochs = File.Exists(metrics) ? CsvLog.Read(metrics) : [];
        var best = epochs.Where(epoch => epoch.Top1 is not null).MaxBy(epoch => epoch.Top1);
        var seconds = File.Exists(log) ? JsonLinesLog.BatchSeconds(log).Order().ToArray() : [];
        var weights = At(Path.GetRelativePath(Path.GetFullPath(folder), RunFolder.CheckpointsOf(folder).BestPath));
        return of with
        {
            Cards = 1,
            BatchSize = File.Exists(recipe) ? RecipeReader.Read(recipe) is { Train.BatchSize: > 0 and var size } ? size : null : null,
            StepMilliseconds = seconds.Length > 0 ? 1000 * seconds[seconds.Length / 2] : null,
            Top1 = best?.Top1, Top5 = best?.Top5, Loss = best?.Loss, Macro = best?.Macro, TrainTop1 = (best ?? (epochs.Count > 0 ? epochs[^1] : null))?.TrainTop1,
            Recipe = File.Exists(recipe) ? recipe : "",
            Weights = File.Exists(weights) ? weights : "",
        };
    }
}
