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
        var (strides, kernel) = (DnnlDims.From(window.Strides), DnnlDims.From(window.Kernel));
        var (begin, end) = (DnnlDims.From(window.PadBegin), DnnlDims.From(window.PadEnd));
        return Find(
            op,
            window.IsDilated
                ? DnnlNative2.dnnl_pooling_v2_forward_desc_init(
                    op.Pointer, propagation, kind, src.Pointer, dst.Pointer, strides, kernel, DnnlDims.FromDilations(window.Dilations), begin, end)
                : DnnlNative2.dnnl_pooling_forward_desc_init(op.Pointer, propagation, kind, src.Pointer, dst.Pointer, strides, kernel, begin, end),
            [src, dst], attributes);
    }

    internal override PrimitiveDesc? PoolingBackward(
        PoolingKind kind, MemoryDesc diffSrc, MemoryDesc diffDst, PoolingWindow window, PrimitiveDesc hint, Attributes? attributes = null)
    {
        var op = NewOperation();
        var (strides, kernel) = (DnnlDims.From(window.Strides), DnnlDims.From(window.Kernel));
        var (begin, end) = (DnnlDims.From(window.PadBegin), DnnlDims.From(window.PadEnd));
        return Find(
            op,
            window.IsDilated
                ? DnnlNative2.dnnl_pooling_v2_backward_desc_init(
                    op.Pointer, kind, diffSrc.Pointer, diffDst.Pointer, strides, kernel, DnnlDims.FromDilations(window.Dilations), begin, end)
                : DnnlNative2.dnnl_pooling_backward_desc_init(op.Pointer, kind, diffSrc.Pointer, diffDst.Pointer, strides, kernel, begin, end),
            [diffSrc, diffDst], attributes, hint);
    }

    internal override PrimitiveDesc? MatMul(
        MemoryDesc src, MemoryDesc weights, MemoryDesc? bias, MemoryDesc dst, Attributes? attributes = null)
    {
        var op = NewOperation();
        return Find(
            op, DnnlNative2.dnnl_matmul_desc_init(op.Pointer, src.Pointer, weights.Pointer, Address(bias), dst.Pointer),
            [src, weights, bias, dst], attributes);
    }
}
