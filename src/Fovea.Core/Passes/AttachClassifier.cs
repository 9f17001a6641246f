using System.Globalization;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>Gives a model that makes features a classifier: a linear layer that reads its output <c>logits</c>, and makes that anew.</summary>
/// <remarks>Weights are uniform in ±1/√features, biases 0. Its module is <c>head</c>, or like it where that is taken.</remarks>
public static class AttachClassifier
{
    private const string Logits = "logits";

    /// <summary>The module of the classifier that a graph would get.</summary>
    /// <param name="graph">The graph without it.</param>
    public static string ModuleIn(Graph graph)
    {
        bool IsTaken(string module) => graph.Variables.Any(value => value.Variable!.Label.StartsWith($"{module}.", StringComparison.Ordinal));
        var name = "head";
        for (var i = 2; IsTaken(name); i++) name = string.Create(CultureInfo.InvariantCulture, $"head{i}");
        return name;
    }

    /// <summary>A graph with a classifier; the source is left as it is.</summary>
    /// <param name="source">An inference graph, whose output <c>logits</c> are features, [N, features].</param>
    /// <param name="classes">The number of classes, from 1.</param>
    /// <exception cref="GraphException">The output is not [N, features].</exception>
    public static Graph To(Graph source, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        var features = source.Output(Logits);
        if (features.Shape.Rank != 2) throw new GraphException($"the output '{Logits}' is {features.Type}; wanted [N, features]");
        var to = new Remap(source);
        foreach (var node in source.Nodes) to.Copy(node);
        var (graph, module, count) = (to.Graph, ModuleIn(source), features.Shape[1]);
        var weight = graph.Parameter($"{module}.weight", new Shape(classes, count), new Initializer.Uniform(1 / Math.Sqrt(count)));
        var bias = graph.Parameter($"{module}.bias", new Shape(classes), Initializer.Zeros);
        foreach (var (name, value) in source.Outputs)
            graph.Output(name, name == Logits ? to[value].MatMul(weight, transposeB: true).Plus(bias) : to[value]);
        return graph;
    }
}
