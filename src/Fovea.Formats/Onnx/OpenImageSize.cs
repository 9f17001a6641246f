using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Formats.Onnx;

/// <summary>Whether a graph computes the same function for images of any size: until height and width are pooled away, nothing may depend on them.</summary>
internal static class OpenImageSize
{
    /// <exception cref="ModelFormatException">A node depends on height or width; the message names it.</exception>
    internal static void Check(Graph graph)
    {
        var open = new HashSet<Value>();
        foreach (var node in graph.Nodes)
        {
            var isOpen = node.Op is Variable { Kind: VariableKind.Input }
                ? node.Result.Shape.Rank == 4
                : node.Inputs.Any(open.Contains) && StaysOpen(node, open);
            if (isOpen) open.UnionWith(node.Results);
        }

        foreach (var (name, value) in graph.Outputs)
            if (open.Contains(value)) throw Fail($"output '{name}'", value);
    }

    /// <summary>Whether the result of a node that reads open values is open too; it is not once the whole image was pooled.</summary>
    private static bool StaysOpen(Node node, HashSet<Value> open) => node.Op switch
    {
        Conv2d or MaxPool or BatchNorm or Pointwise or Dropout or RandomBranch or ShakeShake or Named or Cast or Pad => true,
        LayerNorm { Axis: 1 } => true,
        AvgPool pool => !Map.Pools.IsGlobal(pool, node.Inputs[0].Shape),
        Reduce reduce when reduce.Axes.Contains(2) && reduce.Axes.Contains(3) => false,
        Binary when node.Inputs.All(input => open.Contains(input) ? input.Shape == node.Result.Shape : IsSmall(input)) => true,
        Concat { Axis: < 2 } when node.Inputs.All(open.Contains) => true,
        Slice slice when ReachesEnd(slice, node, 2) && ReachesEnd(slice, node, 3) => true,
        _ => throw Fail(node.ToString(), node.Result),
    };

    private static bool IsSmall(Value value) => value.Shape.Rank < 2
        ? value.Shape.Elements == 1
        : value.Shape[value.Shape.Rank - 1] == 1 && value.Shape[value.Shape.Rank - 2] == 1;

    private static bool ReachesEnd(Slice slice, Node node, int axis) =>
        slice.Starts[axis] + ((long)slice.Sizes[axis] * slice.Steps[axis]) >= node.Inputs[0].Shape[axis];

    private static ModelFormatException Fail(string where, Value value) =>
        new("ONNX", where, $"{value.Type} depends on the size of the image, which cannot be left open; write the model for one size");
}
