using System.Runtime.InteropServices;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>What only oneDNN 2.6 has: descriptors are structs of the caller's, filled by <c>*_desc_init</c>.</summary>
internal static unsafe partial class DnnlNative2
{
    /// <summary>At least the size of the largest <c>dnnl_*_desc_t</c> in use (convolution: 5976).</summary>
    internal const int LargestOperation = 6144;

    private const string Library = DnnlNative.Library;

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_init_by_strides(
        nint memory_desc, int ndims, in DnnlDims dims, DnnlDataType data_type, in DnnlDims strides);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_init_by_tag(nint memory_desc, int ndims, in DnnlDims dims, DnnlDataType data_type, int tag);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_init_submemory(
        nint memory_desc, nint parent_memory_desc, in DnnlDims dims, in DnnlDims offsets);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_reshape(nint out_memory_desc, nint in_memory_desc, int ndims, in DnnlDims dims);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_desc_permute_axes(nint out_memory_desc, nint in_memory_desc, int* permutation);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_post_ops_append_sum_v2(PostOpsHandle post_ops, float scale, DnnlDataType data_type);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_post_ops_append_eltwise(PostOpsHandle post_ops, float scale, int alg_kind, float alpha, float beta);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_desc_iterator_create(
        out PrimitiveDescIteratorHandle iterator, nint op_desc, AttributeHandle attr, EngineHandle engine, PrimitiveDescHandle hint_forward_primitive_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_desc_iterator_next(nint iterator);

    [LibraryImport(Library)]
    internal static partial PrimitiveDescHandle dnnl_primitive_desc_iterator_fetch(nint iterator);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_desc_iterator_destroy(nint iterator);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_concat_primitive_desc_create(
        out PrimitiveDescHandle concat_primitive_desc, nint dst_desc, int n, int concat_dimension, nint src_descs, AttributeHandle attr, EngineHandle engine);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_sum_primitive_desc_create(
        out PrimitiveDescHandle sum_primitive_desc, nint dst_desc, int n, float* scales, nint src_descs, AttributeHandle attr, EngineHandle engine);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_binary_desc_init(nint binary_desc, BinaryKind alg_kind, nint src0_desc, nint src1_desc, nint dst_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_dilated_convolution_forward_desc_init(
        nint conv_desc, Propagation prop_kind, ConvolutionAlgorithm alg_kind, nint src_desc, nint weights_desc, nint bias_desc, nint dst_desc,
        in DnnlDims strides, in DnnlDims dilates, in DnnlDims padding_l, in DnnlDims padding_r);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_dilated_convolution_backward_data_desc_init(
        nint conv_desc, ConvolutionAlgorithm alg_kind, nint diff_src_desc, nint weights_desc, nint diff_dst_desc,
        in DnnlDims strides, in DnnlDims dilates, in DnnlDims padding_l, in DnnlDims padding_r);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_dilated_convolution_backward_weights_desc_init(
        nint conv_desc, ConvolutionAlgorithm alg_kind, nint src_desc, nint diff_weights_desc, nint diff_bias_desc, nint diff_dst_desc,
        in DnnlDims strides, in DnnlDims dilates, in DnnlDims padding_l, in DnnlDims padding_r);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_batch_normalization_forward_desc_init(
        nint bnrm_desc, Propagation prop_kind, nint data_desc, float epsilon, uint flags);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_batch_normalization_backward_desc_init(
        nint bnrm_desc, DnnlBackward prop_kind, nint diff_data_desc, nint data_desc, float epsilon, uint flags);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_layer_normalization_forward_desc_init(
        nint lnrm_desc, Propagation prop_kind, nint data_desc, nint stat_desc, float epsilon, uint flags);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_layer_normalization_backward_desc_init(
        nint lnrm_desc, DnnlBackward prop_kind, nint diff_data_desc, nint data_desc, nint stat_desc, float epsilon, uint flags);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_eltwise_forward_desc_init(
        nint eltwise_desc, Propagation prop_kind, int alg_kind, nint data_desc, float alpha, float beta);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_eltwise_backward_desc_init(
        nint eltwise_desc, int alg_kind, nint diff_data_desc, nint data_desc, float alpha, float beta);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_pooling_forward_desc_init(
        nint pool_desc, Propagation prop_kind, PoolingKind alg_kind, nint src_desc, nint dst_desc,
        in DnnlDims strides, in DnnlDims kernel, in DnnlDims padding_l, in DnnlDims padding_r);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_pooling_backward_desc_init(
        nint pool_desc, PoolingKind alg_kind, nint diff_src_desc, nint diff_dst_desc,
        in DnnlDims strides, in DnnlDims kernel, in DnnlDims padding_l, in DnnlDims padding_r);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_matmul_desc_init(nint matmul_desc, nint src_desc, nint weights_desc, nint bias_desc, nint dst_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_inner_product_forward_desc_init(
        nint ip_desc, Propagation prop_kind, nint src_desc, nint weights_desc, nint bias_desc, nint dst_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_inner_product_backward_data_desc_init(
        nint ip_desc, nint diff_src_desc, nint weights_desc, nint diff_dst_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_inner_product_backward_weights_desc_init(
        nint ip_desc, nint src_desc, nint diff_weights_desc, nint diff_bias_desc, nint diff_dst_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_softmax_v2_forward_desc_init(
        nint softmax_desc, Propagation prop_kind, SoftmaxKind alg_kind, nint src_desc, nint dst_desc, int softmax_axis);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_softmax_v2_backward_desc_init(
        nint softmax_desc, SoftmaxKind alg_kind, nint diff_src_desc, nint diff_dst_desc, nint dst_desc, int softmax_axis);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_reduction_desc_init(nint desc, ReductionKind alg_kind, nint src_desc, nint dst_desc, float p, float eps);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_resampling_forward_desc_init(
        nint resampling_desc, Propagation prop_kind, ResamplingKind alg_kind, nint factors, nint src_desc, nint dst_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_shuffle_forward_desc_init(
        nint shuffle_desc, Propagation prop_kind, nint data_desc, int axis, long group_size);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_shuffle_backward_desc_init(nint shuffle_desc, nint diff_data_desc, int axis, long group_size);
}
