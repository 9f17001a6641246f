using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>A model in the form that is shipped, and what it takes to prove that it is the same function.</summary>
/// <param name="Graph">The folded graph.</param>
/// <param name="Weights">Its parameters and state by name, in order.</param>
/// <param name="Blocks">The paths of the blocks that were folded, as in <c>stages.0.1</c>: each names an output of both probes.</param>
/// <param name="Before">The model as it was, with its outputs and those of the blocks; it runs with the model's weights.</param>
/// <param name="After">The folded model with the same outputs; it runs with <paramref name="Weights"/>.</param>
public sealed record DeployForm(Graph Graph, IReadOnlyDictionary<string, HostTensor> Weights, IReadOnlyList<string> Blocks, Graph Before, Graph After);

/// <summary>Makes the form of a model that is shipped: training-only operations left out, linear branches and norms folded into convolutions.</summary>
public static class Deploy
{
    /// <summary>The folded form of a model; the same function up to the rounding of the folded weights.</summary>
    /// <param name="model">An inference graph.</param>
    /// <param name="weights">A value for each of its parameters and states; others are ignored.</param>
    /// <param name="names">What the weights that are folded are called, by the names that the passes give them; null to keep those.</param>
    /// <param name="norms">Whether norms and scales beside single convolutions are folded, too; without, only parallel branches.</param>
    /// <exception cref="GraphException">A weight is missing or has another type.</exception>
    public static DeployForm Fold(Graph model, IReadOnlyDictionary<string, HostTensor> weights, Func<string, string>? names = null, bool norms = true)
    {
        var plain = Plain(model);
        var blocks = Blocks(plain, norms);
        var before = Probed(plain, blocks);
        var expressions = Expressions(before, norms);
        var folded = new FoldedWeights(expressions, names);
        var after = folded.Declared();
        var values = folded.Evaluate(variable => Weight(weights, variable));
        var kept = after.Variables.Select(value => value.Variable!).Where(variable => variable.Kind is VariableKind.Parameter or VariableKind.State);
        var ordered = kept.ToDictionary(
            variable => variable.Label, variable => values.GetValueOrDefault(variable.Label) ?? Weight(weights, variable), StringComparer.Ordinal);
        return new(Unprobed(after, model), ordered, [.. blocks.Select(block => block.Path)], before, after);
    }

    /// <summary>The graph of the folded form alone, which takes no weights.</summary>
    /// <param name="model">An inference graph.</param>
    /// <param name="names">As in <see cref="Fold"/>.</param>
    /// <param name="norms">As in <see cref="Fold"/>.</param>
    public static Graph Structure(Graph model, Func<string, string>? names = null, bool norms = true) =>
        new FoldedWeights(Expressions(Plain(model), norms), names).Declared();

    private static Graph Plain(Graph model) => new PassDriver().Run(model, new RemoveTrainingOnly(), new EliminateDeadNodes());

    /// <summary>The folded graph, its weights still computed from the model's.</summary>
    private static Graph Expressions(Graph plain, bool norms)
    {
        Pass[] passes = norms ? [new Reparameterise(), new FoldBatchNorm()] : [new Reparameterise()];
        return new PassDriver().Run(plain, [.. passes, new EliminateDeadNodes()]);
    }

    /// <summary>The values that folding computes in another way, under the paths of their modules.</summary>
    private static List<(string Path, Value Value)> Blocks(Graph plain, bool norms)
    {
        var (sums, weights) = (Reparameterise.Sites(plain), WeightValues.Of(plain));
        var inside = sums.Values.SelectMany(map => map.Nodes).ToHashSet();
        var (blocks, taken) = (new List<(string Path, Value Value)>(), plain.Outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal));
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = plain.Nodes.Count - 1; i >= 0; i--)
        {
            var node = plain.Nodes[i];
            if (sums.TryGetValue(node, out var sum)) Add(Reparameterise.Module(sum), node);
            if (!norms || inside.Contains(node) || FoldBatchNorm.Match(node, weights) is not { } single) continue;
            Add(Variable.ModuleOf(single.Terms[0].WeightLabel ?? ""), node);
            inside.UnionWith(single.Nodes);
        }

        blocks.Reverse();
        return blocks;

        void Add(string path, Node node)
        {
            var (unique, i) = (path, counts.GetValueOrDefault(path, 1));
            while (unique.Length == 0 || !taken.Add(unique)) unique = $"{path}#{++i}";
            counts[path] = i;
            blocks.Add((unique, node.Result));
        }
    }

    private static Graph Probed(Graph plain, List<(string Path, Value Value)> blocks)
    {
        var to = new Remap(plain);
        foreach (var node in plain.Nodes) to.Copy(node);
        to.Finish();
        foreach (var (path, value) in blocks) to.Graph.Output(path, to[value]);
        return to.Graph;
    }

    /// <summary>The graph with no other outputs than the model's.</summary>
    private static Graph Unprobed(Graph after, Graph model)
    {
        var to = new Remap(after);
        foreach (var node in after.Nodes) to.Copy(node);
        foreach (var (name, _) in model.Outputs) to.Graph.Output(name, to[after.Output(name)]);
        return to.Graph;
    }

    private static HostTensor Weight(IReadOnlyDictionary<string, HostTensor> weights, Variable variable)
    {
        if (!weights.TryGetValue(variable.Label, out var tensor)) throw new GraphException($"the weight '{variable.Label}' is missing; wanted {variable.Type}");
        if (tensor.Type != variable.Type) throw new GraphException($"the weight '{variable.Label}' is {tensor.Type}; wanted {variable.Type}");
        return tensor;
    }
}
