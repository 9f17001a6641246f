using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>2-D cross-correlation without bias.</summary>
/// <remarks>
/// x [N, C, H, W], w [K, C/groups, R, S] → y [N, K, H', W'] with H' = ⌊(H + padding − dilation·(R − 1) − 1) / stride⌋ + 1, W' likewise.
/// Padding is zero; groups = C is a depthwise convolution. ONNX: Conv. PyTorch: F.conv2d.
/// </remarks>
/// <param name="Window">Stride, padding, dilation.</param>
/// <param name="Groups">In how many independent parts the channels fall; divides C and K.</param>
public sealed record Conv2d(Window2d Window, int Groups = 1) : Op
{
    /// <inheritdoc/>
    public override string Name => "conv2d";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2, inputs.Length, this);
        var (x, w) = (inputs[0].Shape, inputs[1].Shape);
        Check.That(x.Rank == 4 && w.Rank == 4, this, $"x {x} and w {w}; wanted [N, C, H, W] and [K, C/groups, R, S]");
        Conv2dTaps.CheckOperands(this, Window, Groups, x, w);
        Conv2dTaps.CheckTypes(this, inputs);
        var (h, width) = (Window.OutputHeight(x.H, w.H), Window.OutputWidth(x.W, w.W));
        Check.That(h > 0 && width > 0, this, $"x {x} is smaller than the {w.H}x{w.W} kernel of w {w}; wanted a larger image");
        var y = new Shape(x.N, w.N, h, width);
        Check.Work(y.Elements, Taps(w), this);
        return [new TensorType(inputs[0].DType, y)];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy)
    {
        var (x, w, g) = (node.Inputs[0], node.Inputs[1], node.Graph);
        return [g.Add(new Conv2dInputGradient(Window, Groups, x.Shape), dy[0]!, w), g.Add(new Conv2dWeightGradient(Window, Groups, w.Shape), dy[0]!, x)];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfMacs(Macs(inputs[1].Shape, results[0].Shape), inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, w, y) = (inputs[0].Elements, inputs[1].Elements, results[0].Elements);
        Conv2dTaps.Walk(Window, Groups, inputs[0].Shape, inputs[1].Shape, (ix, step, iw, iy, count) =>
        {
            for (var q = 0; q < count; q++) y[iy + q] += x[ix + (q * step)] * w[iw];
        });
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        Window.Print(to);
        to.Add("groups", Groups);
    }

    internal static Conv2d Parse(AttributeReader from) => new(Window2d.Parse(from), from.Integer("groups"));

    internal static long Macs(Shape w, Shape y) => y.Elements * Taps(w);

    /// <summary>How many weights meet in each element of the result.</summary>
    internal static long Taps(Shape w) => w.With(0, 1).Elements;
}

/// <summary>The gradient of <see cref="Conv2d"/> with respect to its image: dy, w → dx.</summary>
/// <param name="Window">That of the convolution.</param>
/// <param name="Groups">Those of the convolution.</param>
/// <param name="X">The shape of the image.</param>
public sealed record Conv2dInputGradient(Window2d Window, int Groups, Shape X) : Op
{
    /// <inheritdoc/>
    public override string Name => "conv2d_input_gradient";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2, inputs.Length, this);
        Conv2dTaps.CheckGradient(this, Window, Groups, X, inputs[1].Shape, inputs[0].Shape);
        Conv2dTaps.CheckTypes(this, inputs);
        return [new TensorType(inputs[0].DType, X)];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy)
    {
        var (e, w, g) = (node.Inputs[0], node.Inputs[1], node.Graph);
        return [g.Add(new Conv2d(Window, Groups), dy[0]!, w), g.Add(new Conv2dWeightGradient(Window, Groups, w.Shape), e, dy[0]!)];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfMacs(Conv2d.Macs(inputs[1].Shape, inputs[0].Shape), inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (dy, w, dx) = (inputs[0].Elements, inputs[1].Elements, results[0].Elements);
        Conv2dTaps.Walk(Window, Groups, X, inputs[1].Shape, (ix, step, iw, iy, count) =>
        {
            for (var q = 0; q < count; q++) dx[ix + (q * step)] += dy[iy + q] * w[iw];
        });
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        Window.Print(to);
        to.Add("groups", Groups);
        to.Add("x", X);
    }

    internal static Conv2dInputGradient Parse(AttributeReader from) => new(Window2d.Parse(from), from.Integer("groups"), from.Shape("x"));
}

/// <summary>The gradient of <see cref="Conv2d"/> with respect to its weight: dy, x → dw, in float32.</summary>
/// <param name="Window">That of the convolution.</param>
/// <param name="Groups">Those of the convolution.</param>
/// <param name="Weight">The shape of the weight.</param>
public sealed record Conv2dWeightGradient(Window2d Window, int Groups, Shape Weight) : Op
{
    /// <inheritdoc/>
    public override string Name => "conv2d_weight_gradient";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2, inputs.Length, this);
        Conv2dTaps.CheckGradient(this, Window, Groups, inputs[1].Shape, Weight, inputs[0].Shape);
        Conv2dTaps.CheckTypes(this, inputs);
        return [new TensorType(DType.Float32, Weight)];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy)
    {
        var (e, x, g) = (node.Inputs[0], node.Inputs[1], node.Graph);
        var w = dy[0]!.Cast(x.Type.DType);
        return [g.Add(new Conv2d(Window, Groups), x, w), g.Add(new Conv2dInputGradient(Window, Groups, x.Shape), e, w)];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfMacs(Conv2d.Macs(Weight, inputs[0].Shape), inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (dy, x, dw) = (inputs[0].Elements, inputs[1].Elements, results[0].Elements);
        Conv2dTaps.Walk(Window, Groups, inputs[1].Shape, Weight, (ix, step, iw, iy, count) =>
        {
            for (var q = 0; q < count; q++) dw[iw] += dy[iy + q] * x[ix + (q * step)];
        });
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        Window.Print(to);
        to.Add("groups", Groups);
        to.Add("w", Weight);
    }

    internal static Conv2dWeightGradient Parse(AttributeReader from) => new(Window2d.Parse(from), from.Integer("groups"), from.Shape("w"));
}
