using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Ops;

/// <summary>Attributes and shapes at which arithmetic of 32 bits, or a division, breaks.</summary>
public class HostileOperandTests
{
    private const int Huge = int.MaxValue;

    private static readonly TensorType s_bytes = new(DType.UInt8, new Shape(1, 3, 8, 8));

    public static TheoryData<Op, TensorType[], string> Refused => new()
    {
        { new Conv2d(Window2d.Of(), 0), [F(1, 4, 8, 8), F(4, 4, 3, 3)], "conv2d: groups 0; wanted at least 1" },
        { new Conv2d(Window2d.Of(), -1), [F(1, 4, 8, 8), F(4, 4, 3, 3)], "conv2d: groups -1; wanted at least 1" },
        {
            new Conv2d(Window2d.Of(), 1 << 30), [F(1, 4, 8, 8), F(4, 4, 3, 3)],
            "conv2d: x [1, 4, 8, 8] has 4 channels; w [4, 4, 3, 3] with groups 1073741824 wants 4294967296"
        },
        {
            new Conv2d(Window2d.Of(dilation: Huge)), [F(1, 4, 8, 8), F(4, 4, 3, 3)],
            "conv2d: kernel 3x3, stride 1x1, dilation 2147483647x2147483647, padding 0, 0, 0, 0; wanted at most 1048576 each"
        },
        {
            new Conv2d(Window2d.Of(padding: Huge)), [F(1, 4, 8, 8), F(4, 4, 3, 3)],
            "conv2d: kernel 3x3, stride 1x1, dilation 1x1, padding 2147483647, 2147483647, 2147483647, 2147483647; wanted at most 1048576 each"
        },
        { new Conv2d(Window2d.Of()), [F(1, 4, 1 << 30, 1), F(4, 4, 1, 1)], "conv2d: x [1, 4, 1073741824, 1]; wanted at most 536870912 rows and columns" },
        {
            new Conv2d(Window2d.Of()), [F(1, 1 << 16, 1 << 10, 1 << 10), F(1 << 16, 1 << 16, 1, 1)],
            "conv2d: 68719476736 elements of 65536 operations each; wanted at most 1125899906842624 in all"
        },
        {
            new Conv2d(Window2d.Of()), [s_bytes, F(4, 3, 3, 3)],
            "conv2d: operands are u8[1, 3, 8, 8] and f32[4, 3, 3, 3]; wanted fractions of the same type (cast one)"
        },
        {
            new Conv2dInputGradient(Window2d.Of(), 0, new Shape(1, 4, 8, 8)), [F(1, 4, 6, 6), F(4, 4, 3, 3)],
            "conv2d_input_gradient: groups 0; wanted at least 1"
        },
        {
            new Conv2dWeightGradient(Window2d.Of(), 0, new Shape(4, 4, 3, 3)), [F(1, 4, 6, 6), F(1, 4, 8, 8)],
            "conv2d_weight_gradient: groups 0; wanted at least 1"
        },
        {
            new MaxPool(Huge, 1, Window2d.Of()), [F(1, 1, 4, 4)],
            "max_pool: kernel 2147483647x1, stride 1x1, dilation 1x1, padding 0, 0, 0, 0; wanted at most 1048576 each"
        },
        {
            new AvgPool(1 << 13, 1 << 13, Window2d.Of(stride: 1 << 13, padding: 1 << 12)), [F(1, 1, 4, 4)],
            "avg_pool: kernel 8192x8192; wanted at most 16777216 taps"
        },
        {
            new AvgPool(2, 2, new Window2d(StrideH: 1, StrideW: 1, Bottom: Huge)), [F(1, 1, 4, 4)],
            "avg_pool: kernel 2x2, stride 1x1, dilation 1x1, padding 0, 0, 2147483647, 0; wanted at most 1048576 each"
        },
        { new MaxPool(2, 2, Window2d.Of()), [s_bytes], "max_pool: x is u8[1, 3, 8, 8]; wanted fractions" },
        { new Concat(0), [F(Huge), F(Huge)], "axis 0 has the extent 4294967294; wanted 0 to 2147483647" },
        { new Pad(new Padding(new Shape(Huge), new Shape(Huge))), [F(4)], "axis 0 has the extent 4294967298; wanted 0 to 2147483647" },
        { new Slice(new Shape(0), new Shape(1), new Shape(Huge)), [F(6)], "slice: steps [2147483647]; wanted at most 1048576" },
        {
            new Slice(new Shape(Huge), new Shape(2), new Shape(1)), [F(6)],
            "slice: axis 0 of x [6] has 6 elements; start 2147483647, size 2, step 1 want 2147483649"
        },
        { new Resize(Huge, 4, ResizeMode.Bilinear), [F(1, 3, 2, 2)], "resize: x [1, 3, 2, 2] to 2147483647×4; wanted at most 4096 rows and columns" },
        {
            new MatMul(), [F(1 << 20, 1 << 20), F(1 << 20, 1 << 20)],
            "mat_mul: 1099511627776 elements of 1048576 operations each; wanted at most 1125899906842624 in all"
        },
        { new MatMul(), [F(1 << 25, 1), F(1, 1 << 25)], "[33554432, 33554432] is too large; wanted at most 1099511627776 elements" },
        { new Add(), [F(1 << 25, 1), F(1 << 25)], "[33554432, 33554432] is too large; wanted at most 1099511627776 elements" },
        { new Take(), [F(2, 1 << 30), new(DType.Int32, new Shape(1 << 20))], "[1048576, 1073741824] is too large; wanted at most 1099511627776 elements" },
        { new TakeGradient(new Shape(4)), [new(DType.UInt8, new Shape(2)), new(DType.Int32, new Shape(2))], "take_gradient: dy is u8[2]; wanted fractions" },
        { new BatchNorm(double.NaN), [F(1, 3, 2, 2), F(3), F(3), F(3), F(3)], "batch_norm: epsilon NaN; wanted a number from 0" },
        { new BatchNorm(1e-5, double.PositiveInfinity), [F(1, 3, 2, 2), F(3), F(3), F(3), F(3)], "batch_norm: momentum Infinity; wanted a finite number" },
        { new LayerNorm(-1, 1), [F(2, 3), F(3), F(3)], "layer_norm: epsilon -1; wanted a number from 0" },
        { new Affine(double.NaN, 0), [F(2)], "affine: alpha NaN; wanted a finite number" },
        { new PointwiseGradient(new Affine(1, double.NegativeInfinity)), [F(2), F(2)], "affine_gradient: beta -Infinity; wanted a finite number" },
        { new Clip(double.NaN, 1), [F(2)], "clip: low NaN and high 1; wanted low up to high" },
        { new LeakyRelu(double.NaN), [F(2)], "leaky_relu: slope NaN; wanted a finite number" },
        { new Blend(double.NaN, 1), [F(2), F(2)], "blend: alpha NaN; wanted a finite number" },
        {
            new ShakeDrop(0.5, new(double.NegativeInfinity, 1), new(0, 1)), [F(2, 3)],
            "shake_drop: kept 1, forward Interval { Low = -Infinity, High = 1, Mean = -Infinity }, backward Interval { Low = 0, High = 1, Mean = 0.5 }; "
            + "wanted finite numbers"
        },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_counted_is_refused_with_the_numbers(Op op, TensorType[] inputs, string message) =>
        Assert.Equal(message, Assert.Throws<ShapeException>(() => op.Infer(inputs)).Message);

    [Fact]
    public void An_order_of_more_axes_than_a_shape_has_is_refused()
    {
        Assert.Equal(
            "an order of 38 axes; wanted at most 6",
            Assert.Throws<ShapeException>(() => new Permutation([.. Enumerable.Range(0, 38).Select(i => i % 6)])).Message);
    }

    [Fact]
    public void A_graph_has_no_value_without_elements()
    {
        var graph = new Graph("g");
        Assert.Equal(
            "input: it would give f32[1, 0]; wanted at least one element", Assert.Throws<ShapeException>(() => graph.Input("x", TensorType.F32(1, 0))).Message);
        var x = graph.Input("x", TensorType.F32(2, 3));
        Assert.Equal(
            "slice: it would give f32[2, 0]; wanted at least one element", Assert.Throws<ShapeException>(() => x.Slice(axis: 1, start: 0, size: 0)).Message);
    }

    [Fact]
    public void Output_sizes_of_windows_do_not_wrap()
    {
        var window = new Window2d(Top: Huge, Bottom: Huge, DilationH: Huge);
        Assert.Equal(0, window.OutputHeight(1, 4));
        Assert.Equal(int.MaxValue, window.OutputHeight(Huge, 1));
    }

    private static TensorType F(params int[] extents) => TensorType.F32(extents);
}
