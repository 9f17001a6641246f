using System.Numerics;
using Fovea.Backends.OneDnn;
using Fovea.Graphs;
using Fovea.Training.Checks;
using Fovea.Training.Recipes;
using Fovea.Training.Steps;

namespace Fovea.Auto;

/// <summary>
/// The largest batch that fits, for <c>train.batch_size: 0</c>: the largest power of two whose plan takes at most half of the memory, and that leaves an epoch
/// twenty updates.
/// </summary>
/// <remarks>What a plan takes is known when it is made: two small ones are, and what a batch adds to them is extrapolated. Nothing is run.</remarks>
public static class FittingBatch
{
    private const int Small = 2;
    private const int Large = 4;
    private const int LoadedBatches = 4;
    private const double Share = 0.5;

    /// <summary>The batch.</summary>
    /// <param name="recipe">The recipe, its precision and image size decided.</param>
    /// <param name="model">The inference graph for a batch size.</param>
    /// <param name="classCounts">How many training images each class has.</param>
    /// <param name="backend">What will train.</param>
    /// <param name="memoryBytes">The memory that there is, in bytes.</param>
    public static int Of(TrainRecipe recipe, Func<int, Graph> model, IReadOnlyList<int> classCounts, OneDnnBackend backend, long memoryBytes)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(backend);
        var options = TrainingGraphOptions.Of(recipe, classCounts);
        var (small, large) = (BytesOf(model(Small), options, backend), BytesOf(model(Large), options, backend));
        return Of(classCounts.Sum(), small, large, memoryBytes);
    }

    /// <summary>The batch by what plans for batches of 2 and 4 take.</summary>
    internal static int Of(int images, long small, long large, long memoryBytes)
    {
        var perImage = Math.Max(1, (large - small) / (double)(Large - Small));
        var room = (memoryBytes * Share) - (small - (Small * perImage));
        var fitting = Math.Clamp(room / perImage, 1, TrainOptions.MostImages);
        return Math.Min(1 << BitOperations.Log2((uint)fitting), Math.Min(FewUpdatesAnEpoch.BatchFor(images), Math.Max(1, images)));
    }

    /// <summary>The memory of a plan, its variables and the batches that wait for it.</summary>
    private static long BytesOf(Graph model, TrainingGraphOptions options, OneDnnBackend backend)
    {
        var graph = TrainingGraph.Build(model, options).Graph;
        using var session = backend.Open();
        using var plan = (OneDnnExecutable)session.Compile(graph);
        var report = plan.Describe();
        var variables = graph.Variables.Where(value => value.Variable!.Kind != VariableKind.Input).Sum(value => value.Type.Bytes);
        return report.ArenaBytes + report.KeptBytes + variables + (LoadedBatches * graph.Variable(TrainingGraph.Images).Type.Bytes);
    }
}
