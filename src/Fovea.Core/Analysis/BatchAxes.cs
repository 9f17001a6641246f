using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Analysis;

/// <summary>Along which axis of each value the images of a batch lie: what has to change when there are more or fewer of them.</summary>
/// <remarks>
/// Every input is [N, …]. A reshape may merge the axis with others; images stay outermost in it, so its extent is a multiple of N. Values
/// that no input reaches, such as parameters, have no such axis. That the analysis succeeds proves that no image influences another.
/// </remarks>
public sealed class BatchAxes
{
    private const int None = -1;

    private static readonly Dictionary<Type, Func<Node, int[], BatchAxes, int>> s_rules = new()
    {
        [typeof(Conv2d)] = (node, axes, _) => Image(node, axes),
        [typeof(BatchNorm)] = (node, axes, _) => Image(node, axes),
        [typeof(MaxPool)] = (node, axes, _) => Image(node, axes),
        [typeof(AvgPool)] = (node, axes, _) => Image(node, axes),
        [typeof(Dropout)] = (_, axes, _) => axes[0],
        [typeof(DropPath)] = (_, axes, _) => axes[0],
        [typeof(StochasticDepth)] = (_, axes, _) => axes[0],
        [typeof(ShakeDrop)] = (_, axes, _) => axes[0],
        [typeof(ShakeShake)] = (node, axes, _) => Broadcast(node, axes),
        [typeof(LayerNorm)] = (node, axes, _) => Normalised(node, (LayerNorm)node.Op, axes),
        [typeof(Resize)] = (node, axes, _) => Image(node, axes),
        [typeof(Take)] = (node, axes, _) => Taken(node, axes),
        [typeof(Named)] = (_, axes, _) => axes[0],
        [typeof(Cast)] = (_, axes, _) => axes[0],
        [typeof(Quantize)] = (node, axes, _) => Scaled(node, ((Quantize)node.Op).Axis, axes[0]),
        [typeof(Dequantize)] = (node, axes, _) => Scaled(node, ((Dequantize)node.Op).Axis, axes[0]),
        [typeof(StopGradient)] = (_, axes, _) => axes[0],
        [typeof(Reduce)] = (node, axes, _) => Reduced(node, (Reduce)node.Op, axes[0]),
        [typeof(Softmax)] = (node, axes, _) => ((Softmax)node.Op).Axis == axes[0] ? throw Mixed(node) : axes[0],
        [typeof(Broadcast)] = (node, axes, _) => Broadcast(node, axes[0]),
        [typeof(Reshape)] = (node, axes, all) => all.Reshaped(node, axes[0]),
        [typeof(Transpose)] = (node, axes, _) => Array.IndexOf(((Transpose)node.Op).Order.ToArray(), axes[0]),
        [typeof(Slice)] = (node, axes, _) => Whole(node, axes[0]),
        [typeof(Pad)] = (node, axes, _) => Whole(node, axes[0]),
        [typeof(Concat)] = (node, axes, all) => all.Joined(node, axes),
        [typeof(MatMul)] = (node, axes, all) => all.Multiplied(node, (MatMul)node.Op, axes),
    };

    private readonly Dictionary<Value, int> _axes = [];

    private BatchAxes(int batch) => Batch = batch;

    /// <summary>N, the number of images that the graph takes at a time.</summary>
    public int Batch { get; }

    /// <summary>The axis of a value, counted from the outermost; null where it has none.</summary>
    public int? this[Value value] => _axes[value] is var axis and not None ? axis : null;

    /// <summary>Follows the images through an inference graph.</summary>
    /// <exception cref="GraphException">
    /// The inputs have different N, an operation mixes images or cannot be followed, or the graph updates variables.
    /// </exception>
    public static BatchAxes Of(Graph graph)
    {
        if (graph.Updates.Count > 0) throw new GraphException($"the graph '{graph.Name}' updates variables; only an inference graph treats each image alone");
        var axes = new BatchAxes(BatchOf(graph));
        foreach (var node in graph.Nodes) axes.Follow(node);
        return axes;
    }

    /// <summary>Whether images can be followed through operations of a type.</summary>
    internal static bool Follows(Type op) => s_rules.ContainsKey(op) || op.IsSubclassOf(typeof(Pointwise)) || op.IsSubclassOf(typeof(Binary));

    /// <summary>Whether a value that is computed for each image meets <paramref name="operand"/>, which is the same for all and has to be repeated.</summary>
    public bool MustRepeat(Node node, Value operand) => node.Op is Concat or MatMul && this[node.Result] is { } axis && this[operand] is null
        && (node.Op is Concat || axis < operand.Shape.Rank - 2);

    private static int BatchOf(Graph graph)
    {
        var inputs = graph.Variables.Select(value => value.Variable!).Where(variable => variable.Kind == VariableKind.Input).ToArray();
        foreach (var input in inputs)
            if (input.Type.Shape.Rank == 0 || input.Type.Shape[0] < 1 || input.Type.Shape[0] != inputs[0].Type.Shape[0])
                throw new GraphException($"the input '{input.Label}' is {input.Type}; wanted [N, …] with the same N ≥ 1 for all inputs");
        return inputs.Length > 0 ? inputs[0].Type.Shape[0] : throw new GraphException($"the graph '{graph.Name}' has no inputs");
    }

    private void Follow(Node node)
    {
        var axes = node.Inputs.Select(input => _axes[input]).ToArray();
        var axis = node.Op switch
        {
            Variable variable => variable.Kind == VariableKind.Input ? 0 : None,
            _ when Array.TrueForAll(axes, axis => axis == None) => None,
            Pointwise => axes[0],
            Binary => Broadcast(node, axes),
            var op => s_rules.TryGetValue(op.GetType(), out var rule)
                ? rule(node, axes, this)
                : throw new GraphException($"{node}: images cannot be followed through this operation"),
        };
        foreach (var result in node.Results) _axes[result] = axis;
    }

    private static GraphException Mixed(Node node) => new($"{node}: mixes the images of a batch; {string.Join(", ", node.Inputs)} → {node.Result}");

    /// <summary>A scale for each image would be another for another batch.</summary>
    private static int Scaled(Node node, int axis, int images) => node.Inputs[1].Shape.Rank > 0 && axis == images ? throw Mixed(node) : images;

    /// <summary>x [N, C, …] and parameters that are the same for all images.</summary>
    private static int Image(Node node, int[] axes) =>
        axes[0] == 0 && axes.AsSpan(1).IndexOfAnyExcept(None) < 0 ? 0 : throw Mixed(node);

    /// <summary>Operands are aligned at the last axis; one that has no images repeats for each.</summary>
    private static int Broadcast(Node node, int[] axes)
    {
        var (rank, found, extent) = (node.Result.Shape.Rank, None, 0);
        for (var i = 0; i < axes.Length; i++)
        {
            if (axes[i] == None) continue;
            var (axis, size) = (axes[i] + rank - node.Inputs[i].Shape.Rank, node.Inputs[i].Shape[axes[i]]);
            if (found != None && (axis != found || size != extent)) throw Mixed(node);
            (found, extent) = (axis, size);
        }

        foreach (var (input, axis) in node.Inputs.Zip(axes))
            if (axis == None && found - rank + input.Shape.Rank is var aligned and >= 0 && input.Shape[aligned] != 1) throw Mixed(node);
        return found;
    }

    private static int Broadcast(Node node, int axis)
    {
        var x = node.Inputs[0].Shape;
        var moved = axis + node.Result.Shape.Rank - x.Rank;
        return node.Result.Shape[moved] == x[axis] ? moved : throw Mixed(node);
    }

    private static int Reduced(Node node, Reduce reduce, int axis)
    {
        if (reduce.Axes.Contains(axis)) throw Mixed(node);
        return reduce.KeepDims ? axis : axis - reduce.Axes.ToArray().Count(gone => gone < axis);
    }

    private static int Normalised(Node node, LayerNorm op, int[] axes) =>
        axes[0] != None && axes[0] != op.Axis && axes.AsSpan(1).IndexOfAnyExcept(None) < 0 ? axes[0] : throw Mixed(node);

    /// <summary>Indices that are computed for each image take from one table.</summary>
    private static int Taken(Node node, int[] axes) => axes[0] == None ? axes[1] : throw Mixed(node);

    private int Reshaped(Node node, int axis)
    {
        var (x, y) = (node.Inputs[0].Shape, node.Result.Shape);
        if (y.Rank <= axis || y[axis] % Batch != 0) throw Mixed(node);
        for (var before = 0; before < axis; before++)
            if (x[before] != y[before]) throw Mixed(node);
        return axis;
    }

    private static int Whole(Node node, int axis)
    {
        var isWhole = node.Op switch
        {
            Slice slice => slice.Starts[axis] == 0 && slice.Steps[axis] == 1 && slice.Sizes[axis] == node.Inputs[0].Shape[axis],
            Pad pad => pad.Padding.Before[axis] == 0 && pad.Padding.After[axis] == 0,
            _ => false,
        };
        return isWhole ? axis : throw Mixed(node);
    }

    private int Joined(Node node, int[] axes)
    {
        var axis = axes.Max();
        var isSound = axis != ((Concat)node.Op).Axis && Array.TrueForAll(axes, other => other == axis || (other == None && node.Result.Shape[axis] == Batch));
        return isSound ? axis : throw Mixed(node);
    }

    private int Multiplied(Node node, MatMul op, int[] axes)
    {
        var (a, b, rows) = (axes[0], axes[1], node.Result.Shape.Rank - 2);
        var leading = Math.Max(a, b);
        if (leading < rows)
        {
            var isShared = a == b || (Math.Min(a, b) == None && node.Result.Shape[leading] == Batch);
            return isShared ? leading : throw Mixed(node);
        }

        if (b == None && a == (op.TransposeA ? rows + 1 : rows)) return rows;
        if (a == None && b == (op.TransposeB ? rows : rows + 1)) return rows + 1;
        throw Mixed(node);
    }
}
