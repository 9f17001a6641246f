namespace Fovea.Backends.OneDnn.Interop;

internal sealed unsafe partial class Dnnl2
{
    internal override PrimitiveDesc? ConvolutionForward(
        Propagation propagation, ConvolutionAlgorithm algorithm, MemoryDesc src, MemoryDesc weights, MemoryDesc? bias, MemoryDesc dst,
        ConvolutionWindow window, Attributes? attributes = null)
    {
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_dilated_convolution_forward_desc_init(
                op.Pointer, propagation, algorithm, src.Pointer, weights.Pointer, Address(bias), dst.Pointer, DnnlDims.From(window.Strides),
                DnnlDims.FromDilations(window.Dilations), DnnlDims.From(window.PadBegin), DnnlDims.From(window.PadEnd)),
            [src, weights, bias, dst], attributes);
    }

    internal override PrimitiveDesc? ConvolutionBackwardData(
        ConvolutionAlgorithm algorithm, MemoryDesc diffSrc, MemoryDesc weights, MemoryDesc diffDst, ConvolutionWindow window, PrimitiveDesc hint,
        Attributes? attributes = null)
    {
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_dilated_convolution_backward_data_desc_init(
                op.Pointer, algorithm, diffSrc.Pointer, weights.Pointer, diffDst.Pointer, DnnlDims.From(window.Strides),
                DnnlDims.FromDilations(window.Dilations), DnnlDims.From(window.PadBegin), DnnlDims.From(window.PadEnd)),
            [diffSrc, weights, diffDst], attributes, hint);
    }

    internal override PrimitiveDesc? ConvolutionBackwardWeights(
        ConvolutionAlgorithm algorithm, MemoryDesc src, MemoryDesc diffWeights, MemoryDesc? diffBias, MemoryDesc diffDst, ConvolutionWindow window,
        PrimitiveDesc hint, Attributes? attributes = null)
    {
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_dilated_convolution_backward_weights_desc_init(
                op.Pointer, algorithm, src.Pointer, diffWeights.Pointer, Address(diffBias), diffDst.Pointer, DnnlDims.From(window.Strides),
                DnnlDims.FromDilations(window.Dilations), DnnlDims.From(window.PadBegin), DnnlDims.From(window.PadEnd)),
            [src, diffWeights, diffBias, diffDst], attributes, hint);
    }

    internal override PrimitiveDesc? PoolingForward(
        Propagation propagation, PoolingKind kind, MemoryDesc src, MemoryDesc dst, PoolingWindow window, Attributes? attributes = null)
    {
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_pooling_forward_desc_init(
                op.Pointer, propagation, kind, src.Pointer, dst.Pointer, DnnlDims.From(window.Strides), DnnlDims.From(window.Kernel),
                DnnlDims.From(window.PadBegin), DnnlDims.From(window.PadEnd)),
            [src, dst], attributes);
    }

    internal override PrimitiveDesc? PoolingBackward(
        PoolingKind kind, MemoryDesc diffSrc, MemoryDesc diffDst, PoolingWindow window, PrimitiveDesc hint, Attributes? attributes = null)
    {
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_pooling_backward_desc_init(
                op.Pointer, kind, diffSrc.Pointer, diffDst.Pointer, DnnlDims.From(window.Strides), DnnlDims.From(window.Kernel),
                DnnlDims.From(window.PadBegin), DnnlDims.From(window.PadEnd)),
            [diffSrc, diffDst], attributes, hint);
    }

    internal override PrimitiveDesc? EltwiseForward(
        Propagation propagation, EltwiseKind kind, MemoryDesc src, MemoryDesc dst, float alpha = 0, float beta = 0, Attributes? attributes = null)
    {
        if (src != dst || Number(kind) is not { } number) return null;
        var op = NewOperation();
        return Find(op, DnnlNative2.dnnl_eltwise_forward_desc_init(op.Pointer, propagation, number, src.Pointer, alpha, beta), [src], attributes);
    }

    internal override PrimitiveDesc? EltwiseBackward(
        EltwiseKind kind, MemoryDesc diffSrc, MemoryDesc diffDst, MemoryDesc data, PrimitiveDesc hint, float alpha = 0, float beta = 0,
        Attributes? attributes = null)
    {
        if (diffSrc != diffDst || Number(kind) is not { } number) return null;
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_eltwise_backward_desc_init(op.Pointer, number, diffSrc.Pointer, data.Pointer, alpha, beta),
            [diffSrc, data], attributes, hint);
    }

    internal override PrimitiveDesc? Binary(BinaryKind kind, MemoryDesc src0, MemoryDesc src1, MemoryDesc dst, Attributes? attributes = null)
    {
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_binary_desc_init(op.Pointer, kind, src0.Pointer, src1.Pointer, dst.Pointer), [src0, src1, dst], attributes);
    }

    internal override PrimitiveDesc? Sum(
        MemoryDesc? dst, ReadOnlySpan<float> scales, ReadOnlySpan<MemoryDesc> srcs, Attributes? attributes = null)
    {
        if (scales.Length != srcs.Length) throw new ArgumentException($"sum: {scales.Length} scales for {srcs.Length} sources");
        using var attr = (attributes ?? Attributes.None).Create(this);
        using var array = InRow(srcs);
        fixed (float* s = scales)
        {
            var status = DnnlNative2.dnnl_sum_primitive_desc_create(
                out var handle, Address(dst), srcs.Length, s, array.Pointer, attr, Engine.Handle);
            return DnnlNative.IsImplemented(status, [dst, .. srcs], nameof(DnnlNative2.dnnl_sum_primitive_desc_create)) ? new(this, handle) : null;
        }
    }

    internal override PrimitiveDesc? Concat(int axis, ReadOnlySpan<MemoryDesc> srcs, MemoryDesc? dst = null, Attributes? attributes = null)
    {
        using var attr = (attributes ?? Attributes.None).Create(this);
        using var array = InRow(srcs);
        var status = DnnlNative2.dnnl_concat_primitive_desc_create(
            out var handle, Address(dst), srcs.Length, axis, array.Pointer, attr, Engine.Handle);
        return DnnlNative.IsImplemented(status, [dst, .. srcs], nameof(DnnlNative2.dnnl_concat_primitive_desc_create)) ? new(this, handle) : null;
    }

    internal override PrimitiveDesc? Reduction(ReductionKind kind, MemoryDesc src, MemoryDesc dst, Attributes? attributes = null)
    {
        var op = NewOperation();
        return Find(op, DnnlNative2.dnnl_reduction_desc_init(op.Pointer, kind, src.Pointer, dst.Pointer, p: 0, eps: 0), [src, dst], attributes);
    }

    internal override PrimitiveDesc? ResamplingForward(
        Propagation propagation, ResamplingKind kind, MemoryDesc src, MemoryDesc dst, Attributes? attributes = null)
    {
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_resampling_forward_desc_init(op.Pointer, propagation, kind, factors: 0, src.Pointer, dst.Pointer),
            [src, dst], attributes);
    }

    internal override PrimitiveDesc? ShuffleForward(
        Propagation propagation, MemoryDesc src, MemoryDesc dst, int axis, long groupSize, Attributes? attributes = null)
    {
        if (src != dst) return null;
        var op = NewOperation();
        return Find(op, DnnlNative2.dnnl_shuffle_forward_desc_init(op.Pointer, propagation, src.Pointer, axis, groupSize), [src], attributes);
    }

    internal override PrimitiveDesc? ShuffleBackward(
        MemoryDesc diffSrc, MemoryDesc diffDst, int axis, long groupSize, PrimitiveDesc hint, Attributes? attributes = null)
    {
        if (diffSrc != diffDst) return null;
        var op = NewOperation();
        return Find(op, DnnlNative2.dnnl_shuffle_backward_desc_init(op.Pointer, diffSrc.Pointer, axis, groupSize), [diffSrc], attributes, hint);
    }

    /// <summary>The structs one after another, as the C functions want an array.</summary>
    private static HeapBlock InRow(ReadOnlySpan<MemoryDesc> descs)
    {
        var block = new HeapBlock(Math.Max(1, descs.Length) * sizeof(DnnlMemoryDesc2));
        for (var i = 0; i < descs.Length; i++) ((DnnlMemoryDesc2*)block.Pointer)[i] = *(DnnlMemoryDesc2*)descs[i].Pointer;
        return block;
    }
}
