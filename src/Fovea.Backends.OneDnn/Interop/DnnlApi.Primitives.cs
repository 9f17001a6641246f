using Fovea.Execution;

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

    internal abstract PrimitiveDesc? PoolingForward(
        Propagation propagation, PoolingKind kind, MemoryDesc src, MemoryDesc dst, PoolingWindow window, Attributes? attributes = null);

    internal abstract PrimitiveDesc? PoolingBackward(
        PoolingKind kind, MemoryDesc diffSrc, MemoryDesc diffDst, PoolingWindow window, PrimitiveDesc hint, Attributes? attributes = null);

    /// <summary>src [M, K] times weights [K, N], with equal leading batch axes (or extent 1); bias has the rank of dst.</summary>
    internal abstract PrimitiveDesc? MatMul(
        MemoryDesc src, MemoryDesc weights, MemoryDesc? bias, MemoryDesc dst, Attributes? attributes = null);
}
