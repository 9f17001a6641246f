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
        [typeof(Conv2dInputGradient)] = ConvKernels.InputGradient,
        [typeof(Conv2dWeightGradient)] = ConvKernels.WeightGradient,
        [typeof(BatchNorm)] = BatchNormKernels.Inference,
        [typeof(NormSum)] = BatchNormKernels.Training,
        [typeof(NormSumGradient)] = BatchNormKernels.Gradient,
        [typeof(MaxPool)] = PoolKernels.Max,
        [typeof(MaxPoolGradient)] = PoolKernels.MaxGradient,
        [typeof(AvgPool)] = PoolKernels.Average,
        [typeof(AvgPoolGradient)] = PoolKernels.AverageGradient,
        [typeof(PointwiseGradient)] = PointwiseKernels.Gradient,
        [typeof(SumAll)] = PointwiseKernels.Sum,
        [typeof(MatMul)] = MatMulKernels.Multiply,
        [typeof(Constant)] = ShapeKernels.Constant,
        [typeof(Cast)] = ShapeKernels.Cast,
        [typeof(Named)] = ShapeKernels.Identity,
        [typeof(Dropout)] = ShapeKernels.Identity,
        [typeof(Reshape)] = ShapeKernels.Reshape,
        [typeof(Transpose)] = ShapeKernels.Transpose,
        [typeof(Slice)] = ShapeKernels.Slice,
        [typeof(SliceGradient)] = ShapeKernels.SliceGradient,
        [typeof(Pad)] = ShapeKernels.Pad,
        [typeof(Concat)] = ShapeKernels.Concat,
        [typeof(Broadcast)] = ShapeKernels.Broadcast,
        [typeof(Reduce)] = ReduceKernels.Reduce,
        [typeof(SquaredNorm)] = ReduceKernels.SquaredNorm,
        [typeof(SoftmaxCrossEntropy)] = ReduceKernels.CrossEntropy,
        [typeof(SoftmaxCrossEntropyGradient)] = ReduceKernels.CrossEntropyGradient,
        [typeof(RandomDropout)] = ReduceKernels.RandomDropout,
        [typeof(Softmax)] = SoftmaxKernels.Forward,
        [typeof(SoftmaxGradient)] = SoftmaxKernels.Gradient,
        [typeof(DropPath)] = ShapeKernels.Identity,
        [typeof(StochasticDepth)] = Managed.OracleKernel.Lower,
        [typeof(ShakeDrop)] = Managed.OracleKernel.Lower,
        [typeof(ShakeShake)] = Managed.OracleKernel.Lower,
        [typeof(RandomScale)] = Managed.OracleKernel.Lower,
        [typeof(LayerNorm)] = Managed.OracleKernel.Lower,
        [typeof(LayerNormGradient)] = Managed.OracleKernel.Lower,
        [typeof(Take)] = Managed.OracleKernel.Lower,
        [typeof(TakeGradient)] = Managed.OracleKernel.Lower,
        [typeof(Resize)] = Managed.OracleKernel.Lower,
        [typeof(ResizeGradient)] = Managed.OracleKernel.Lower,
        [typeof(SgdStep)] = UpdateKernels.Sgd,
        [typeof(AdamWStep)] = UpdateKernels.AdamW,
        [typeof(EmaStep)] = UpdateKernels.Ema,
        [typeof(Blend)] = UpdateKernels.Blend,
    }.ToFrozenDictionary();

    /// <summary>What <see cref="FuseNormSums"/> leaves none of.</summary>
    private static readonly FrozenSet<Type> s_fused = [typeof(BatchNormTraining), typeof(BatchNormGradient)];

    /// <summary>Whether a kind of operation has a lowering.</summary>
    internal static bool Covers(Type op) => op.IsAssignableTo(typeof(Pointwise)) || op.IsAssignableTo(typeof(Binary)) || Table.ContainsKey(op) || s_fused.Contains(op);

    /// <summary>The lowering of an operation, or null.</summary>
    internal static Lowering? Find(Op op) => op switch
    {
        Pointwise => PointwiseKernels.Function,
        Binary => PointwiseKernels.Arithmetic,
        _ => Table.GetValueOrDefault(op.GetType()),
    };
}
