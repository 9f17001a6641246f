using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Ops;

public class ShapeErrorTests
{
    private static readonly TensorType s_label = new(DType.Int32, new Shape(2));

    public static TheoryData<Op, TensorType[], string> Errors => new()
    {
        { new Relu(), [], "relu: 0 inputs; wanted 1" },
        { new Relu(), [s_label], "relu: x is s32[2]; wanted fractions" },
        {
            new Conv2d(Window2d.Of()), [F(1, 3, 2, 2), F(4, 3, 3, 3)],
            "conv2d: x [1, 3, 2, 2] is smaller than the 3x3 kernel of w [4, 3, 3, 3]; wanted a larger image"
        },
        { new Conv2d(Window2d.Of(), 2), [F(1, 4, 8, 8), F(3, 2, 3, 3)], "conv2d: 3 output channels do not split into 2 groups" },
        { new Conv2d(new Window2d(StrideH: 0)), [F(1, 4, 8, 8), F(3, 4, 3, 3)], "conv2d: stride 0x1; wanted at least 1" },
        {
            new Conv2dInputGradient(Window2d.Of(), 1, new Shape(1, 3, 8, 8)), [F(1, 4, 8, 8), F(4, 3, 3, 3)],
            "conv2d_input_gradient: dy is [1, 4, 8, 8]; x [1, 3, 8, 8] and w [4, 3, 3, 3] want [1, 4, 6, 6]"
        },
        { new BatchNorm(), [F(1, 3, 2, 2), F(3), F(3), F(4), F(3)], "batch_norm: x f32[1, 3, 2, 2] has 3 channels; f32[4] wants to be f32[3]" },
        { new Add(), [F(2, 3), F(2)], "add: a [2, 3] and b [2] do not broadcast; wanted extents that agree or are 1, from the last axis" },
        { new Add(), [F(2), new(DType.BFloat16, new Shape(2))], "add: a is f32[2], b is bf16[2]; wanted fractions of the same type (cast one)" },
        { new Reduce(ReduceKind.Sum, AxisSet.Of(2)), [F(2, 3)], "reduce: axes {2} of x [2, 3]; wanted at least one, and those that it has" },
        { new Broadcast(new Shape(2, 4)), [F(3)], "broadcast: x [3] does not broadcast to [2, 4]; wanted extents that agree or are 1, from the last axis" },
        { new Broadcast(new Shape(3)), [F(2, 3)], "broadcast: x [2, 3] does not broadcast to [3]; wanted extents that agree or are 1, from the last axis" },
        { new MatMul(TransposeB: true), [F(2, 3), F(3, 4)], "mat_mul: a [2, 3] has 3 columns; b [3, 4] transposed has 4 rows" },
        { new MatMul(), [F(2, 3, 4), F(3, 4, 5)], "mat_mul: a [2, 3, 4] and b [3, 4, 5] differ in axis 0; wanted equal leading axes" },
        { new MatMul(), [F(3), F(3)], "mat_mul: a [3] and b [3]; wanted the same number of axes, at least 2" },
        { new LayerNorm(1e-5, 2), [F(2, 3), F(3), F(3)], "layer_norm: axis 2 of x [2, 3]; wanted one that it has" },
        { new LayerNorm(1e-5, 1), [F(2, 3), F(3), F(2)], "layer_norm: x f32[2, 3] has 3 elements along axis 1; f32[2] wants to be f32[3]" },
        { new Take(), [F(2, 3), F(3)], "take: indices are f32[3]; wanted s32" },
        { new TakeGradient(new Shape(4, 3)), [F(2, 2), s_label], "take_gradient: dy is f32[2, 2]; indices s32[2] of table [4, 3] want [2, 3]" },
        { new Resize(0, 4, ResizeMode.Bilinear), [F(1, 3, 2, 2)], "resize: x [1, 3, 2, 2] to 0×4; wanted at least one pixel" },
        { new Resize(4, 4, ResizeMode.Nearest, true), [F(1, 3, 2, 2)], "resize: nearest with aligned corners; wanted bilinear" },
        { new DropPath(1.5), [F(2, 3)], "drop_path: survival -0.5; wanted 0 to 1" },
        { new ShakeShake(ShakeMode.Both, true), [F(2, 3), F(2, 4)], "shake_shake: a is f32[2, 3], b is f32[2, 4]; wanted the same" },
        { new RandomScale(new StochasticDepth(0.5).Law, 0, 0), [F(2, 3), F(1)], "random_scale: step is f32[1]; wanted s32[1]" },
        { new Reshape(new Shape(7)), [F(2, 3)], "reshape: x [2, 3] has 6 elements; [7] wants 7" },
        { new Transpose(new Permutation(1, 0)), [F(2, 3, 4)], "transpose: x [2, 3, 4] has 3 axes; the order [1, 0] wants 2" },
        { new Pad(new Padding(new Shape(1), new Shape(1))), [F(2, 3)], "pad: x [2, 3] has 2 axes; before [1] and after [1] want as many numbers" },
        { new Slice(new Shape(2), new Shape(3), new Shape(2)), [F(6)], "slice: axis 0 of x [6] has 6 elements; start 2, size 3, step 2 want 7" },
        { new Slice(new Shape(0), new Shape(1), new Shape(0)), [F(6)], "slice: steps [0]; wanted at least 1" },
        { new Concat(1), [F(2, 3), F(3, 3)], "concat: x1 is f32[2, 3], x2 is f32[3, 3]; wanted the same but for axis 1" },
        { new Concat(2), [F(2, 3)], "concat: axis 2 of x1 [2, 3]; wanted one that it has" },
        { new Concat(0), [], "concat: no inputs; wanted at least 1" },
        {
            new MaxPool(2, 2, Window2d.Of(padding: 2)), [F(1, 1, 4, 4)],
            "max_pool: padding 2, 2, 2, 2 with kernel 2x2; wanted less than the kernel, or a window holds nothing"
        },
        { new AvgPool(0, 2, Window2d.Of()), [F(1, 1, 4, 4)], "avg_pool: kernel 0x2; wanted at least 1" },
        { new MaxPool(2, 2, Window2d.Of()), [F(4, 4)], "max_pool: x [4, 4]; wanted [N, C, H, W]" },
        {
            new MaxPoolGradient(2, 2, Window2d.Of()), [F(1, 1, 4, 4), F(1, 1, 4, 4)],
            "max_pool_gradient: dy is [1, 1, 4, 4]; x [1, 1, 4, 4] wants [1, 1, 3, 3]"
        },
        { new Softmax(2), [F(2, 3)], "softmax: axis 2 of x [2, 3]; wanted one that it has" },
        {
            new SoftmaxCrossEntropy(), [F(2, 3), F(3)],
            "softmax_cross_entropy: logits are f32[2, 3], target is f32[3]; wanted s32[2] (classes) or f32[2, 3] (a weight for each class)"
        },
        { new SoftmaxCrossEntropy(1.5), [F(2, 3), s_label], "softmax_cross_entropy: label smoothing 1.5; wanted 0 to 1" },
        { new SoftmaxCrossEntropy(), [new(DType.BFloat16, new Shape(2, 3)), s_label], "softmax_cross_entropy: logits are bf16[2, 3]; wanted f32 [N, C]" },
        { new Dropout(1), [F(2)], "dropout: rate 1; wanted 0 to below 1" },
        { new RandomDropout(0.5, 0, 0), [F(2), s_label], "random_dropout: step is s32[2]; wanted s32[1]" },
        { new Blend(1, 1), [F(2), F(3)], "blend: a is f32[2], b is f32[3]; wanted the same, of fractions" },
        { new SquaredNorm(), [F(2), s_label], "squared_norm: g2 is s32[2]; wanted f32" },
        { new Named("a b"), [F(2)], "named: the label 'a b'; wanted a word without blanks, braces and quotes" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void A_message_says_what_is_and_what_was_wanted(Op op, TensorType[] inputs, string message) =>
        Assert.Equal(message, Assert.Throws<ShapeException>(() => op.Infer(inputs)).Message);

    [Fact]
    public void An_order_of_axes_names_each_once()
    {
        Assert.Equal("[0, 0] is no order of 2 axes", Assert.Throws<ShapeException>(() => new Permutation(0, 0)).Message);
        Assert.Equal("axis 6; wanted 0 to 5", Assert.Throws<ShapeException>(() => AxisSet.Of(6)).Message);
        Assert.Equal(new Permutation(2, 0, 1), new Permutation(1, 2, 0).Inverse);
    }

    [Fact]
    public void Axes_count_from_the_end_when_negative()
    {
        var x = new Graph("g").Input("x", TensorType.F32(2, 3, 4));
        Assert.Equal(new Shape(2, 3), x.Sum(-1).Shape);
        Assert.Equal(new Shape(4), x.Mean(0, -2).Shape);
        Assert.Equal(Shape.Scalar, x.Max().Shape);
        Assert.Equal(new Shape(2, 3, 8), x.Concat(-1, x).Shape);
        Assert.Equal(new Shape(2, 3, 2), x.Slice(axis: -1, start: 1, size: 2).Shape);
        Assert.Equal(new Shape(2, 3, 7), x.Pad(axis: -1, before: 1, after: 2).Shape);
        Assert.Equal(new Shape(2, 12), x.Flatten().Shape);
    }

    private static TensorType F(params int[] extents) => TensorType.F32(extents);
}
