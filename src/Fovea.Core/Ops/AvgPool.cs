using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>The mean of each window: x [N, C, H, W] → y [N, C, H', W'], sizes as for <see cref="Conv2d"/>.</summary>
/// <remarks>ONNX: AveragePool. PyTorch: F.avg_pool2d, whose default counts the padding.</remarks>
/// <param name="KernelH">Rows of the window.</param>
/// <param name="KernelW">Columns of the window.</param>
/// <param name="Window">Stride, padding (less than the kernel), dilation.</param>
/// <param name="CountPadding">Whether padding counts as zeros, so that every window has the same divisor.</param>
public sealed record AvgPool(int KernelH, int KernelW, Window2d Window, bool CountPadding = true) : Op
{
    /// <inheritdoc/>
    public override string Name => "avg_pool";

    private Pool2d Pool => new(KernelH, KernelW, Window);

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        return [Pool.Infer(this, inputs[0])];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        [node.Graph.Add(new AvgPoolGradient(KernelH, KernelW, Window, CountPadding, node.Inputs[0].Shape), dy[0]!)];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(results[0].Shape.Elements * KernelH * KernelW, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, y, area) = (inputs[0], results[0], KernelH * KernelW);
        Pool.Walk(x.Shape, y.Shape, (i, taps) =>
        {
            foreach (var tap in taps) y[i] += x[tap] / (CountPadding ? area : taps.Length);
        });
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        Pool.Print(to);
        to.Add("count_padding", CountPadding);
    }

    internal static AvgPool Parse(AttributeReader from)
    {
        var pool = Pool2d.Parse(from);
        return new(pool.KernelH, pool.KernelW, pool.Window, from.Flag("count_padding"));
    }
}

/// <summary>The gradient of <see cref="AvgPool"/>: dy → dx.</summary>
/// <param name="KernelH">That of the pooling.</param>
/// <param name="KernelW">That of the pooling.</param>
/// <param name="Window">That of the pooling.</param>
/// <param name="CountPadding">That of the pooling.</param>
/// <param name="X">The shape of the image.</param>
public sealed record AvgPoolGradient(int KernelH, int KernelW, Window2d Window, bool CountPadding, Shape X) : Op
{
    /// <inheritdoc/>
    public override string Name => "avg_pool_gradient";

    private Pool2d Pool => new(KernelH, KernelW, Window);

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        Pool.CheckGradient(this, X, inputs[0]);
        return [inputs[0] with { Shape = X }];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        [node.Graph.Add(new AvgPool(KernelH, KernelW, Window, CountPadding), dy[0]!)];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(inputs[0].Shape.Elements * KernelH * KernelW, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (dy, dx, area) = (inputs[0], results[0], KernelH * KernelW);
        Pool.Walk(X, dy.Shape, (i, taps) =>
        {
            foreach (var tap in taps) dx[tap] += dy[i] / (CountPadding ? area : taps.Length);
        });
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        Pool.Print(to);
        to.Add("count_padding", CountPadding);
        to.Add("x", X);
    }

    internal static AvgPoolGradient Parse(AttributeReader from)
    {
        var pool = Pool2d.Parse(from);
        return new(pool.KernelH, pool.KernelW, pool.Window, from.Flag("count_padding"), from.Shape("x"));
    }
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.AvgPool"/> with a square kernel.</summary>
    public static Value AvgPool(this Value x, int kernel, int stride, int padding = 0, bool countPadding = true) =>
        x.AvgPool(kernel, kernel, Window2d.Of(stride, padding), countPadding);

    /// <summary><see cref="Ops.AvgPool"/>.</summary>
    public static Value AvgPool(this Value x, int kernelH, int kernelW, Window2d window, bool countPadding = true) =>
        x.Graph.Add(new AvgPool(kernelH, kernelW, window, countPadding), x);

    /// <summary>The mean of each channel's image: [N, C, H, W] → [N, C, 1, 1]. ONNX: GlobalAveragePool.</summary>
    public static Value GlobalAveragePool(this Value x) => x.AvgPool(x.Shape.H, x.Shape.W, Window2d.Of());
}
