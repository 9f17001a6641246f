namespace Fovea.Backends.OneDnn.Interop;

/// <summary>The operations. Each answers null if the library has no implementation for this combination.</summary>
/// <remarks>
/// Arguments at execution are named as in oneDNN's documentation of each primitive. Operands may be <see cref="Any"/> where the
/// primitive is to choose the layout; <see cref="PrimitiveDesc.Query"/> tells what it chose. A backward pass takes the descriptor of
/// its forward pass as a hint. A <see cref="NativeException"/> is thrown if operands do not fit together.
/// </remarks>
internal abstract partial class DnnlApi
{
    /// <summary>A copy into another layout or element type.</summary>
    internal PrimitiveDesc? Reorder(MemoryDesc src, MemoryDesc dst, Attributes? attributes = null)
    {
        using var attr = (attributes ?? Attributes.None).Create(this);
        return DnnlNative.IsImplemented(
            DnnlNative.dnnl_reorder_primitive_desc_create(out var handle, src.Pointer, Engine.Handle, dst.Pointer, Engine.Handle, attr), [src, dst])
            ? new(this, handle)
            : null;
    }

    /// <summary>Cross-correlation of src [N, C, …] with weights [K, C, …], or [G, K/G, C/G, …] for G groups.</summary>
    internal abstract PrimitiveDesc? ConvolutionForward(
        Propagation propagation, ConvolutionAlgorithm algorithm, MemoryDesc src, MemoryDesc weights, MemoryDesc? bias, MemoryDesc dst,
        ConvolutionWindow window, Attributes? attributes = null);

    internal abstract PrimitiveDesc? ConvolutionBackwardData(
        ConvolutionAlgorithm algorithm, MemoryDesc diffSrc, MemoryDesc weights, MemoryDesc diffDst, ConvolutionWindow window, PrimitiveDesc hint,
        Attributes? attributes = null);

    internal abstract PrimitiveDesc? ConvolutionBackwardWeights(
        ConvolutionAlgorithm algorithm, MemoryDesc src, MemoryDesc diffWeights, MemoryDesc? diffBias, MemoryDesc diffDst, ConvolutionWindow window,
        PrimitiveDesc hint, Attributes? attributes = null);

    /// <summary>Batch normalisation; in training without global statistics it writes mean and variance (biased, of the batch).</summary>
    /// <remarks>2.6 wants dst to have the layout of src and answers null otherwise.</remarks>
    internal abstract PrimitiveDesc? BatchNormForward(
        Propagation propagation, MemoryDesc src, MemoryDesc dst, float epsilon, NormFlags flags, Attributes? attributes = null);

    /// <summary>Gradients of data, and of scale and shift if the flags have them.</summary>
    internal abstract PrimitiveDesc? BatchNormBackward(
        MemoryDesc diffSrc, MemoryDesc diffDst, MemoryDesc src, float epsilon, NormFlags flags, PrimitiveDesc hint, Attributes? attributes = null);

    /// <summary>Normalisation over the last axis; mean and variance have the shape of src without it (null: plain f32).</summary>
    internal abstract PrimitiveDesc? LayerNormForward(
        Propagation propagation, MemoryDesc src, MemoryDesc dst, MemoryDesc? statistics, float epsilon, NormFlags flags, Attributes? attributes = null);

    internal abstract PrimitiveDesc? LayerNormBackward(
        MemoryDesc diffSrc, MemoryDesc diffDst, MemoryDesc src, MemoryDesc? statistics, float epsilon, NormFlags flags, PrimitiveDesc hint,
        Attributes? attributes = null);

    /// <remarks>2.6 wants dst to have the layout of src and answers null otherwise.</remarks>
    internal abstract PrimitiveDesc? EltwiseForward(
        Propagation propagation, EltwiseKind kind, MemoryDesc src, MemoryDesc dst, float alpha = 0, float beta = 0, Attributes? attributes = null);

    /// <param name="kind">The function.</param>
    /// <param name="diffSrc">The gradient of the function's argument.</param>
    /// <param name="diffDst">The gradient of its result; 2.6 wants the layout of <paramref name="diffSrc"/> and answers null otherwise.</param>
    /// <param name="data">The function's argument, or its result for the UseDst kinds.</param>
    /// <param name="hint">The forward pass.</param>
    /// <param name="alpha">As in the forward pass.</param>
    /// <param name="beta">As in the forward pass.</param>
    /// <param name="attributes">Post-ops.</param>
    internal abstract PrimitiveDesc? EltwiseBackward(
        EltwiseKind kind, MemoryDesc diffSrc, MemoryDesc diffDst, MemoryDesc data, PrimitiveDesc hint, float alpha = 0, float beta = 0,
        Attributes? attributes = null);

    /// <summary>src0 ∘ src1, where src1 may have extent 1 along axes.</summary>
    internal abstract PrimitiveDesc? Binary(BinaryKind kind, MemoryDesc src0, MemoryDesc src1, MemoryDesc dst, Attributes? attributes = null);

    /// <summary>Σ scales[i]·srcs[i]; without dst the primitive chooses a layout.</summary>
    internal abstract PrimitiveDesc? Sum(
        MemoryDesc? dst, ReadOnlySpan<float> scales, ReadOnlySpan<MemoryDesc> srcs, Attributes? attributes = null);

    /// <summary>The sources one after another along an axis; without dst the primitive chooses a layout.</summary>
    internal abstract PrimitiveDesc? Concat(int axis, ReadOnlySpan<MemoryDesc> srcs, MemoryDesc? dst = null, Attributes? attributes = null);

    internal abstract PrimitiveDesc? PoolingForward(
        Propagation propagation, PoolingKind kind, MemoryDesc src, MemoryDesc dst, PoolingWindow window, Attributes? attributes = null);

    internal abstract PrimitiveDesc? PoolingBackward(
        PoolingKind kind, MemoryDesc diffSrc, MemoryDesc diffDst, PoolingWindow window, PrimitiveDesc hint, Attributes? attributes = null);

    /// <summary>src [M, K] times weights [K, N], with equal leading batch axes (or extent 1); bias has the rank of dst.</summary>
    internal abstract PrimitiveDesc? MatMul(
        MemoryDesc src, MemoryDesc weights, MemoryDesc? bias, MemoryDesc dst, Attributes? attributes = null);

    /// <summary>src [N, C, …] times the transpose of weights [K, C, …].</summary>
    internal abstract PrimitiveDesc? InnerProductForward(
        Propagation propagation, MemoryDesc src, MemoryDesc weights, MemoryDesc? bias, MemoryDesc dst, Attributes? attributes = null);

    internal abstract PrimitiveDesc? InnerProductBackwardData(
        MemoryDesc diffSrc, MemoryDesc weights, MemoryDesc diffDst, PrimitiveDesc hint, Attributes? attributes = null);

    internal abstract PrimitiveDesc? InnerProductBackwardWeights(
        MemoryDesc src, MemoryDesc diffWeights, MemoryDesc? diffBias, MemoryDesc diffDst, PrimitiveDesc hint, Attributes? attributes = null);

    internal abstract PrimitiveDesc? SoftmaxForward(
        Propagation propagation, SoftmaxKind kind, MemoryDesc src, MemoryDesc dst, int axis, Attributes? attributes = null);

    internal abstract PrimitiveDesc? SoftmaxBackward(
        SoftmaxKind kind, MemoryDesc diffSrc, MemoryDesc diffDst, MemoryDesc dst, int axis, PrimitiveDesc hint, Attributes? attributes = null);

    /// <summary>Reduces every axis whose extent is 1 in dst.</summary>
    internal abstract PrimitiveDesc? Reduction(ReductionKind kind, MemoryDesc src, MemoryDesc dst, Attributes? attributes = null);

    /// <summary>Changes the spatial size; sample positions are pixel centres.</summary>
    internal abstract PrimitiveDesc? ResamplingForward(
        Propagation propagation, ResamplingKind kind, MemoryDesc src, MemoryDesc dst, Attributes? attributes = null);

    /// <summary>Sees the axis as [groups of <paramref name="groupSize"/>] and transposes: element g·size + i moves to i·groups + g.</summary>
    /// <remarks>2.6 wants dst to have the layout of src and answers null otherwise.</remarks>
    internal abstract PrimitiveDesc? ShuffleForward(
        Propagation propagation, MemoryDesc src, MemoryDesc dst, int axis, long groupSize, Attributes? attributes = null);

    internal abstract PrimitiveDesc? ShuffleBackward(
        MemoryDesc diffSrc, MemoryDesc diffDst, int axis, long groupSize, PrimitiveDesc hint, Attributes? attributes = null);
}
