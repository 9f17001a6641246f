namespace Fovea.Backends.OneDnn.Interop;

internal sealed partial class Dnnl2
{
    internal override PrimitiveDesc? BatchNormForward(
        Propagation propagation, MemoryDesc src, MemoryDesc dst, float epsilon, NormFlags flags, Attributes? attributes = null)
    {
        if (src != dst || Number(flags) is not { } bits) return null;
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_batch_normalization_forward_desc_init(op.Pointer, propagation, src.Pointer, epsilon, bits), [src], attributes);
    }

    internal override PrimitiveDesc? BatchNormBackward(
        MemoryDesc diffSrc, MemoryDesc diffDst, MemoryDesc src, float epsilon, NormFlags flags, PrimitiveDesc hint, Attributes? attributes = null)
    {
        if (diffSrc != diffDst || Number(flags) is not { } bits) return null;
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_batch_normalization_backward_desc_init(op.Pointer, Backward(flags), diffSrc.Pointer, src.Pointer, epsilon, bits),
            [diffSrc, src], attributes, hint);
    }

    internal override PrimitiveDesc? LayerNormForward(
        Propagation propagation, MemoryDesc src, MemoryDesc dst, MemoryDesc? statistics, float epsilon, NormFlags flags, Attributes? attributes = null)
    {
        if (src != dst || Number(flags) is not { } bits) return null;
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_layer_normalization_forward_desc_init(
                op.Pointer, propagation, src.Pointer, Address(statistics), epsilon, bits),
            [src, statistics], attributes);
    }

    internal override PrimitiveDesc? LayerNormBackward(
        MemoryDesc diffSrc, MemoryDesc diffDst, MemoryDesc src, MemoryDesc? statistics, float epsilon, NormFlags flags, PrimitiveDesc hint,
        Attributes? attributes = null)
    {
        if (diffSrc != diffDst || Number(flags) is not { } bits) return null;
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_layer_normalization_backward_desc_init(
                op.Pointer, Backward(flags), diffSrc.Pointer, src.Pointer, Address(statistics), epsilon, bits),
            [diffSrc, src, statistics], attributes, hint);
    }

    internal override PrimitiveDesc? SoftmaxForward(
        Propagation propagation, SoftmaxKind kind, MemoryDesc src, MemoryDesc dst, int axis, Attributes? attributes = null)
    {
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_softmax_v2_forward_desc_init(op.Pointer, propagation, kind, src.Pointer, dst.Pointer, axis), [src, dst], attributes);
    }

    internal override PrimitiveDesc? SoftmaxBackward(
        SoftmaxKind kind, MemoryDesc diffSrc, MemoryDesc diffDst, MemoryDesc dst, int axis, PrimitiveDesc hint, Attributes? attributes = null)
    {
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_softmax_v2_backward_desc_init(op.Pointer, kind, diffSrc.Pointer, diffDst.Pointer, dst.Pointer, axis),
            [diffSrc, diffDst, dst], attributes, hint);
    }

    internal override PrimitiveDesc? MatMul(
        MemoryDesc src, MemoryDesc weights, MemoryDesc? bias, MemoryDesc dst, Attributes? attributes = null)
    {
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_matmul_desc_init(op.Pointer, src.Pointer, weights.Pointer, Address(bias), dst.Pointer),
            [src, weights, bias, dst], attributes);
    }

    internal override PrimitiveDesc? InnerProductForward(
        Propagation propagation, MemoryDesc src, MemoryDesc weights, MemoryDesc? bias, MemoryDesc dst, Attributes? attributes = null)
    {
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_inner_product_forward_desc_init(
                op.Pointer, propagation, src.Pointer, weights.Pointer, Address(bias), dst.Pointer),
            [src, weights, bias, dst], attributes);
    }

    internal override PrimitiveDesc? InnerProductBackwardData(
        MemoryDesc diffSrc, MemoryDesc weights, MemoryDesc diffDst, PrimitiveDesc hint, Attributes? attributes = null)
    {
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_inner_product_backward_data_desc_init(op.Pointer, diffSrc.Pointer, weights.Pointer, diffDst.Pointer),
            [diffSrc, weights, diffDst], attributes, hint);
    }

    internal override PrimitiveDesc? InnerProductBackwardWeights(
        MemoryDesc src, MemoryDesc diffWeights, MemoryDesc? diffBias, MemoryDesc diffDst, PrimitiveDesc hint, Attributes? attributes = null)
    {
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_inner_product_backward_weights_desc_init(
                op.Pointer, src.Pointer, diffWeights.Pointer, Address(diffBias), diffDst.Pointer),
            [src, diffWeights, diffBias, diffDst], attributes, hint);
    }

    /// <summary>Without scale and shift there is only the gradient of the data.</summary>
    private static DnnlBackward Backward(NormFlags flags) =>
        (flags & (NormFlags.Scale | NormFlags.Shift)) == 0 ? DnnlBackward.Data : DnnlBackward.All;
}
