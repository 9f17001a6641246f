using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Layer normalisation along one axis (Ba et al. 2016, arXiv:1607.06450): x, γ f32 [C], β f32 [C] → y = γ·(x − mean)/√(variance + ε) + β.</summary>
/// <remarks>
/// Mean and biased variance are those of each line of C elements along the axis. The last axis is PyTorch's nn.LayerNorm(C) and ONNX's
/// LayerNormalization; axis 1 of an image [N, C, H, W] normalises the channels of each pixel.
/// </remarks>
/// <param name="Epsilon">ε.</param>
/// <param name="Axis">The axis, counted from the outermost.</param>
public sealed record LayerNorm(double Epsilon, int Axis) : Op
{
    /// <inheritdoc/>
    public override string Name => "layer_norm";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(3, inputs.Length, this);
        BatchNormShapes.CheckEpsilon(this, Epsilon);
        for (var i = 1; i < 3; i++) CheckLine(this, inputs[0], inputs[i], Axis);
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        [.. node.Graph.AddNode(new LayerNormGradient(Epsilon, Axis), node.Inputs[0], node.Inputs[1], dy[0]!).Results];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(7 * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, gamma, beta, y) = (inputs[0], inputs[1], inputs[2], results[0]);
        Softmax.Lines(x.Shape, Axis, (start, step, count) =>
        {
            var (mean, scale) = Statistics(x, start, step, count, Epsilon);
            for (var i = 0; i < count; i++) y[start + (i * step)] = (gamma[i] * (x[start + (i * step)] - mean) * scale) + beta[i];
        });
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("epsilon", Epsilon);
        to.Add("axis", Axis);
    }

    internal static LayerNorm Parse(AttributeReader from) => new(from.Number("epsilon"), from.Integer("axis"));

    internal static void CheckLine(Op op, TensorType x, TensorType parameter, int axis)
    {
        Check.That(x.DType.IsFloat, op, $"x is {x}; wanted fractions");
        Check.That(axis >= 0 && axis < x.Shape.Rank, op, $"axis {axis} of x {x.Shape}; wanted one that it has");
        Check.That(parameter == TensorType.F32(x.Shape[axis]), op,
            $"x {x} has {x.Shape[axis]} elements along axis {axis}; {parameter} wants to be {TensorType.F32(x.Shape[axis])}");
    }

    /// <summary>The mean of a line and 1/√(variance + ε).</summary>
    internal static (double Mean, double Scale) Statistics(OracleTensor x, long start, long step, int count, double epsilon)
    {
        var (mean, variance) = (0.0, 0.0);
        for (var i = 0; i < count; i++) mean += x[start + (i * step)] / count;
        for (var i = 0; i < count; i++) variance += (x[start + (i * step)] - mean) * (x[start + (i * step)] - mean) / count;
        return (mean, 1 / Math.Sqrt(variance + epsilon));
    }
}

/// <summary>The gradient of <see cref="LayerNorm"/>: x, γ, dy → dx, dγ f32 [C], dβ f32 [C].</summary>
/// <remarks>
/// With x̂ = (x − mean)/√(variance + ε) and g = γ·dy: dx = (g − mean(g) − x̂·mean(g·x̂))/√(variance + ε), dγ = Σ dy·x̂, dβ = Σ dy. The statistics
/// are computed again, which costs less than keeping them.
/// </remarks>
/// <param name="Epsilon">ε.</param>
/// <param name="Axis">That of the normalisation.</param>
public sealed record LayerNormGradient(double Epsilon, int Axis) : Op
{
    /// <inheritdoc/>
    public override string Name => "layer_norm_gradient";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(3, inputs.Length, this);
        BatchNormShapes.CheckEpsilon(this, Epsilon);
        LayerNorm.CheckLine(this, inputs[0], inputs[1], Axis);
        Check.That(inputs[2] == inputs[0], this, $"dy is {inputs[2]}, x is {inputs[0]}; wanted the same");
        return [inputs[0], inputs[1], inputs[1]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        throw new NotDifferentiableException($"{node}: second derivatives of layer normalisation are not defined");

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(15 * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, gamma, dy) = (inputs[0], inputs[1], inputs[2]);
        var (dx, dgamma, dbeta) = (results[0], results[1], results[2]);
        Softmax.Lines(x.Shape, Axis, (start, step, count) =>
        {
            var (mean, scale) = LayerNorm.Statistics(x, start, step, count, Epsilon);
            var (sum, product) = (0.0, 0.0);
            for (var i = 0; i < count; i++)
            {
                var (at, normal) = (start + (i * step), (x[start + (i * step)] - mean) * scale);
                dgamma[i] += dy[at] * normal;
                dbeta[i] += dy[at];
                sum += gamma[i] * dy[at] / count;
                product += gamma[i] * dy[at] * normal / count;
            }

            for (var i = 0; i < count; i++)
            {
                var at = start + (i * step);
                dx[at] = scale * ((gamma[i] * dy[at]) - sum - ((x[at] - mean) * scale * product));
            }
        });
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("epsilon", Epsilon);
        to.Add("axis", Axis);
    }

    internal static LayerNormGradient Parse(AttributeReader from) => new(from.Number("epsilon"), from.Integer("axis"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.LayerNorm"/>; a negative axis counts from the end.</summary>
    public static Value LayerNorm(this Value x, Value gamma, Value beta, double epsilon = 1e-5, int axis = -1) =>
        x.Graph.Add(new LayerNorm(epsilon, Strided.Axis(axis, x.Shape.Rank)), x, gamma, beta);
}
