using Fovea.Backends.OneDnn.Interop;
using Fovea.Tensors;
using static Fovea.Backends.OneDnn.Interop.DnnlArg;
using static Fovea.Backends.OneDnn.Tests.Interop.Workbench;

namespace Fovea.Backends.OneDnn.Tests.Interop;

public sealed class MemoryDescTests
{
    [Fact]
    public void Equal_descriptors_are_one_object_and_differing_ones_differ()
    {
        Assert.Same(F32(2, 3, 4, 5), F32(2, 3, 4, 5));
        Assert.True(F32(2, 3, 4, 5) == Api.Strided(DType.Float32, new(2, 3, 4, 5), 60, 20, 5, 1));
        Assert.True(F32(2, 3, 4, 5) != F32(2, 3, 5, 4));
        Assert.True(F32(2, 3, 4, 5) != Api.ChannelsLast(DType.Float32, new(2, 3, 4, 5)));
        Assert.True(F32(2, 3, 4, 5) != Api.Plain(DType.BFloat16, new(2, 3, 4, 5)));
        Assert.True(F32(2, 3, 4, 5) != AnyF32(2, 3, 4, 5));
        Assert.False(F32(2) == null);
    }

    /// <summary>3.7 leaves padding within a descriptor as the memory was before.</summary>
    [Fact]
    public unsafe void Equal_descriptors_are_one_object_whatever_lies_in_bytes_that_have_no_meaning()
    {
        var first = F32(3, 7, 11, 13);
        var bytes = BytesOf(first);
        var equal = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x40;
            fixed (byte* b = bytes)
            {
                using var handle = Api.Library.Version.Major == 2 ? null : FromBlob(b);
                var pointer = handle?.DangerousGetHandle() ?? (nint)b;
                if (DnnlNative.dnnl_memory_desc_equal(pointer, first.Pointer) != 0)
                {
                    Assert.Same(first, Api.Copy(pointer));
                    equal++;
                }
            }

            bytes[i] ^= 0x40;
        }

        Assert.InRange(equal, 1, bytes.Length - 1);
    }

    /// <summary>To oneDNN they are equal, but a matrix product takes its leading dimension from such a stride.</summary>
    [Fact]
    public void Descriptors_that_differ_in_the_stride_of_an_axis_of_one_are_two()
    {
        var (narrow, wide) = (Api.Strided(DType.Float32, new(8, 1), 1, 1), Api.Strided(DType.Float32, new(8, 1), 1, 8));
        Assert.Equal([1, 1], narrow.Layout.Strides);
        Assert.Equal([1, 8], wide.Layout.Strides);
    }

    [Fact]
    public void Formats_have_oneDNNs_names()
    {
        Assert.Equal("nchw", F32(2, 3, 4, 5).Format);
        Assert.Equal("nhwc", Api.ChannelsLast(DType.Float32, new(2, 3, 4, 5)).Format);
        Assert.Equal("nhwc", Api.ChannelsLast(DType.Float32, new(2, 1, 4, 5)).Format);
        Assert.Equal("nchw", F32(2, 8, 1, 1).Format);
        Assert.Equal("nChw16c", Api.ChannelBlocks(DType.Float32, new(2, 3, 4, 5), block: 16).Format);
        Assert.Equal("nChw8c", Api.ChannelBlocks(DType.BFloat16, new(2, 16, 4, 5), block: 8).Format);
        Assert.Equal("any", AnyF32(2, 3, 4, 5).Format);
        Assert.Equal("oihw", F32(2, 3, 4, 5).FormatAs("oihw"));
        Assert.Equal("goihw", F32(2, 3, 4, 5, 6).Format);
        Assert.Equal("nc", F32(2, 3).Format);
        Assert.Equal("nchw[strides 120 20 5 1]", Api.Strided(DType.Float32, new(2, 3, 4, 5), 120, 20, 5, 1).Format);
        Assert.Equal("f32:nchw[2, 3, 4, 5]", F32(2, 3, 4, 5).ToString());
    }

    [Fact]
    public void Blocked_layouts_are_named_by_their_blocks()
    {
        Assert.Equal("nChw16c", Blocked([2, 64, 7, 7], [2, 64, 7, 7], [64 * 49, 16 * 49, 112, 16], [16], [1]).Name("nchw"));
        var weights = Blocked([32, 64, 3, 3], [32, 64, 3, 3], [64 * 9 * 16, 16 * 16 * 9, 16 * 16 * 3, 256], [16, 16], [1, 0]);
        Assert.Equal("OIhw16i16o", weights.Name(weights.DefaultLetters()));
        Assert.True(weights.IsDense);
        Assert.False(weights.IsPlain);
        var padded = Blocked([1, 3, 2, 2], [1, 16, 2, 2], [64, 64, 32, 16], [16], [1]);
        Assert.Equal("nChw16c", padded.Name("nchw"));
        Assert.Equal(64, padded.PaddedElements);
        Assert.True(padded.IsDense);
    }

    [Fact]
    public void Plain_and_channels_last_are_told_apart()
    {
        Assert.True(F32(2, 3, 4, 5).IsPlain);
        Assert.False(F32(2, 3, 4, 5).IsChannelsLast);
        var nhwc = Api.ChannelsLast(DType.Float32, new(2, 3, 4, 5));
        Assert.True(nhwc.IsChannelsLast);
        Assert.False(nhwc.IsPlain);
        Assert.False(AnyF32(2, 3, 4, 5).IsPlain);
        Assert.False(Api.Strided(DType.Float32, new(2, 3, 4, 5), 120, 20, 5, 1).IsPlain);
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(12, false)]
    [InlineData(32, false)]
    public void Sixteen_channels_in_a_block_are_the_memory_of_channels_last(int channels, bool same)
    {
        var shape = new Shape(2, channels, 3, 5);
        Assert.Equal(same, Api.ChannelBlocks(DType.Float32, shape, 16).IsSameMemory(Api.ChannelsLast(DType.Float32, shape)));
        Assert.False(Api.Plain(DType.Float32, shape).IsSameMemory(Api.ChannelsLast(DType.Float32, shape)));
        Assert.False(Api.Plain(DType.Float32, shape).IsSameMemory(Api.Plain(DType.Int32, shape)));
    }

    [Fact]
    public void Sizes_count_bytes_and_padding()
    {
        Assert.Equal(2 * 3 * 4 * 5 * 4, F32(2, 3, 4, 5).Bytes);
        Assert.Equal(2 * 3 * 4 * 5 * 2, Api.Plain(DType.BFloat16, new(2, 3, 4, 5)).Bytes);
        Assert.Equal(120, F32(2, 3, 4, 5).PaddedElements);
        Assert.Equal(2 * 16 * 4 * 5 * 4, Api.ChannelBlocks(DType.Float32, new(2, 3, 4, 5), block: 16).Bytes);
        Assert.Equal(2 * 16 * 4 * 5, Api.ChannelBlocks(DType.Float32, new(2, 3, 4, 5), block: 16).PaddedElements);
        Assert.Equal(0, AnyF32(2, 3, 4, 5).Bytes);
    }

    [Fact]
    public void A_type_can_be_changed_in_place_of_any_blocked_layout()
    {
        var chosen = Api.ChannelBlocks(DType.Float32, new(2, 40, 5, 5), block: 16);
        foreach (var type in Enum.GetValues<DType>())
        {
            var changed = chosen.WithDType(type);
            Assert.Equal(type, changed.DType);
            Assert.Equal(chosen.Format, changed.Format);
            Assert.Equal(chosen.PaddedElements * type.Size, changed.Bytes);
            Assert.Same(chosen, changed.WithDType(DType.Float32));
        }

        Assert.True(AnyF32(1, 2).WithDType(DType.BFloat16) == Api.Any(DType.BFloat16, new(1, 2)));
        Assert.True(F32(2, 3).WithDType(DType.Int8) == Api.Plain(DType.Int8, new(2, 3)));
    }

    [Fact]
    public void Reshape_keeps_the_memory_or_says_that_it_cannot()
    {
        Assert.True(F32(2, 3, 4, 5).Reshape(new(2, 60)) == F32(2, 60));
        Assert.True(F32(2, 60).Reshape(new(2, 3, 4, 5)) == F32(2, 3, 4, 5));
        Assert.Null(Api.ChannelsLast(DType.Float32, new(2, 3, 4, 5)).Reshape(new(2, 60)));
        Assert.True(Api.ChannelsLast(DType.Float32, new(2, 3, 1, 1)).Reshape(new(2, 3)) == F32(2, 3));
    }

    [Fact]
    public unsafe void A_box_of_a_tensor_is_read_in_place()
    {
        using var bench = new Workbench();
        var whole = bench.Put(F32(2, 4, 3, 3), Numbers(new(2, 4, 3, 3), 7));
        var box = whole.Desc.SubMemory(new(2, 2, 3, 3), new(0, 1, 0, 0));
        Assert.NotNull(box);
        Assert.Equal("nchw[strides 36 9 3 1]+9", box.Format);
        var view = bench.Own(new Fovea.Backends.OneDnn.Interop.Memory(Api.Engine, box, whole.Pointer));
        var all = bench.Get(whole);
        float[] wanted = [.. all[9..27], .. all[(36 + 9)..(36 + 27)]];
        Assert.Equal(wanted, bench.Get(view));
    }

    [Fact]
    public void A_box_that_begins_inside_a_block_is_refused()
    {
        var blocked = Api.ChannelBlocks(DType.Float32, new(2, 32, 4, 4), block: 16);
        Assert.Null(blocked.SubMemory(new(2, 16, 4, 4), new(0, 1, 0, 0)));
        Assert.Equal("nChw16c[strides 512 256 64 16]+256", blocked.SubMemory(new(2, 16, 4, 4), new(0, 16, 0, 0))?.Format);
    }

    [Fact]
    public void A_reorder_to_a_primitives_layout_and_back_changes_nothing()
    {
        using var bench = new Workbench();
        var weights = ChosenForWeights();
        Assert.False(weights.IsPlain);
        var numbers = Numbers(weights.Dims, 8);
        var there = bench.Put(weights, numbers);
        Assert.Equal(numbers, bench.Get(there));
    }

    [Fact]
    public void A_reorder_to_bfloat16_rounds_to_nearest_even()
    {
        using var bench = new Workbench();
        var numbers = Numbers(new(3, 50), 9);
        var rounded = bench.Get(bench.Put(Api.Plain(DType.BFloat16, new(3, 50)), numbers));
        Assert.Equal(Array.ConvertAll(numbers, BFloat16Bits.Round), rounded);
    }

    [Fact]
    public unsafe void Padding_of_a_blocked_tensor_is_zero_after_a_reorder()
    {
        using var bench = new Workbench();
        var desc = Api.ChannelBlocks(DType.Float32, new(1, 3, 2, 2), block: 16);
        var memory = bench.Put(desc, Numbers(desc.Dims, 10));
        var all = new ReadOnlySpan<float>((void*)memory.Pointer, (int)desc.PaddedElements).ToArray();
        Assert.All(all.Chunk(16), pixel => Assert.All(pixel[3..], padding => Assert.Equal(0, padding)));
    }

    private static MemoryLayout Blocked(int[] dims, long[] padded, long[] strides, int[] blocks, int[] axes) =>
        new(DnnlFormatKind.Blocked, DnnlDataType.Float32, new(dims), padded, strides, Offset: 0, blocks, axes);

    private static MemoryDesc ChosenForWeights()
    {
        using var desc = ConvolutionProblem.All["3x3, padded, more channels than a vector"].Forward(Propagation.Inference, DType.Float32, bias: null);
        return Chosen(desc, DNNL_ARG_WEIGHTS);
    }

    private static unsafe byte[] BytesOf(MemoryDesc desc)
    {
        if (Api.Library.Version.Major == 2) return new ReadOnlySpan<byte>((void*)desc.Pointer, sizeof(DnnlMemoryDesc2)).ToArray();
        nuint size;
        DnnlNative.Check(DnnlNative3.dnnl_memory_desc_get_blob(null, &size, desc.Pointer));
        var bytes = new byte[size];
        fixed (byte* b = bytes) DnnlNative.Check(DnnlNative3.dnnl_memory_desc_get_blob(b, &size, desc.Pointer));
        return bytes;
    }

    private static unsafe MemoryDescHandle FromBlob(byte* blob)
    {
        DnnlNative.Check(DnnlNative3.dnnl_memory_desc_create_with_blob(out var handle, blob));
        return handle;
    }
}
