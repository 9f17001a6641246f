using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>The larger of a and b. Where they are equal the gradient goes to a. ONNX: Max.</summary>
public sealed record Maximum : Binary
{
    /// <inheritdoc/>
    public override string Name => "maximum";

    /// <inheritdoc/>
    public override double Function(double a, double b) => Math.Max(a, b);

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        GreaterOrEqual.Split(dy[0]!, node.Inputs[0], node.Inputs[1], node.Inputs[0].AtLeast(node.Inputs[1]));
}

/// <summary>The smaller of a and b. Where they are equal the gradient goes to a. ONNX: Min.</summary>
public sealed record Minimum : Binary
{
    /// <inheritdoc/>
    public override string Name => "minimum";

    /// <inheritdoc/>
    public override double Function(double a, double b) => Math.Min(a, b);

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        GreaterOrEqual.Split(dy[0]!, node.Inputs[0], node.Inputs[1], node.Inputs[1].AtLeast(node.Inputs[0]));
}

/// <summary>1 where a ≥ b, otherwise 0; a step function, so no gradient passes. ONNX: GreaterOrEqual.</summary>
public sealed record GreaterOrEqual : Binary
{
    /// <inheritdoc/>
    public override string Name => "greater_or_equal";

    /// <inheritdoc/>
    public override double Function(double a, double b) => a >= b ? 1 : 0;

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [null, null];

    /// <summary>dy to a where the mask is 1, otherwise to b.</summary>
    internal static Value?[] Split(Value dy, Value a, Value b, Value mask)
    {
        var da = dy.Times(mask);
        return [da.SumTo(a.Shape), dy.Minus(da).SumTo(b.Shape)];
    }
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Maximum"/>.</summary>
    public static Value Maximum(this Value a, Value b) => a.Graph.Add(new Maximum(), a, b);

    /// <summary><see cref="Ops.Minimum"/>.</summary>
    public static Value Minimum(this Value a, Value b) => a.Graph.Add(new Minimum(), a, b);

    /// <summary><see cref="GreaterOrEqual"/>.</summary>
    public static Value AtLeast(this Value a, Value b) => a.Graph.Add(new GreaterOrEqual(), a, b);
}
