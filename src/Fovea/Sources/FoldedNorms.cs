using System.Globalization;
using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Ops;

namespace Fovea.Sources;

/// <summary>Whether a graph is one whose norms were folded into convolutions.</summary>
internal static class FoldedNorms
{
    /// <summary>What is said of a deployed graph.</summary>
    internal static string Note(string origin, int blocks) =>
        $"{origin}: {Amount.Of(blocks, "block of it is", "blocks of it are")} folded, "
        + "norms and branches into convolutions with biases; it trains in this form, without batch statistics";

    /// <summary>What is said of a graph that has convolutions with biases and no batch norm; nothing of others.</summary>
    internal static IReadOnlyList<string> Of(string origin, Graph graph)
    {
        var biased = graph.Nodes.Count(node => node.Op is Add && node.Inputs.Any(input => input.Op is Conv2d) && node.Inputs.Any(IsBias));
        return biased == 0 || graph.Nodes.Any(node => node.Op is BatchNorm or LayerNorm)
            ? []
            : [string.Create(
                CultureInfo.InvariantCulture,
                $"{origin}: has {biased} convolutions with biases and no batch norm: where norms were folded into them it trains in this form")];
    }

    private static bool IsBias(Value value) => value.Variable is { Kind: VariableKind.Parameter } || (value.Op is Reshape && IsBias(value.Node.Inputs[0]));
}
