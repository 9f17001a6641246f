namespace Fovea.Backends.OneDnn.Interop;

internal sealed partial class Dnnl3
{
    internal override PrimitiveDesc? BatchNormForward(
        Propagation propagation, MemoryDesc src, MemoryDesc dst, float epsilon, NormFlags flags, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_batch_normalization_forward_primitive_desc_create(
                out var handle, Engine.Handle, propagation, src.Pointer, dst.Pointer, epsilon, Number(flags), attr),
            handle, [src, dst]);
    }

    internal override PrimitiveDesc? BatchNormBackward(
        MemoryDesc diffSrc, MemoryDesc diffDst, MemoryDesc src, float epsilon, NormFlags flags, PrimitiveDesc hint, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_batch_normalization_backward_primitive_desc_create(
                out var handle, Engine.Handle, Backward(flags), diffSrc.Pointer, diffDst.Pointer, src.Pointer, epsilon, Number(flags), hint.Handle, attr),
            handle, [diffSrc, diffDst, src], hint);
    }

    internal override PrimitiveDesc? LayerNormForward(
        Propagation propagation, MemoryDesc src, MemoryDesc dst, MemoryDesc? statistics, float epsilon, NormFlags flags, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_layer_normalization_forward_primitive_desc_create(
                out var handle, Engine.Handle, propagation, src.Pointer, dst.Pointer, Address(statistics), epsilon, Number(flags), attr),
            handle, [src, dst, statistics]);
    }

    internal override PrimitiveDesc? LayerNormBackward(
        MemoryDesc diffSrc, MemoryDesc diffDst, MemoryDesc src, MemoryDesc? statistics, float epsilon, NormFlags flags, PrimitiveDesc hint,
        Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_layer_normalization_backward_primitive_desc_create(
                out var handle, Engine.Handle, Backward(flags), diffSrc.Pointer, diffDst.Pointer, src.Pointer, Address(statistics), epsilon,
                Number(flags), hint.Handle, attr),
            handle, [diffSrc, diffDst, src, statistics], hint);
    }

    internal override PrimitiveDesc? SoftmaxForward(
        Propagation propagation, SoftmaxKind kind, MemoryDesc src, MemoryDesc dst, int axis, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_softmax_forward_primitive_desc_create(
                out var handle, Engine.Handle, propagation, kind, src.Pointer, dst.Pointer, axis, attr),
            handle, [src, dst]);
    }

    internal override PrimitiveDesc? SoftmaxBackward(
        SoftmaxKind kind, MemoryDesc diffSrc, MemoryDesc diffDst, MemoryDesc dst, int axis, PrimitiveDesc hint, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_softmax_backward_primitive_desc_create(
                out var handle, Engine.Handle, kind, diffSrc.Pointer, diffDst.Pointer, dst.Pointer, axis, hint.Handle, attr),
            handle, [diffSrc, diffDst, dst], hint);
    }

    internal override PrimitiveDesc? MatMul(
        MemoryDesc src, MemoryDesc weights, MemoryDesc? bias, MemoryDesc dst, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_matmul_primitive_desc_create(
                out var handle, Engine.Handle, src.Pointer, weights.Pointer, Address(bias), dst.Pointer, attr),
            handle, [src, weights, bias, dst]);
    }

    internal override PrimitiveDesc? InnerProductForward(
        Propagation propagation, MemoryDesc src, MemoryDesc weights, MemoryDesc? bias, MemoryDesc dst, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_inner_product_forward_primitive_desc_create(
                out var handle, Engine.Handle, propagation, src.Pointer, weights.Pointer, Address(bias), dst.Pointer, attr),
            handle, [src, weights, bias, dst]);
    }

    internal override PrimitiveDesc? InnerProductBackwardData(
        MemoryDesc diffSrc, MemoryDesc weights, MemoryDesc diffDst, PrimitiveDesc hint, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_inner_product_backward_data_primitive_desc_create(
                out var handle, Engine.Handle, diffSrc.Pointer, weights.Pointer, diffDst.Pointer, hint.Handle, attr),
            handle, [diffSrc, weights, diffDst], hint);
    }

    internal override PrimitiveDesc? InnerProductBackwardWeights(
        MemoryDesc src, MemoryDesc diffWeights, MemoryDesc? diffBias, MemoryDesc diffDst, PrimitiveDesc hint, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_inner_product_backward_weights_primitive_desc_create(
                out var handle, Engine.Handle, src.Pointer, diffWeights.Pointer, Address(diffBias), diffDst.Pointer, hint.Handle, attr),
            handle, [src, diffWeights, diffBias, diffDst], hint);
    }

    /// <summary>Without scale and shift there is only the gradient of the data.</summary>
    private static DnnlBackward Backward(NormFlags flags) =>
        (flags & (NormFlags.Scale | NormFlags.Shift)) == 0 ? DnnlBackward.Data : DnnlBackward.All;
}
