using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>The largest element of each window: x [N, C, H, W] → y [N, C, H', W'], sizes as for <see cref="Conv2d"/>.</summary>
/// <remarks>Padding never wins. Ceiling mode is padding at bottom and right. ONNX: MaxPool. PyTorch: F.max_pool2d.</remarks>
/// <param name="KernelH">Rows of the window.</param>
/// <param name="KernelW">Columns of the window.</param>
/// <param name="Window">Stride, padding (less than the kernel), dilation.</param>
public sealed record MaxPool(int KernelH, int KernelW, Window2d Window) : Op
{
    /// <inheritdoc/>
    public override string Name => "max_pool";

    private Pool2d Pool => new(KernelH, KernelW, Window);

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        return [Pool.Infer(this, inputs[0])];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        [node.Graph.Add(new MaxPoolGradient(KernelH, KernelW, Window), node.Inputs[0], dy[0]!)];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(results[0].Shape.Elements * KernelH * KernelW, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, y) = (inputs[0], results[0]);
        Pool.Walk(x.Shape, y.Shape, (i, taps) => y[i] = taps.IsEmpty ? double.NegativeInfinity : x[Largest(x, taps)]);
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => Pool.Print(to);

    internal static MaxPool Parse(AttributeReader from)
    {
        var pool = Pool2d.Parse(from);
        return new(pool.KernelH, pool.KernelW, pool.Window);
    }

    /// <summary>Where the largest is; the first of equals.</summary>
    internal static long Largest(OracleTensor x, ReadOnlySpan<long> taps)
    {
        var best = taps[0];
        foreach (var tap in taps)
            if (x[tap] > x[best]) best = tap;
        return best;
    }
}

/// <summary>The gradient of <see cref="MaxPool"/>: x, dy → dx. Of equal elements the first in row-major order gets it, as in PyTorch.</summary>
/// <param name="KernelH">That of the pooling.</param>
/// <param name="KernelW">That of the pooling.</param>
/// <param name="Window">That of the pooling.</param>
public sealed record MaxPoolGradient(int KernelH, int KernelW, Window2d Window) : Op
{
    /// <inheritdoc/>
    public override string Name => "max_pool_gradient";

    private Pool2d Pool => new(KernelH, KernelW, Window);

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2, inputs.Length, this);
        Check.That(inputs[0].DType == inputs[1].DType, this, $"x is {inputs[0]}, dy is {inputs[1]}; wanted the same element type");
        Pool.CheckGradient(this, inputs[0].Shape, inputs[1]);
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        throw new NotDifferentiableException($"{node}: second derivatives of max pooling are not defined");

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(inputs[1].Shape.Elements * KernelH * KernelW, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, dy, dx) = (inputs[0], inputs[1], results[0]);
        Pool.Walk(x.Shape, dy.Shape, (i, taps) =>
        {
            if (!taps.IsEmpty) dx[MaxPool.Largest(x, taps)] += dy[i];
        });
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => Pool.Print(to);

    internal static MaxPoolGradient Parse(AttributeReader from)
    {
        var pool = Pool2d.Parse(from);
        return new(pool.KernelH, pool.KernelW, pool.Window);
    }
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.MaxPool"/> with a square kernel.</summary>
    public static Value MaxPool(this Value x, int kernel, int stride, int padding = 0) => x.MaxPool(kernel, kernel, Window2d.Of(stride, padding));

    /// <summary><see cref="Ops.MaxPool"/>.</summary>
    public static Value MaxPool(this Value x, int kernelH, int kernelW, Window2d window) => x.Graph.Add(new MaxPool(kernelH, kernelW, window), x);
}
