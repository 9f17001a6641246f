using System.Runtime.InteropServices;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>What only oneDNN 3.x has: opaque memory descriptors and <c>*_primitive_desc_create</c> for each operation.</summary>
internal static unsafe partial class DnnlNative3
{
    private const string Library = DnnlNative.Library;

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_create_with_strides(
        out MemoryDescHandle memory_desc, int ndims, in DnnlDims dims, DnnlDataType data_type, in DnnlDims strides);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_create_with_tag(
        out MemoryDescHandle memory_desc, int ndims, in DnnlDims dims, DnnlDataType data_type, int tag);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_create_with_blob(out MemoryDescHandle memory_desc, byte* blob);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_get_blob(byte* blob, nuint* size, nint memory_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_clone(out MemoryDescHandle memory_desc, nint existing_memory_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_create_submemory(
        out MemoryDescHandle memory_desc, nint parent_memory_desc, in DnnlDims dims, in DnnlDims offsets);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_reshape(out MemoryDescHandle out_memory_desc, nint in_memory_desc, int ndims, in DnnlDims dims);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_query(nint memory_desc, DnnlQuery what, void* result);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_destroy(nint memory_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_post_ops_append_sum(PostOpsHandle post_ops, float scale, int zero_point, DnnlDataType data_type);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_post_ops_append_eltwise(PostOpsHandle post_ops, int alg_kind, float alpha, float beta);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_attr_set_scales_mask(AttributeHandle attr, int arg, int mask);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_attr_set_zero_points_mask(AttributeHandle attr, int arg, int mask);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_desc_next_impl(PrimitiveDescHandle primitive_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_convolution_forward_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, Propagation prop_kind, ConvolutionAlgorithm alg_kind, nint src_desc,
        nint weights_desc, nint bias_desc, nint dst_desc, in DnnlDims strides, in DnnlDims dilates, in DnnlDims padding_l, in DnnlDims padding_r,
        AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_convolution_backward_data_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, ConvolutionAlgorithm alg_kind, nint diff_src_desc, nint weights_desc,
        nint diff_dst_desc, in DnnlDims strides, in DnnlDims dilates, in DnnlDims padding_l, in DnnlDims padding_r, PrimitiveDescHandle hint_fwd_pd,
        AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_convolution_backward_weights_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, ConvolutionAlgorithm alg_kind, nint src_desc, nint diff_weights_desc,
        nint diff_bias_desc, nint diff_dst_desc, in DnnlDims strides, in DnnlDims dilates, in DnnlDims padding_l, in DnnlDims padding_r,
        PrimitiveDescHandle hint_fwd_pd, AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_pooling_forward_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, Propagation prop_kind, PoolingKind alg_kind, nint src_desc, nint dst_desc,
        in DnnlDims strides, in DnnlDims kernel, in DnnlDims dilation, in DnnlDims padding_l, in DnnlDims padding_r, AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_pooling_backward_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, PoolingKind alg_kind, nint diff_src_desc, nint diff_dst_desc,
        in DnnlDims strides, in DnnlDims kernel, in DnnlDims dilation, in DnnlDims padding_l, in DnnlDims padding_r, PrimitiveDescHandle hint_fwd_pd,
        AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_matmul_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, nint src_desc, nint weights_desc, nint bias_desc, nint dst_desc, AttributeHandle attr);
}
