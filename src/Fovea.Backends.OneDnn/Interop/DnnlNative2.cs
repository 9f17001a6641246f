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
    internal static partial DnnlStatus dnnl_post_ops_append_sum_v3(PostOpsHandle post_ops, float scale, int zero_point, DnnlDataType data_type);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_attr_set_output_scales(AttributeHandle attr, long count, int mask, float* scales);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_attr_set_zero_points(AttributeHandle attr, int arg, long count, int mask, int* zero_points);

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
    internal static partial DnnlStatus dnnl_pooling_forward_desc_init(
        nint pool_desc, Propagation prop_kind, PoolingKind alg_kind, nint src_desc, nint dst_desc,
        in DnnlDims strides, in DnnlDims kernel, in DnnlDims padding_l, in DnnlDims padding_r);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_pooling_backward_desc_init(
        nint pool_desc, PoolingKind alg_kind, nint diff_src_desc, nint diff_dst_desc,
        in DnnlDims strides, in DnnlDims kernel, in DnnlDims padding_l, in DnnlDims padding_r);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_pooling_v2_forward_desc_init(
        nint pool_desc, Propagation prop_kind, PoolingKind alg_kind, nint src_desc, nint dst_desc,
        in DnnlDims strides, in DnnlDims kernel, in DnnlDims dilation, in DnnlDims padding_l, in DnnlDims padding_r);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_pooling_v2_backward_desc_init(
        nint pool_desc, PoolingKind alg_kind, nint diff_src_desc, nint diff_dst_desc,
        in DnnlDims strides, in DnnlDims kernel, in DnnlDims dilation, in DnnlDims padding_l, in DnnlDims padding_r);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_matmul_desc_init(nint matmul_desc, nint src_desc, nint weights_desc, nint bias_desc, nint dst_desc);
}
