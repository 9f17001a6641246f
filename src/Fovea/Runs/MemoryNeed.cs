using System.Globalization;
using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Training.Recipes;

namespace Fovea.Runs;

/// <summary>The memory that work takes, from its graph, before any of it is taken.</summary>
/// <param name="Least">A bound that it cannot stay under, in bytes.</param>
/// <param name="Likely">What it takes about, in bytes.</param>
/// <param name="What">What takes it, for messages.</param>
/// <param name="Remedy">What makes it less.</param>
public sealed record MemoryNeed(long Least, long Likely, string What, string Remedy)
{
    /// <summary>What is addressed as one run of bytes: inputs, outputs, and each weight.</summary>
    private const long LargestTensor = int.MaxValue;

    private const int LoadedBatches = 4;

    /// <summary>The share of the machine's memory above which the rest may be too little for everything else.</summary>
    private const double Ample = 0.8;

    /// <summary>How many results of a graph share their memory, or are never stored, at most: what plans fuse, and compute again.</summary>
    private const int Shared = 4;

    /// <summary>In MiB, about.</summary>
    public string Mebibytes => (Likely / 1048576.0).ToString("F0", CultureInfo.InvariantCulture);

    /// <summary>What running a graph takes.</summary>
    /// <param name="graph">Of inference or of a training step.</param>
    /// <param name="remedy">What makes it less: <c>a smaller --batch or --image-size</c>.</param>
    /// <exception cref="MemoryNeedException">A tensor is larger than can be addressed.</exception>
    public static MemoryNeed Of(Graph graph, string remedy)
    {
        var what = $"{graph.Name} for {graph.Find("input")?.Shape}";
        var variables = 0L;
        foreach (var value in graph.Variables) variables = checked(variables + Addressable(value.Variable!.Label, value, what, remedy));
        foreach (var (name, value) in graph.Outputs) Addressable(name, value, what, remedy);
        var live = LiveBytes(graph);
        return new(variables + (live / Shared), variables + live, what, remedy);
    }

    /// <summary>
    /// What a run takes: weights, gradients and momenta of those that train, the activations of a batch, and batches that wait. Where parts thaw, when
    /// most trains.
    /// </summary>
    /// <param name="recipe">The resolved recipe.</param>
    /// <param name="model">The inference graph for a batch size.</param>
    /// <param name="images">The training images.</param>
    /// <exception cref="MemoryNeedException">A tensor is larger than can be addressed.</exception>
    public static MemoryNeed OfTraining(TrainRecipe recipe, Func<int, Graph> model, int images)
    {
        const string remedy = "a smaller train.batch_size, data.image_size or model";
        var batch = Math.Min(recipe.Train.BatchSize, images);
        var graph = model(batch);
        var inference = Of(graph, remedy);
        var frozen = new FrozenStages(recipe.Freeze, graph).In(recipe.Train.Epochs - 1);
        var copies = 1 + recipe.Optimizer.CountSlots() + (recipe.Averages is null ? 0 : 1);
        var trained = graph.Variables.Select(value => value.Variable!)
            .Where(variable => variable.Kind is VariableKind.Parameter or VariableKind.State && !frozen.Contains(variable.Label))
            .Sum(variable => variable.Type.Shape.Elements);
        var weights = 4 * (CostAnalysis.Of(model(1)).ParamsWithStatistics + (copies * trained));
        var loaded = OfBatches(recipe.Train.BatchSize, recipe.Data.ImageSize, remedy).Least;
        var activations = frozen.Count == 0 ? CostAnalysis.Of(graph).ActivationBytes : LiveBytes(graph) + FrozenVariables.KeptBytes(graph, frozen);
        return new((activations / Shared) + weights + loaded, activations + weights + loaded, inference.What, remedy);
    }

    /// <summary>What the batches take that a loader makes ahead.</summary>
    /// <param name="batch">The images of a batch.</param>
    /// <param name="size">Their rows and columns.</param>
    /// <param name="remedy">What makes it less.</param>
    /// <exception cref="MemoryNeedException">One is larger than can be addressed.</exception>
    public static MemoryNeed OfBatches(int batch, int size, string remedy)
    {
        var what = $"a batch of {Amount.Of(batch, "image")} of {size}×{size} pixels";
        var bytes = 4L * 3 * size * size * batch;
        return bytes <= LargestTensor ? new(LoadedBatches * bytes, LoadedBatches * bytes, what, remedy) : throw TooLarge("it", bytes, what, remedy);
    }

    /// <summary>Warns where it is more than four fifths of the machine's memory.</summary>
    /// <param name="warn">Told so.</param>
    /// <exception cref="MemoryNeedException">It cannot suffice.</exception>
    public void Check(Action<string> warn)
    {
        var there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (Least > there)
            throw new MemoryNeedException($"{What} takes at least {Gibibytes(Least)} GiB of memory, there are {Gibibytes(there)}; wanted {Remedy}");
        if (Likely > Ample * there)
            warn($"{What} takes about {Gibibytes(Likely)} GiB of memory, there are {Gibibytes(there)}; if it does not suffice, try {Remedy}");
    }

    /// <summary>The most bytes of results that are alive at one time, when nodes run in their order.</summary>
    private static long LiveBytes(Graph graph)
    {
        var lastUse = new Dictionary<Value, int>();
        foreach (var node in graph.Nodes)
            foreach (var input in node.Inputs) lastUse[input] = node.Index;
        foreach (var (_, value) in graph.Outputs) lastUse[value] = int.MaxValue;
        var dying = graph.Nodes.Where(node => node.Op is not Variable).SelectMany(node => node.Results)
            .ToLookup(result => lastUse.GetValueOrDefault(result, result.Node.Index), result => result.Type.Bytes);
        var (live, most) = (0L, 0L);
        foreach (var node in graph.Nodes)
        {
            if (node.Op is not Variable) live = checked(live + node.Results.Sum(result => result.Type.Bytes));
            most = Math.Max(most, live);
            live -= dying[node.Index].Sum();
        }

        return most;
    }

    private static long Addressable(string name, Value value, string what, string remedy) =>
        value.Type.Bytes <= LargestTensor ? value.Type.Bytes : throw TooLarge($"{name}, {value.Type},", value.Type.Bytes, what, remedy);

    private static MemoryNeedException TooLarge(string name, long bytes, string what, string remedy) =>
        new($"{what}: {name} takes {bytes} bytes; wanted at most {LargestTensor}: {remedy}");

    private static string Gibibytes(long bytes) => (bytes / (double)(1L << 30)).ToString("F1", CultureInfo.InvariantCulture);
}
