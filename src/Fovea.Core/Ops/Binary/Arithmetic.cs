using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>a + b. ONNX: Add.</summary>
public sealed record Add : Binary
{
    /// <inheritdoc/>
    public override string Name => "add";

    /// <inheritdoc/>
    public override double Function(double a, double b) => a + b;

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        [dy[0]!.SumTo(node.Inputs[0].Shape), dy[0]!.SumTo(node.Inputs[1].Shape)];
}

/// <summary>a − b. ONNX: Sub.</summary>
public sealed record Subtract : Binary
{
    /// <inheritdoc/>
    public override string Name => "subtract";

    /// <inheritdoc/>
    public override double Function(double a, double b) => a - b;

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        [dy[0]!.SumTo(node.Inputs[0].Shape), dy[0]!.SumTo(node.Inputs[1].Shape).Times(-1)];
}

/// <summary>a · b, element by element. ONNX: Mul.</summary>
public sealed record Multiply : Binary
{
    /// <inheritdoc/>
    public override string Name => "multiply";

    /// <inheritdoc/>
    public override double Function(double a, double b) => a * b;

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy)
    {
        var (a, b) = (node.Inputs[0], node.Inputs[1]);
        return [dy[0]!.Times(b).SumTo(a.Shape), dy[0]!.Times(a).SumTo(b.Shape)];
    }
}

/// <summary>a / b. ONNX: Div.</summary>
public sealed record Divide : Binary
{
    /// <inheritdoc/>
    public override string Name => "divide";

    /// <inheritdoc/>
    public override double Function(double a, double b) => a / b;

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy)
    {
        var (a, b) = (node.Inputs[0], node.Inputs[1]);
        var da = dy[0]!.Over(b);
        return [da.SumTo(a.Shape), da.Times(node.Result).SumTo(b.Shape).Times(-1)];
    }
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary>a + b.</summary>
    public static Value Plus(this Value a, Value b) => a.Graph.Add(new Add(), a, b);

    /// <summary>a − b.</summary>
    public static Value Minus(this Value a, Value b) => a.Graph.Add(new Subtract(), a, b);

    /// <summary>a · b.</summary>
    public static Value Times(this Value a, Value b) => a.Graph.Add(new Multiply(), a, b);

    /// <summary>a / b.</summary>
    public static Value Over(this Value a, Value b) => a.Graph.Add(new Divide(), a, b);

    /// <summary>x + <paramref name="number"/>.</summary>
    public static Value Plus(this Value x, double number) => x.Affine(1, number);

    /// <summary>x · <paramref name="number"/>.</summary>
    public static Value Times(this Value x, double number) => x.Affine(number, 0);

    /// <summary>Undoes a broadcast from <paramref name="shape"/>: sums over the axes that it repeated. The gradient of broadcasting.</summary>
    internal static Value SumTo(this Value y, Tensors.Shape shape)
    {
        if (y.Shape == shape) return y;
        var axes = new AxisSet();
        var missing = y.Shape.Rank - shape.Rank;
        for (var axis = 0; axis < y.Shape.Rank; axis++)
            if (axis < missing || (shape[axis - missing] == 1 && y.Shape[axis] != 1)) axes = axes.With(axis);
        return (axes.IsEmpty ? y : y.Graph.Add(new Reduce(ReduceKind.Sum, axes, KeepDims: true), y)).Reshape(shape);
    }
}
