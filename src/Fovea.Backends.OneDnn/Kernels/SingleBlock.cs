using Fovea.Backends.OneDnn.Interop;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Images of one block of sixteen channels: nChw16c and nhwc are the same memory there, and the plan calls it nChw16c.</summary>
/// <remarks>oneDNN 3.7 convolves them 10–35 % faster under the name nhwc, where it takes matrix kernels instead of direct ones; 2.6 does not.</remarks>
internal static class SingleBlock
{
    private const int Block = 16;
    private const string MatrixKernels = "brg_conv_fwd:avx512_core";

    /// <summary>The convolution in channels last where both images are of one block and matrix kernels take it, or null.</summary>
    internal static PrimitiveDesc? Describe(DnnlApi api, TensorType x, TensorType y, Func<MemoryDesc, MemoryDesc, PrimitiveDesc?> describe)
    {
        if (x.DType != DType.Float32 || x.Shape.C != Block || y.Shape.C != Block) return null;
        var desc = describe(api.ChannelsLast(x.DType, x.Shape), api.ChannelsLast(y.DType, y.Shape));
        if (desc is null || desc.Implementation == MatrixKernels) return desc;
        desc.Dispose();
        return null;
    }

    /// <summary>The name under which the plan knows a layout of a convolution that was described here; any other keeps its own.</summary>
    internal static MemoryDesc Named(DnnlApi api, PrimitiveDesc convolution, MemoryDesc desc) =>
        desc is { IsChannelsLast: true, DType: DType.Float32, Dims.C: Block } && convolution.Implementation == MatrixKernels
            ? api.ChannelBlocks(desc.DType, desc.Dims, Block)
            : desc;
}
