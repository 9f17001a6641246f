using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Recipes;

namespace Fovea.Training.Steps;

/// <summary>The precision of a graph that builders and passes made in float32.</summary>
public static class GraphPrecision
{
    /// <summary>The graph itself for fp32; for bf16, one whose images are in bfloat16 and all else in float32.</summary>
    /// <param name="graph">A graph in float32, for training or inference.</param>
    /// <param name="precision">What the bulk of the arithmetic is done in.</param>
    /// <exception cref="ArgumentException">The precision is auto, which is decided on a backend first.</exception>
    public static Graph In(this Graph graph, Precision precision) => precision switch
    {
        Precision.Fp32 => graph,
        Precision.Bf16 => new PassDriver().Run(graph, new LowerPrecision()),
        _ => throw new ArgumentException($"the precision is {precision}; wanted fp32 or bf16", nameof(precision)),
    };

    /// <summary>A precision as it is, and for auto what is fastest on a backend.</summary>
    public static Precision On(this Precision precision, IBackend backend) => precision != Precision.Auto ? precision
        : backend.FastestType == DType.BFloat16 ? Precision.Bf16 : Precision.Fp32;

    /// <summary>A recipe whose precision is decided: what a run on this backend keeps.</summary>
    public static TrainRecipe On(this TrainRecipe recipe, IBackend backend) =>
        recipe with { Train = recipe.Train with { Precision = recipe.Train.Precision.On(backend) } };
}
