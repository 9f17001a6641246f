using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Analysis;

/// <summary>Along which axis of a value the classes lie, from the logits back to the variables that make them: the classifier, in any architecture.</summary>
/// <remarks>
/// Classes are followed through what treats each of them alike (biases, norms, activations, pooling, reshapes), also into several heads that are
/// summed, up to the linear layers and convolutions whose rows they are. Auxiliary logits are followed, too.
/// </remarks>
public sealed class ClassAxes
{
    private const string Logits = "logits";

    private static readonly Dictionary<Type, Action<Node, int, ClassAxes>> s_rules = new()
    {
        [typeof(MatMul)] = (node, axis, all) => all.Product(node, (MatMul)node.Op, axis),
        [typeof(Conv2d)] = (node, axis, all) => all.Convolution(node, (Conv2d)node.Op, axis),
        [typeof(BatchNorm)] = (node, axis, all) => all.Norm(node, axis),
        [typeof(Reshape)] = (node, axis, all) => all.Take(node, node.Inputs[0], Unreshaped(node, axis)),
        [typeof(Transpose)] = (node, axis, all) => all.Take(node, node.Inputs[0], ((Transpose)node.Op).Order[axis]),
        [typeof(Broadcast)] = (node, axis, all) => all.Aligned(node, node.Inputs[0], axis),
        [typeof(Slice)] = (node, axis, all) => all.Take(node, node.Inputs[0], IsWhole(node, axis) ? axis : null),
        [typeof(Reduce)] = (node, axis, all) => all.Take(node, node.Inputs[0], Unreduced((Reduce)node.Op, axis)),
        [typeof(AvgPool)] = (node, axis, all) => all.Take(node, node.Inputs[0], axis == 1 ? axis : null),
        [typeof(MaxPool)] = (node, axis, all) => all.Take(node, node.Inputs[0], axis == 1 ? axis : null),
        [typeof(Resize)] = (node, axis, all) => all.Take(node, node.Inputs[0], axis == 1 ? axis : null),
        [typeof(Softmax)] = (node, axis, all) => all.Take(node, node.Inputs[0], axis),
        [typeof(Dropout)] = (node, axis, all) => all.Take(node, node.Inputs[0], axis),
        [typeof(Named)] = (node, axis, all) => all.Take(node, node.Inputs[0], axis),
        [typeof(Cast)] = (node, axis, all) => all.Take(node, node.Inputs[0], axis),
    };

    private readonly Dictionary<Value, (int Axis, ClassifierPart Part)> _axes = [];
    private readonly HashSet<Value> _ofImages = [];

    private ClassAxes(int classes) => Classes = classes;

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>The variables of the classifier, in the order of their declaration, each with the axis of the classes and what it does.</summary>
    public IReadOnlyList<(Variable Variable, int Axis, ClassifierPart Part)> Variables { get; private set; } = [];

    /// <summary>The axis of a value, counted from the outermost; null where it has none.</summary>
    public int? this[Value value] => _axes.TryGetValue(value, out var found) ? found.Axis : null;

    /// <summary>Follows the classes through an inference graph, whose output <c>logits</c> is [N, classes].</summary>
    /// <exception cref="GraphException">There is no such output, an operation mixes classes, or no layer makes them.</exception>
    public static ClassAxes Of(Graph graph)
    {
        var logits = graph.Output(Logits);
        if (logits.Shape.Rank != 2) throw new GraphException($"the output '{Logits}' is {logits.Type}; wanted [N, classes]");
        var axes = new ClassAxes(logits.Shape[1]);
        axes.FollowImages(graph);
        axes._axes[logits] = (1, ClassifierPart.Shift);
        foreach (var auxiliary in graph.Auxiliaries) axes._axes[auxiliary.Value] = (1, ClassifierPart.Shift);
        for (var i = graph.Nodes.Count - 1; i >= 0; i--) axes.Follow(graph.Nodes[i]);
        axes.Variables =
        [
            .. graph.Variables.Where(axes._axes.ContainsKey).Select(value => (value.Variable!, axes._axes[value].Axis, axes._axes[value].Part)),
        ];
        return axes.Variables.Any(entry => entry.Part == ClassifierPart.Weight)
            ? axes
            : throw new GraphException($"the graph '{graph.Name}' has no linear layer and no convolution that makes its {axes.Classes} logits");
    }

    private void FollowImages(Graph graph)
    {
        foreach (var node in graph.Nodes)
            if (node.Op is Variable { Kind: VariableKind.Input } || node.Inputs.Any(_ofImages.Contains)) _ofImages.UnionWith(node.Results);
    }

    private void Follow(Node node)
    {
        if (!_axes.TryGetValue(node.Result, out var found)) return;
        switch (node.Op)
        {
            case Variable variable:
                if (variable.Kind == VariableKind.Input) throw Lost(node);
                break;
            case Pointwise:
                Take(node, node.Inputs[0], found.Axis);
                break;
            case Binary:
                foreach (var input in node.Inputs) Aligned(node, input, found.Axis);
                break;
            default:
                if (!s_rules.TryGetValue(node.Op.GetType(), out var rule)) throw Lost(node);
                rule(node, found.Axis, this);
                break;
        }
    }

    /// <summary>Operands are aligned at the last axis; what is the same for all classes has none.</summary>
    private void Aligned(Node node, Value input, int axis)
    {
        var aligned = axis - node.Result.Shape.Rank + input.Shape.Rank;
        if (aligned < 0 || (input.Shape[aligned] == 1 && node.Result.Shape[axis] != 1)) return;
        var part = node.Op is Multiply or Divide && !_ofImages.Contains(input) ? ClassifierPart.Scale : _axes[node.Result].Part;
        Take(node, input, aligned, part);
    }

    private void Take(Node node, Value input, int? axis, ClassifierPart? part = null)
    {
        if (axis is not { } known || input.Shape[known] != Classes || input.Op is Constant) throw Lost(node);
        var found = (known, part ?? _axes[node.Result].Part);
        if (_axes.TryGetValue(input, out var before) && before.Axis != known) throw Lost(node);
        _axes.TryAdd(input, found);
    }

    private void Product(Node node, MatMul product, int axis)
    {
        var rows = node.Result.Shape.Rank - 2;
        if (axis < rows) throw Lost(node);
        var (operand, transposed) = axis == rows ? (node.Inputs[0], product.TransposeA) : (node.Inputs[1], product.TransposeB);
        if (_ofImages.Contains(operand)) throw Lost(node);
        Take(node, operand, transposed ? (2 * rows) + 1 - axis : axis, ClassifierPart.Weight);
    }

    private void Convolution(Node node, Conv2d convolution, int axis)
    {
        if (axis != 1 || convolution.Groups != 1 || _ofImages.Contains(node.Inputs[1])) throw Lost(node);
        Take(node, node.Inputs[1], 0, ClassifierPart.Weight);
    }

    private void Norm(Node node, int axis)
    {
        if (axis != 1) throw Lost(node);
        Take(node, node.Inputs[0], 1);
        ReadOnlySpan<ClassifierPart> parts = [ClassifierPart.Scale, ClassifierPart.Shift, ClassifierPart.Shift, ClassifierPart.Scale];
        for (var i = 0; i < parts.Length; i++) Take(node, node.Inputs[i + 1], 0, parts[i]);
    }

    /// <summary>The axis that stays alone: with as many elements before it, and its extent.</summary>
    private static int? Unreshaped(Node node, int axis)
    {
        var (x, y) = (node.Inputs[0].Shape, node.Result.Shape);
        var before = 1L;
        for (var i = 0; i < axis; i++) before *= y[i];
        var passed = 1L;
        for (var i = 0; i < x.Rank; passed *= x[i++])
            if (passed == before && x[i] == y[axis]) return i;
        return null;
    }

    private static int Unreduced(Reduce reduce, int axis)
    {
        if (reduce.KeepDims) return axis;
        for (var i = 0; ; i++)
            if (!reduce.Axes.Contains(i) && axis-- == 0) return i;
    }

    private static bool IsWhole(Node node, int axis) =>
        node.Op is Slice slice && slice.Starts[axis] == 0 && slice.Steps[axis] == 1 && slice.Sizes[axis] == node.Inputs[0].Shape[axis];

    private static GraphException Lost(Node node) =>
        new($"{node}: the classes cannot be followed beyond this operation, {string.Join(", ", node.Inputs)} → {node.Result}; "
            + "wanted logits that a linear layer or a convolution makes");
}
