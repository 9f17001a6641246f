using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Training.Recipes;

namespace Fovea.Training.Steps;

/// <summary>The precision of a graph that builders and passes made in float32.</summary>
public static class GraphPrecision
{
    /// <summary>The graph itself for fp32; for bf16, one whose images are in bfloat16 and all else in float32.</summary>
    /// <param name="graph">A graph in float32, for training or inference.</param>
    /// <param name="precision">What the bulk of the arithmetic is done in.</param>
    public static Graph In(this Graph graph, Precision precision) =>
        precision == Precision.Fp32 ? graph : new PassDriver().Run(graph, new LowerPrecision());
}
