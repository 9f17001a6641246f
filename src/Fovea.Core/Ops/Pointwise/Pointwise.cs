using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>A function of one number, applied to every element.</summary>
public abstract record Pointwise : Op
{
    /// <summary>
    /// Whether <see cref="Derivative"/> takes the function's result instead of its argument, so that the argument need not be kept.
    /// </summary>
    public virtual bool DerivativeOfResult => false;

    /// <summary>The function.</summary>
    public abstract double Function(double x);

    /// <summary>The derivative: of x, or of y where <see cref="DerivativeOfResult"/> says so.</summary>
    public abstract double Derivative(double x);

    /// <inheritdoc/>
    public sealed override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        Check.That(inputs[0].DType.IsFloat, this, $"x is {inputs[0]}; wanted fractions");
        Validate(this);
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        [node.Graph.Add(new PointwiseGradient(this), DerivativeOfResult ? node.Result : node.Inputs[0], dy[0]!)];

    /// <summary>Checks the attributes.</summary>
    /// <param name="op">This, or its gradient: whose message it is.</param>
    /// <exception cref="ShapeException">One is out of range.</exception>
    internal virtual void Validate(Op op)
    {
    }

    /// <inheritdoc/>
    public sealed override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public sealed override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, y) = (inputs[0].Elements, results[0].Elements);
        for (var i = 0; i < y.Length; i++) y[i] = Function(x[i]);
    }
}

/// <summary>The gradient of a pointwise function: x (or y, as <see cref="Pointwise.DerivativeOfResult"/> says), dy → dx = dy·f′.</summary>
/// <param name="Of">The function.</param>
public sealed record PointwiseGradient(Pointwise Of) : Op
{
    /// <inheritdoc/>
    public override string Name => $"{Of.Name}_gradient";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2, inputs.Length, this);
        Check.That(inputs[0] == inputs[1] && inputs[0].DType.IsFloat, this, $"x is {inputs[0]}, dy is {inputs[1]}; wanted the same, of fractions");
        Of.Validate(this);
        return [inputs[1]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        throw new NotDifferentiableException($"{node}: second derivatives of pointwise functions are not defined");

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(2 * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, dy, dx) = (inputs[0].Elements, inputs[1].Elements, results[0].Elements);
        for (var i = 0; i < dx.Length; i++) dx[i] = dy[i] * Of.Derivative(x[i]);
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => Of.Print(to);
}
