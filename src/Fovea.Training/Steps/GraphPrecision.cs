using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Training.Recipes;

namespace Fovea.Training.Steps;

/// <summary>The precision of a graph that builders and passes made in float32.</summary>
internal static class GraphPrecision
{
    internal static Graph In(this Graph graph, Precision precision)
    {
        if (precision == Precision.Fp32) return graph;
        var lowered = new LowerPrecision().Apply(graph);
        Verifier.Verify(lowered);
        return lowered;
    }
}
