using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Parity;

/// <summary>What the public implementation of a model computes: names, counts, logits, loss, gradients. Read by <see cref="FixtureReader"/>.</summary>
/// <remarks>Weights are not stored; <see cref="FixtureTensors"/> fills every tensor from its name.</remarks>
public sealed record Fixture
{
    /// <summary>The name of the fixture, as in <c>official_repvgg_a0</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Prefixed to a name to make the seed of a tensor.</summary>
    public required string Salt { get; init; }

    /// <summary>Classes.</summary>
    public required int Classes { get; init; }

    /// <summary>The shape of the images that are evaluated.</summary>
    public required Shape Input { get; init; }

    /// <summary>Scales the weights that are filled.</summary>
    public required double WeightGain { get; init; }

    /// <summary>Trainable numbers.</summary>
    public required long Params { get; init; }

    /// <summary>Multiply-accumulates of one image.</summary>
    public required long Macs { get; init; }

    /// <summary>Normalisation layers: how many there are of each kind, epsilon and momentum, in the order of <see cref="FixtureNorm.Of"/>.</summary>
    public required IReadOnlyList<FixtureNorm> Norms { get; init; }

    /// <summary>The state dict in order.</summary>
    public required IReadOnlyList<FixtureTensor> Tensors { get; init; }

    /// <summary>Logits of the noise images, image after image.</summary>
    public required double[] Logits { get; init; }

    /// <summary>Logits of the images with large-scale structure.</summary>
    public required double[] LogitsBlocks { get; init; }

    /// <summary>Names here and in the fixture that this one is an alias of; empty without one.</summary>
    public required IReadOnlyList<(string Name, string Alias)> KeyMap { get; init; }

    /// <summary>Logits when every tensor is filled with the seed of its alias; null without one.</summary>
    public double[]? LogitsWithAliasSeeds { get; init; }

    /// <summary>How far plain float32 PyTorch is from these numbers.</summary>
    public required FixtureDeviation Float32Deviation { get; init; }

    /// <summary>One step in training mode; null where there is none.</summary>
    public FixtureTraining? Training { get; init; }

    /// <summary>The re-parameterised form; null where there is none.</summary>
    public FixtureDeploy? Deploy { get; init; }
}

/// <summary>A tensor of a state dict.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Fill">The rule that fills it.</param>
/// <param name="Seed">The seed of the rule.</param>
/// <param name="Trainable">Whether it is trained.</param>
public sealed record FixtureTensor(string Name, Shape Shape, string Fill, ulong Seed, bool Trainable);

/// <summary>Normalisation layers that are alike.</summary>
/// <param name="Type"><c>batch</c> or <c>layer</c>.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Momentum">The weight of a batch in the running statistics; null for layer norms.</param>
/// <param name="Count">How many there are.</param>
public sealed record FixtureNorm(string Type, double Epsilon, double? Momentum, int Count)
{
    /// <summary>
    /// Those of a graph, ordered by kind, epsilon and momentum; one that is applied twice counts once. Batch norms that are declared but not used
    /// count as its first.
    /// </summary>
    public static IReadOnlyList<FixtureNorm> Of(Graph graph)
    {
        var applied = graph.Nodes.Where(node => node.Op is BatchNorm or LayerNorm).DistinctBy(node => node.Inputs[1]);
        var norms = applied.Select(node => node.Op switch
        {
            BatchNorm batch => new FixtureNorm("batch", batch.Epsilon, batch.Momentum, 1),
            LayerNorm layer => new FixtureNorm("layer", layer.Epsilon, null, 1),
            _ => null,
        }).OfType<FixtureNorm>().ToArray();
        var unused = graph.Variables.Count(value => value.Uses == 0 && value.Variable!.Label.EndsWith(".running_mean", StringComparison.Ordinal));
        return Ordered([.. norms, .. norms.Where(norm => norm.Type == "batch").Take(1).SelectMany(norm => Enumerable.Repeat(norm, unused))]);
    }

    /// <summary>The same layers with alike ones counted together.</summary>
    internal static IReadOnlyList<FixtureNorm> Ordered(IEnumerable<FixtureNorm> norms) =>
    [
        .. norms.GroupBy(norm => (norm.Type, norm.Epsilon, norm.Momentum)).OrderBy(group => group.Key)
            .Select(group => group.First() with { Count = group.Sum(norm => norm.Count) }),
    ];
}

/// <summary>How far float32 PyTorch is from the float64 numbers of a fixture.</summary>
/// <param name="TrainLogits">Relative L2 of the logits in training mode.</param>
/// <param name="Running">Worst relative difference of the norm of a running statistic.</param>
/// <param name="GradientMedian">Median relative difference of the norm of a gradient.</param>
/// <param name="GradientWorst">Worst relative difference of the norm of a gradient.</param>
public sealed record FixtureDeviation(double TrainLogits, double Running, double GradientMedian, double GradientWorst);

/// <summary>One forward and backward pass in training mode, loss = mean cross-entropy.</summary>
public sealed record FixtureTraining
{
    /// <summary>The shape of the images.</summary>
    public required Shape Input { get; init; }

    /// <summary>The class of each.</summary>
    public required int[] Labels { get; init; }

    /// <summary>The logits, image after image.</summary>
    public required double[] Logits { get; init; }

    /// <summary>The loss.</summary>
    public required double Loss { get; init; }

    /// <summary>The L2 norm of all gradients together.</summary>
    public required double GradientTotal { get; init; }

    /// <summary>The L2 norm of the gradient of each parameter; null where there is no gradient.</summary>
    public required IReadOnlyDictionary<string, double?> Gradients { get; init; }

    /// <summary>The L2 norm of each running statistic after the step.</summary>
    public required IReadOnlyDictionary<string, double> Running { get; init; }
}

/// <summary>The re-parameterised form.</summary>
public sealed record FixtureDeploy
{
    /// <summary>Trainable numbers.</summary>
    public required long Params { get; init; }

    /// <summary>Multiply-accumulates of one image.</summary>
    public required long Macs { get; init; }

    /// <summary>The state dict: name, shape, L2 norm.</summary>
    public required IReadOnlyList<(string Name, Shape Shape, double Norm)> Tensors { get; init; }

    /// <summary>Logits of the noise images.</summary>
    public required double[] Logits { get; init; }
}
