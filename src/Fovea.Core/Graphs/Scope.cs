using System.Globalization;
using Fovea.Tensors;

namespace Fovea.Graphs;

/// <summary>Where in a model parameters are declared: an indexer path in PyTorch's spelling, <c>s["layer1"][0]["conv1"]</c>.</summary>
/// <param name="graph">The graph that receives the variables.</param>
/// <param name="path">The path so far; empty at the root.</param>
public readonly struct Scope(Graph graph, string path = "")
{
    /// <summary>The graph.</summary>
    public Graph Graph => graph;

    /// <summary>The path so far.</summary>
    public string Path => path;

    /// <summary>The scope below, by name; the name may hold dots.</summary>
    public Scope this[string name] => new(graph, Join(name));

    /// <summary>The scope below, by position.</summary>
    public Scope this[int index] => this[index.ToString(CultureInfo.InvariantCulture)];

    /// <summary>Declares a trained variable here.</summary>
    public Value Parameter(string name, Shape shape, Initializer initial) => graph.Parameter(Join(name), shape, initial);

    /// <summary>Declares a variable here that is kept but not trained.</summary>
    public Value State(string name, Shape shape, Initializer initial) => graph.State(Join(name), shape, initial);

    private string Join(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
