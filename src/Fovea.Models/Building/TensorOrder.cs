using Fovea.Graphs;

namespace Fovea.Models.Building;

/// <summary>For models whose state dict lists modules in another order than that in which they compute.</summary>
internal static class TensorOrder
{
    /// <summary>The same model with its tensors declared module by module in the given order; within a module the order stays.</summary>
    /// <param name="builder">The model, built at the root of a graph.</param>
    /// <param name="modules">The first segments of all tensor names.</param>
    internal static ModelBuilder InOrder(this ModelBuilder builder, params string[] modules) => (s, x, options) =>
    {
        var draft = new Graph(s.Graph.Name);
        var image = draft.Input("input", x.Type);
        var logits = builder(new Scope(draft), image, options);
        var to = new Dictionary<Value, Value> { [image] = x };
        foreach (var tensor in draft.Variables.Where(tensor => tensor != image).OrderBy(tensor => Array.IndexOf(modules, First(tensor.Variable!.Label))))
            to[tensor] = s.Graph.Declare(tensor.Variable!);
        foreach (var node in draft.Nodes.Where(node => node.Op is not Variable))
        {
            var copy = s.Graph.AddNode(node.Op, [.. node.Inputs.Select(input => to[input])]);
            for (var i = 0; i < copy.Results.Count; i++) to[node.Results[i]] = copy.Results[i];
        }

        return to[logits];
    };

    private static string First(string label) => label.Split('.')[0];
}
