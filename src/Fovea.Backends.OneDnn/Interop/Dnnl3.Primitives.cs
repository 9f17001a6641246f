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
                DnnlDims.FromDilations(window.Dilations), DnnlDims.From(window.PadBegin),
                DnnlDims.From(window.PadEnd), hint.Handle, attr),
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
                DnnlDims.From(window.Kernel), DnnlDims.FromDilations(window.Dilations), DnnlDims.From(window.PadBegin), DnnlDims.From(window.PadEnd), attr),
            handle, [src, dst]);
    }

    internal override PrimitiveDesc? PoolingBackward(
        PoolingKind kind, MemoryDesc diffSrc, MemoryDesc diffDst, PoolingWindow window, PrimitiveDesc hint, Attributes? attributes = null)
    {
        using var attr = Create(attributes);
        return Made(
            DnnlNative3.dnnl_pooling_backward_primitive_desc_create(
                out var handle, Engine.Handle, kind, diffSrc.Pointer, diffDst.Pointer, DnnlDims.From(window.Strides),
                DnnlDims.From(window.Kernel), DnnlDims.FromDilations(window.Dilations), DnnlDims.From(window.PadBegin),
                DnnlDims.From(window.PadEnd), hint.Handle, attr),
            handle, [diffSrc, diffDst], hint);
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
}
