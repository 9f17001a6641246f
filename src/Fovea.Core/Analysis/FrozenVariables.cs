using System.Collections.Frozen;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Analysis;

/// <summary>Which variables of a model stay as they are while the rest of it trains, and what acts as in evaluation because of them.</summary>
public static class FrozenVariables
{
    /// <summary>The labels of the parameters and states that stay: those that are named, and the running statistics of norms whose parameters are.</summary>
    /// <param name="model">An inference graph.</param>
    /// <param name="isNamed">Whether a parameter or state of a label is to stay.</param>
    public static IReadOnlySet<string> Of(Graph model, Func<string, bool> isNamed)
    {
        var frozen = model.Variables.Select(value => value.Variable!).Where(IsOfModel).Select(variable => variable.Label).Where(isNamed)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var node in model.Nodes)
        {
            if (node.Op is not BatchNorm) continue;
            string[] parameters = [.. node.Inputs.Skip(1).Take(2).Select(ParameterOf).OfType<string>()];
            if (parameters.Length > 0 && parameters.All(frozen.Contains))
                frozen.UnionWith(node.Inputs.Skip(3).Select(value => value.Variable?.Label).OfType<string>());
        }

        return frozen.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>
    /// The bytes of what a backward pass reads of a forward one: of the results that a parameter which trains changes, each once, views left out.
    /// </summary>
    /// <param name="model">An inference graph.</param>
    /// <param name="frozen">What <see cref="Of"/> gave.</param>
    public static long KeptBytes(Graph model, IReadOnlySet<string> frozen)
    {
        var trained = Trained(model, frozen);
        return CostAnalysis.Forward(model).Where(node => trained[node.Index] && node.Op is not Reshape)
            .Sum(node => node.Results.Sum(value => value.Type.Bytes));
    }

    /// <summary>The norms, random branches and dropouts that act as in evaluation while a model trains.</summary>
    /// <remarks>
    /// A norm does whose running statistics are frozen; a random branch whose operands no trained parameter changes; a dropout of which the same is true,
    /// and behind which something frozen follows: so not the one in front of a new classifier, which is part of that.
    /// </remarks>
    /// <param name="model">An inference graph.</param>
    /// <param name="frozen">What <see cref="Of"/> gave.</param>
    internal static HashSet<Node> Evaluated(Graph model, IReadOnlySet<string> frozen)
    {
        var evaluated = new HashSet<Node>();
        if (frozen.Count == 0) return evaluated;
        var (ofTrained, beforeFrozen) = (Trained(model, frozen), BeforeFrozen(model, frozen));
        foreach (var node in model.Nodes)
            if (node.Op switch
                {
                    BatchNorm => node.Inputs.Skip(3).Any(value => value.Variable is { } variable && frozen.Contains(variable.Label)),
                    RandomBranch or ShakeShake => !ofTrained[node.Index],
                    Dropout => !ofTrained[node.Index] && beforeFrozen[node.Index],
                    _ => false,
                })
                evaluated.Add(node);
        return evaluated;
    }

    /// <summary>For each node, whether a parameter that trains is among what it depends on.</summary>
    private static bool[] Trained(Graph graph, IReadOnlySet<string> frozen)
    {
        var trained = new bool[graph.Nodes.Count];
        foreach (var node in graph.Nodes)
            trained[node.Index] = node.Op is Variable { Kind: VariableKind.Parameter } variable
                ? !frozen.Contains(variable.Label)
                : node.Inputs.Any(input => trained[input.Node.Index]);
        return trained;
    }

    /// <summary>For each node, whether what depends on it meets something frozen.</summary>
    private static bool[] BeforeFrozen(Graph graph, IReadOnlySet<string> frozen)
    {
        var (count, before) = (graph.Nodes.Count, new bool[graph.Nodes.Count]);
        var (ofImages, ofFrozen) = (new bool[count], new bool[count]);
        foreach (var node in graph.Nodes)
        {
            ofImages[node.Index] = node.Op is Variable { Kind: VariableKind.Input } || node.Inputs.Any(input => ofImages[input.Node.Index]);
            ofFrozen[node.Index] = !ofImages[node.Index]
                && (node.Op is Variable variable ? frozen.Contains(variable.Label) : node.Inputs.Any(input => ofFrozen[input.Node.Index]));
        }

        for (var i = count - 1; i >= 0; i--)
        {
            var node = graph.Nodes[i];
            if (!ofImages[i] || !(before[i] || node.Inputs.Any(input => ofFrozen[input.Node.Index]))) continue;
            foreach (var input in node.Inputs) before[input.Node.Index] = true;
        }

        return before;
    }

    private static string? ParameterOf(Value value) => value.Variable is { Kind: VariableKind.Parameter } parameter ? parameter.Label : null;

    private static bool IsOfModel(Variable variable) => variable.Kind is VariableKind.Parameter or VariableKind.State;
}
