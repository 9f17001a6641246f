using Fovea.Analysis;
using Fovea.Graphs;

namespace Fovea.Tables;

/// <summary>What a model costs for one image.</summary>
public sealed record CostFigures
{
    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>Its stages; null for a net that is not made of such.</summary>
    public required StageShape? Shape { get; init; }

    /// <summary>Multiply-accumulates.</summary>
    public required long Macs { get; init; }

    /// <summary>The «Flops» of the published table, a counter's mistake (<see cref="Analysis.PublishedFlops"/>).</summary>
    public required long PublishedFlops { get; init; }

    /// <summary>Parameters that are trained.</summary>
    public required long Params { get; init; }

    /// <summary>The layer that holds most on chip.</summary>
    public required LayerMemory Largest { get; init; }

    /// <summary>The costs of a graph.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="graph">The deploy form, for one image.</param>
    /// <exception cref="GraphException">The graph has no layer.</exception>
    public static CostFigures Of(string name, Graph graph)
    {
        var cost = CostAnalysis.Of(graph);
        return new()
        {
            Name = name, Shape = StageShape.Of(graph), Macs = cost.Macs, PublishedFlops = Analysis.PublishedFlops.Of(graph), Params = cost.Params,
            Largest = OnChipMemory.Largest(graph),
        };
    }
}
