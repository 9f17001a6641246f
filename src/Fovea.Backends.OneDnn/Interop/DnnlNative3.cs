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
    internal static partial DnnlStatus dnnl_memory_desc_permute_axes(out MemoryDescHandle out_memory_desc, nint in_memory_desc, int* permutation);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_query(nint memory_desc, DnnlQuery what, void* result);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_destroy(nint memory_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_post_ops_append_sum(PostOpsHandle post_ops, float scale, int zero_point, DnnlDataType data_type);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_post_ops_append_eltwise(PostOpsHandle post_ops, int alg_kind, float alpha, float beta);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_desc_next_impl(PrimitiveDescHandle primitive_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_concat_primitive_desc_create(
        out PrimitiveDescHandle concat_primitive_desc, EngineHandle engine, nint dst_desc, int n, int concat_dimension, nint* src_descs, AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_sum_primitive_desc_create(
        out PrimitiveDescHandle sum_primitive_desc, EngineHandle engine, nint dst_desc, int n, float* scales, nint* src_descs, AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_binary_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, BinaryKind alg_kind, nint src0_desc, nint src1_desc, nint dst_desc, AttributeHandle attr);

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
    internal static partial DnnlStatus dnnl_batch_normalization_forward_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, Propagation prop_kind, nint src_desc, nint dst_desc, float epsilon, uint flags,
        AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_batch_normalization_backward_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, DnnlBackward prop_kind, nint diff_src_desc, nint diff_dst_desc, nint src_desc,
        float epsilon, uint flags, PrimitiveDescHandle hint_fwd_pd, AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_layer_normalization_forward_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, Propagation prop_kind, nint src_desc, nint dst_desc, nint stat_desc, float epsilon,
        uint flags, AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_layer_normalization_backward_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, DnnlBackward prop_kind, nint diff_src_desc, nint diff_dst_desc, nint src_desc,
        nint stat_desc, float epsilon, uint flags, PrimitiveDescHandle hint_fwd_pd, AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_eltwise_forward_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, Propagation prop_kind, int alg_kind, nint src_desc, nint dst_desc, float alpha,
        float beta, AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_eltwise_backward_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, int alg_kind, nint diff_src_desc, nint diff_dst_desc, nint data_desc, float alpha,
        float beta, PrimitiveDescHandle hint_fwd_pd, AttributeHandle attr);

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

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_inner_product_forward_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, Propagation prop_kind, nint src_desc, nint weights_desc, nint bias_desc,
        nint dst_desc, AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_inner_product_backward_data_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, nint diff_src_desc, nint weights_desc, nint diff_dst_desc,
        PrimitiveDescHandle hint_fwd_pd, AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_inner_product_backward_weights_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, nint src_desc, nint diff_weights_desc, nint diff_bias_desc, nint diff_dst_desc,
        PrimitiveDescHandle hint_fwd_pd, AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_softmax_forward_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, Propagation prop_kind, SoftmaxKind alg_kind, nint src_desc, nint dst_desc,
        int softmax_axis, AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_softmax_backward_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, SoftmaxKind alg_kind, nint diff_src_desc, nint diff_dst_desc, nint dst_desc,
        int softmax_axis, PrimitiveDescHandle hint_fwd_pd, AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_reduction_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, ReductionKind alg_kind, nint src_desc, nint dst_desc, float p, float eps,
        AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_resampling_forward_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, Propagation prop_kind, ResamplingKind alg_kind, nint factors, nint src_desc,
        nint dst_desc, AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_shuffle_forward_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, Propagation prop_kind, nint src_desc, nint dst_desc, int axis, long group_size,
        AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_shuffle_backward_primitive_desc_create(
        out PrimitiveDescHandle primitive_desc, EngineHandle engine, nint diff_src_desc, nint diff_dst_desc, int axis, long group_size,
        PrimitiveDescHandle hint_fwd_pd, AttributeHandle attr);
}
