using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn.Interop;

namespace Fovea.Backends.OneDnn.Tests.Interop;

/// <remarks>
/// The numbers were printed by <c>printf("%zu", sizeof(T))</c> and <c>offsetof(T, field)</c>, compiled with gcc 12 on x86-64 against
/// oneapi/dnnl/dnnl.h of 2.6.3 (Debian 12, libdnnl-dev 2.6.3-1) and, for dnnl_exec_arg_t and dnnl_version_t, also of 3.7.2 (Debian 13,
/// libdnnl-dev 3.7.2+ds-2).
/// </remarks>
public sealed unsafe class NativeLayoutTests
{
    [Fact]
    public void Memory_descriptor_of_2_6_is_laid_out_as_in_the_header()
    {
        Assert.Equal(696, sizeof(DnnlMemoryDesc2));
        DnnlMemoryDesc2 d;
        var start = (byte*)&d;
        Assert.Equal(0, (byte*)&d.Rank - start);
        Assert.Equal(8, (byte*)d.Dims - start);
        Assert.Equal(104, (byte*)&d.DataType - start);
        Assert.Equal(112, (byte*)d.PaddedDims - start);
        Assert.Equal(208, (byte*)d.PaddedOffsets - start);
        Assert.Equal(304, (byte*)&d.Offset0 - start);
        Assert.Equal(312, (byte*)&d.FormatKind - start);
        Assert.Equal(320, (byte*)d.Strides - start);          // format_desc.blocking, of 296 bytes: strides at 0,
        Assert.Equal(320 + 96, (byte*)&d.InnerBlockCount - start);   // inner_nblks,
        Assert.Equal(320 + 104, (byte*)d.InnerBlocks - start);       // inner_blks,
        Assert.Equal(320 + 200, (byte*)d.InnerAxes - start);         // inner_idxs
        Assert.Equal(616, (byte*)&d.ExtraFlags - start);
    }

    [Fact]
    public void Operation_descriptors_of_2_6_fit_the_block_they_are_given()
    {
        int[] sizes =
        [
            5976,   // dnnl_convolution_desc_t
            3288,   // dnnl_pooling_v2_desc_t, longer than dnnl_pooling_desc_t
            2800,   // dnnl_matmul_desc_t
        ];
        Assert.All(sizes, size => Assert.True(size <= DnnlNative2.LargestOperation));
    }

    [Fact]
    public void Arguments_and_version_are_laid_out_as_in_the_headers()
    {
        Assert.Equal(16, sizeof(DnnlExecArg));
        Assert.Equal(0, Marshal.OffsetOf<DnnlExecArg>(nameof(DnnlExecArg.Arg)));
        Assert.Equal(8, Marshal.OffsetOf<DnnlExecArg>(nameof(DnnlExecArg.Memory)));
        Assert.Equal(32, sizeof(DnnlVersion));
        Assert.Equal(8, Marshal.OffsetOf<DnnlVersion>(nameof(DnnlVersion.Patch)));
        Assert.Equal(16, Marshal.OffsetOf<DnnlVersion>(nameof(DnnlVersion.Hash)));
        Assert.Equal(12 * sizeof(long), Unsafe.SizeOf<DnnlDims>());
    }
}
