using System.Collections.Frozen;
using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>How each operation becomes steps of a plan.</summary>
internal static class KernelTable
{
    /// <summary>A lowering: adds the steps that compute a node.</summary>
    internal delegate void Lowering(Node node, PlanBuilder plan);

    internal static FrozenDictionary<Type, Lowering> Table { get; } = new Dictionary<Type, Lowering>
    {
        [typeof(Conv2d)] = ConvKernels.Forward,
        [typeof(FusedConv2d)] = ConvKernels.Forward,
        [typeof(IntegerConv2d)] = IntegerKernels.Convolution,
        [typeof(Conv2dInputGradient)] = ConvKernels.InputGradient,
        [typeof(Conv2dWeightGradient)] = ConvKernels.WeightGradient,
        [typeof(NormSum)] = BatchNormKernels.Training,
        [typeof(NormSumGradient)] = BatchNormKernels.Gradient,
        [typeof(NormActivation)] = BatchNormKernels.Activated,
        [typeof(NormActivationGradient)] = BatchNormKernels.ActivatedGradient,
        [typeof(MaxPool)] = PoolKernels.Max,
        [typeof(MaxPoolGradient)] = PoolKernels.MaxGradient,
        [typeof(AvgPool)] = PoolKernels.Average,
        [typeof(AvgPoolGradient)] = PoolKernels.AverageGradient,
        [typeof(Map)] = MapKernels.Lower,
        [typeof(GatherChannels)] = ChannelKernels.Gather,
        [typeof(MatMul)] = MatMulKernels.Multiply,
        [typeof(FusedMatMul)] = MatMulKernels.Multiply,
        [typeof(Constant)] = ShapeKernels.Constant,
        [typeof(Cast)] = ShapeKernels.Cast,
        [typeof(Quantize)] = QuantiseKernels.Quantize,
        [typeof(Dequantize)] = QuantiseKernels.Dequantize,
        [typeof(Named)] = ShapeKernels.Identity,
        [typeof(StopGradient)] = ShapeKernels.Identity,
        [typeof(Dropout)] = ShapeKernels.Identity,
        [typeof(Reshape)] = ShapeKernels.Reshape,
        [typeof(Transpose)] = ShapeKernels.Transpose,
        [typeof(Slice)] = ShapeKernels.Slice,
        [typeof(SliceGradient)] = ShapeKernels.SliceGradient,
        [typeof(Pad)] = ShapeKernels.Pad,
        [typeof(Concat)] = ShapeKernels.Concat,
        [typeof(Broadcast)] = ShapeKernels.Broadcast,
        [typeof(SquaredNorm)] = ReduceKernels.SquaredNorm,
        [typeof(SoftmaxCrossEntropy)] = ReduceKernels.CrossEntropy,
        [typeof(SoftmaxCrossEntropyGradient)] = ReduceKernels.CrossEntropyGradient,
        [typeof(RandomDropout)] = ReduceKernels.RandomDropout,
        [typeof(Softmax)] = SoftmaxKernels.Forward,
        [typeof(SoftmaxGradient)] = SoftmaxKernels.Gradient,
        [typeof(RandomFactors)] = ReduceKernels.RandomFactors,
        [typeof(LayerNorm)] = LayerNormKernels.Forward,
        [typeof(LayerNormGradient)] = LayerNormKernels.Gradient,
        [typeof(Take)] = ShapeKernels.Take,
        [typeof(TakeGradient)] = ShapeKernels.TakeGradient,
        [typeof(Resize)] = ResizeKernels.Forward,
        [typeof(ResizeGradient)] = ResizeKernels.Gradient,
    }.ToFrozenDictionary();

    /// <summary>What the passes of the backend leave none of.</summary>
    private static readonly FrozenSet<Type> s_fused =
    [
        typeof(BatchNorm), typeof(BatchNormTraining), typeof(BatchNormGradient), typeof(SumAll), typeof(Reduce), typeof(PointwiseGradient),
        typeof(RandomScale), typeof(ScaleImages), typeof(ShakeShake), typeof(Blend),
    ];

    /// <summary>Whether a kind of operation has a lowering.</summary>
    internal static bool Covers(Type op) => Table.ContainsKey(op) || s_fused.Contains(op)
        || op.IsAssignableTo(typeof(Pointwise)) || op.IsAssignableTo(typeof(Binary)) || op.IsAssignableTo(typeof(RandomBranch));

    /// <summary>The lowering of an operation, or null.</summary>
    internal static Lowering? Find(Op op) => Table.GetValueOrDefault(op.GetType());
}
