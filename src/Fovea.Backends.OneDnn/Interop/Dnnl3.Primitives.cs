namespace Fovea.Backends.OneDnn.Interop;

internal sealed unsafe partial class Dnnl3
{
    internal override PrimitiveDesc? ConvolutionForward(
        Propagation propagation, ConvolutionAlgorithm algorithm, MemoryDesc src, MemoryDesc weights, MemoryDesc? bias, MemoryDesc dst,
        ConvolutionWindow window, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_convolution_forward_primitive_desc_create(
                out var handle, Engine.Handle, propagation, algorithm, src.Pointer, weights.Pointer, Address(bias), dst.Pointer,
                DnnlDims.From(window.Strides), DnnlDims.FromDilations(window.Dilations), DnnlDims.From(window.PadBegin), DnnlDims.From(window.PadEnd),
                attr),
            handle, [src, weights, bias, dst]);
    }

    internal override PrimitiveDesc? ConvolutionBackwardData(
        ConvolutionAlgorithm algorithm, MemoryDesc diffSrc, MemoryDesc weights, MemoryDesc diffDst, ConvolutionWindow window, PrimitiveDesc hint,
        Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_convolution_backward_data_primitive_desc_create(
                out var handle, Engine.Handle, algorithm, diffSrc.Pointer, weights.Pointer, diffDst.Pointer, DnnlDims.From(window.Strides),
                DnnlDims.FromDilations(window.Dilations), DnnlDims.From(window.PadBegin), DnnlDims.From(window.PadEnd), hint.Handle, attr),
            handle, [diffSrc, weights, diffDst], hint);
    }

    internal override PrimitiveDesc? ConvolutionBackwardWeights(
        ConvolutionAlgorithm algorithm, MemoryDesc src, MemoryDesc diffWeights, MemoryDesc? diffBias, MemoryDesc diffDst, ConvolutionWindow window,
        PrimitiveDesc hint, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_convolution_backward_weights_primitive_desc_create(
                out var handle, Engine.Handle, algorithm, src.Pointer, diffWeights.Pointer, Address(diffBias), diffDst.Pointer,
                DnnlDims.From(window.Strides), DnnlDims.FromDilations(window.Dilations), DnnlDims.From(window.PadBegin), DnnlDims.From(window.PadEnd),
                hint.Handle, attr),
            handle, [src, diffWeights, diffBias, diffDst], hint);
    }

    internal override PrimitiveDesc? PoolingForward(
        Propagation propagation, PoolingKind kind, MemoryDesc src, MemoryDesc dst, PoolingWindow window, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_pooling_forward_primitive_desc_create(
                out var handle, Engine.Handle, propagation, kind, src.Pointer, dst.Pointer, DnnlDims.From(window.Strides),
                DnnlDims.From(window.Kernel), dilation: default, DnnlDims.From(window.PadBegin), DnnlDims.From(window.PadEnd), attr),
            handle, [src, dst]);
    }

    internal override PrimitiveDesc? PoolingBackward(
        PoolingKind kind, MemoryDesc diffSrc, MemoryDesc diffDst, PoolingWindow window, PrimitiveDesc hint, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_pooling_backward_primitive_desc_create(
                out var handle, Engine.Handle, kind, diffSrc.Pointer, diffDst.Pointer, DnnlDims.From(window.Strides),
                DnnlDims.From(window.Kernel), dilation: default, DnnlDims.From(window.PadBegin), DnnlDims.From(window.PadEnd), hint.Handle, attr),
            handle, [diffSrc, diffDst], hint);
    }

    internal override PrimitiveDesc? EltwiseForward(
        Propagation propagation, EltwiseKind kind, MemoryDesc src, MemoryDesc dst, float alpha = 0, float beta = 0, Attributes? attributes = null)
    {
        var (number, a, b) = Number(kind, alpha, beta);
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_eltwise_forward_primitive_desc_create(
                out var handle, Engine.Handle, propagation, number, src.Pointer, dst.Pointer, a, b, attr),
            handle, [src, dst]);
    }

    internal override PrimitiveDesc? EltwiseBackward(
        EltwiseKind kind, MemoryDesc diffSrc, MemoryDesc diffDst, MemoryDesc data, PrimitiveDesc hint, float alpha = 0, float beta = 0,
        Attributes? attributes = null)
    {
        var (number, a, b) = Number(kind, alpha, beta);
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_eltwise_backward_primitive_desc_create(
                out var handle, Engine.Handle, number, diffSrc.Pointer, diffDst.Pointer, data.Pointer, a, b, hint.Handle, attr),
            handle, [diffSrc, diffDst, data], hint);
    }

    internal override PrimitiveDesc? Binary(BinaryKind kind, MemoryDesc src0, MemoryDesc src1, MemoryDesc dst, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_binary_primitive_desc_create(out var handle, Engine.Handle, kind, src0.Pointer, src1.Pointer, dst.Pointer, attr),
            handle, [src0, src1, dst]);
    }

    internal override PrimitiveDesc? Sum(
        MemoryDesc? dst, ReadOnlySpan<float> scales, ReadOnlySpan<MemoryDesc> srcs, Attributes? attributes = null)
    {
        if (scales.Length != srcs.Length) throw new ArgumentException($"sum: {scales.Length} scales for {srcs.Length} sources");
        using var attr = Create(attributes);
        fixed (float* s = scales)
        fixed (nint* array = Addresses(srcs))
        {
            return Made(
                DnnlNative3.dnnl_sum_primitive_desc_create(out var handle, Engine.Handle, Address(dst), srcs.Length, s, array, attr),
                handle, [dst, .. srcs]);
        }
    }

    internal override PrimitiveDesc? Concat(int axis, ReadOnlySpan<MemoryDesc> srcs, MemoryDesc? dst = null, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        fixed (nint* array = Addresses(srcs))
        {
            return Made(
                DnnlNative3.dnnl_concat_primitive_desc_create(out var handle, Engine.Handle, Address(dst), srcs.Length, axis, array, attr),
                handle, [dst, .. srcs]);
        }
    }

    internal override PrimitiveDesc? Reduction(ReductionKind kind, MemoryDesc src, MemoryDesc dst, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_reduction_primitive_desc_create(out var handle, Engine.Handle, kind, src.Pointer, dst.Pointer, p: 0, eps: 0, attr),
            handle, [src, dst]);
    }

    internal override PrimitiveDesc? ResamplingForward(
        Propagation propagation, ResamplingKind kind, MemoryDesc src, MemoryDesc dst, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_resampling_forward_primitive_desc_create(
                out var handle, Engine.Handle, propagation, kind, factors: 0, src.Pointer, dst.Pointer, attr),
            handle, [src, dst]);
    }

    internal override PrimitiveDesc? ShuffleForward(
        Propagation propagation, MemoryDesc src, MemoryDesc dst, int axis, long groupSize, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_shuffle_forward_primitive_desc_create(
                out var handle, Engine.Handle, propagation, src.Pointer, dst.Pointer, axis, groupSize, attr),
            handle, [src, dst]);
    }

    internal override PrimitiveDesc? ShuffleBackward(
        MemoryDesc diffSrc, MemoryDesc diffDst, int axis, long groupSize, PrimitiveDesc hint, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_shuffle_backward_primitive_desc_create(
                out var handle, Engine.Handle, diffSrc.Pointer, diffDst.Pointer, axis, groupSize, hint.Handle, attr),
            handle, [diffSrc, diffDst], hint);
    }

    private static nint[] Addresses(ReadOnlySpan<MemoryDesc> descs)
    {
        var addresses = new nint[descs.Length];
        for (var i = 0; i < descs.Length; i++) addresses[i] = descs[i].Pointer;
        return addresses;
    }
}
