using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Fovea.Execution;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>oneDNN 3.x: descriptors are opaque objects, created and asked through functions.</summary>
internal sealed unsafe partial class Dnnl3 : DnnlApi
{
    private const int FormatTagAny = 1;
    private const int FormatTagABcd16b = 78;
    private const int FormatTagABcd4b = 84;
    private const int FormatTagABcd8b = 102;

    private readonly Lazy<int> _typeOffset;

    internal Dnnl3() => _typeOffset = new(FindTypeOffset);

    internal override MemoryDesc Any(DType type, Shape dims) => Tagged(type, dims, FormatTagAny);

    internal override MemoryDesc ChannelBlocks(DType type, Shape dims, int block) => Tagged(type, dims, block switch
    {
        4 => FormatTagABcd4b,
        8 => FormatTagABcd8b,
        16 => FormatTagABcd16b,
        _ => throw new ArgumentOutOfRangeException(nameof(block), block, "wanted 4, 8 or 16"),
    });

    internal override MemoryDesc WithDType(MemoryDesc desc, DType type)
    {
        if (!desc.IsBlocked && !desc.IsAny)
            throw new NotSupportedException($"{desc} has a layout for its element type alone; it cannot become {type.ShortName}");
        var blob = Content(desc.Pointer);
        BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(_typeOffset.Value), (int)ToDnnl(type));
        fixed (byte* b = blob)
        {
            DnnlNative.Check(DnnlNative3.dnnl_memory_desc_create_with_blob(out var handle, b));
            return Intern(handle);
        }
    }

    internal override MemoryDesc? Reshape(MemoryDesc desc, Shape dims) =>
        Optional(DnnlNative3.dnnl_memory_desc_reshape(out var handle, desc.Pointer, dims.Rank, DnnlDims.From(dims)), handle);

    internal override MemoryDesc? SubMemory(MemoryDesc desc, Shape dims, Shape offsets) => Optional(
        DnnlNative3.dnnl_memory_desc_create_submemory(out var handle, desc.Pointer, DnnlDims.From(dims), DnnlDims.From(offsets)), handle);

    internal override MemoryDesc? Copy(nint borrowed)
    {
        if (borrowed == 0 || Integer(borrowed, DnnlQuery.Rank) == 0) return null;
        DnnlNative.Check(DnnlNative3.dnnl_memory_desc_clone(out var handle, borrowed));
        return Intern(handle);
    }

    internal override bool NextImplementation(ref PrimitiveDescHandle handle, DnnlHandle? iterator)
    {
        var status = DnnlNative3.dnnl_primitive_desc_next_impl(handle);
        if (status == DnnlStatus.LastImplementationReached) return false;
        DnnlNative.Check(status);
        return true;
    }

    internal override void AppendSum(PostOpsHandle postOps, float scale, int zero, DType? type) => DnnlNative.Check(
        DnnlNative3.dnnl_post_ops_append_sum(postOps, scale, zero, type is { } given ? ToDnnl(given) : DnnlDataType.Undefined));

    internal override void AppendEltwise(PostOpsHandle postOps, float scale, EltwiseKind kind, float alpha, float beta)
    {
        var (number, a, b) = Number(kind, alpha, beta);
        DnnlNative.Check(DnnlNative3.dnnl_post_ops_append_eltwise(postOps, number, a, b));
    }

    internal override void SetScales(AttributeHandle attributes, IntegerScales scales, bool keepsFactors)
    {
        foreach (var (arg, tensor) in ScaleArguments(scales))
        {
            var of = arg & ~(DnnlArg.DNNL_ARG_ATTR_SCALES | DnnlArg.DNNL_ARG_ATTR_ZERO_POINTS);
            DnnlNative.Check((arg & DnnlArg.DNNL_ARG_ATTR_SCALES) != 0
                ? DnnlNative3.dnnl_primitive_attr_set_scales_mask(attributes, of, Mask(tensor, scales))
                : DnnlNative3.dnnl_primitive_attr_set_zero_points_mask(attributes, of, mask: 0));
        }
    }

    internal override float ScaleOfPostOps(IntegerScales scales) => 1;

    internal override float[]? BiasFactors(IntegerScales scales) => null;

    internal override IReadOnlyList<(int Arg, HostTensor Value)> ScaleArguments(IntegerScales scales)
    {
        var arguments = new List<(int, HostTensor)>
        {
            (DnnlArg.DNNL_ARG_ATTR_SCALES | DnnlArg.DNNL_ARG_SRC, HostTensor.Filled(new Shape(1), scales.Source)),
            (DnnlArg.DNNL_ARG_ATTR_SCALES | DnnlArg.DNNL_ARG_WEIGHTS, HostTensor.Of(new Shape(scales.Weights.Length), scales.Weights)),
        };
        if (scales.Result != 1) arguments.Add((DnnlArg.DNNL_ARG_ATTR_SCALES | DnnlArg.DNNL_ARG_DST, HostTensor.Filled(new Shape(1), scales.Result)));
        if (scales.SourceZero != 0) arguments.Add((DnnlArg.DNNL_ARG_ATTR_ZERO_POINTS | DnnlArg.DNNL_ARG_SRC, Zero(scales.SourceZero)));
        if (scales.ResultZero != 0) arguments.Add((DnnlArg.DNNL_ARG_ATTR_ZERO_POINTS | DnnlArg.DNNL_ARG_DST, Zero(scales.ResultZero)));
        return arguments;
    }

    /// <summary>Channels of the result are the first axis of the weights, or the first two where there are groups.</summary>
    private static int Mask(HostTensor tensor, IntegerScales scales) => tensor.Shape.Elements == 1 ? 0 : scales.IsGrouped ? 3 : 1;

    private static HostTensor Zero(int zero)
    {
        var tensor = new HostTensor(new TensorType(DType.Int32, new Shape(1)));
        tensor.Ints[0] = zero;
        return tensor;
    }

    private protected override MemoryDesc CreateStrided(DnnlDataType type, Shape dims, DnnlDims strides)
    {
        DnnlNative.Check(DnnlNative3.dnnl_memory_desc_create_with_strides(out var handle, dims.Rank, DnnlDims.From(dims), type, strides));
        return Intern(handle);
    }

    private static byte[] Content(nint pointer)
    {
        nuint size;
        DnnlNative.Check(DnnlNative3.dnnl_memory_desc_get_blob(null, &size, pointer));
        var blob = new byte[size];
        fixed (byte* b = blob) DnnlNative.Check(DnnlNative3.dnnl_memory_desc_get_blob(b, &size, pointer));
        return blob;
    }

    private protected override MemoryLayout ReadLayout(nint pointer)
    {
        var kind = (DnnlFormatKind)Integer(pointer, DnnlQuery.FormatKind);
        var rank = Integer(pointer, DnnlQuery.Rank);
        var blocked = kind == DnnlFormatKind.Blocked;
        var blocks = blocked ? Integer(pointer, DnnlQuery.InnerBlockCount) : 0;
        return new(
            kind,
            (DnnlDataType)Integer(pointer, DnnlQuery.DataType),
            new(Integers(pointer, DnnlQuery.Dims, rank)),
            Longs(pointer, DnnlQuery.PaddedDims, rank).ToArray(),
            blocked ? Longs(pointer, DnnlQuery.Strides, rank).ToArray() : [],
            Offset(pointer),
            Integers(pointer, DnnlQuery.InnerBlocks, blocks),
            Integers(pointer, DnnlQuery.InnerAxes, blocks));
    }

    private static int Integer(nint pointer, DnnlQuery what)
    {
        int value;
        DnnlNative.Check(DnnlNative3.dnnl_memory_desc_query(pointer, what, &value));
        return value;
    }

    private static long Offset(nint pointer)
    {
        long value;
        DnnlNative.Check(DnnlNative3.dnnl_memory_desc_query(pointer, DnnlQuery.Offset, &value));
        return value;
    }

    private static ReadOnlySpan<long> Longs(nint pointer, DnnlQuery what, int count)
    {
        if (count == 0) return [];
        long* values;
        DnnlNative.Check(DnnlNative3.dnnl_memory_desc_query(pointer, what, &values));
        return new(values, count);
    }

    private static int[] Integers(nint pointer, DnnlQuery what, int count)
    {
        var integers = new int[count];
        var longs = Longs(pointer, what, count);
        for (var i = 0; i < count; i++) integers[i] = checked((int)longs[i]);
        return integers;
    }

    private static nint Address(MemoryDesc? desc) => desc?.Pointer ?? 0;

    /// <summary>The descriptor, or null if the layout does not permit it, which oneDNN reports as invalid arguments.</summary>
    private MemoryDesc? Optional(DnnlStatus status, MemoryDescHandle handle) => status == DnnlStatus.Success ? Intern(handle) : null;

    private AttributeHandle Create(Attributes? attributes) => (attributes ?? Attributes.None).Create(this);

    private PrimitiveDesc? Made(
        DnnlStatus status, PrimitiveDescHandle handle, ReadOnlySpan<MemoryDesc?> operands, PrimitiveDesc? hint = null,
        [CallerArgumentExpression(nameof(status))] string call = "") =>
        DnnlNative.IsImplemented(status, operands, call) ? new(this, handle, hint) : null;

    /// <summary>
    /// Where the serialised form of a descriptor keeps the element type: the only place where two descriptors that differ in nothing
    /// else differ. 3.x has no function that changes the type of a blocked layout.
    /// </summary>
    private int FindTypeOffset()
    {
        var dims = new Shape(2, 3);
        var floats = Content(Plain(DType.Float32, dims).Pointer);
        var bytes = Content(Plain(DType.UInt8, dims).Pointer);
        for (var i = 0; i + sizeof(int) <= floats.Length; i += sizeof(int))
        {
            if (BitConverter.ToInt32(floats, i) == (int)DnnlDataType.Float32 && BitConverter.ToInt32(bytes, i) == (int)DnnlDataType.UInt8)
                return i;
        }

        throw new NativeException($"oneDNN {Library.Version}: the element type was not found in a memory descriptor; this version is not supported");
    }

    private MemoryDesc Tagged(DType type, Shape dims, int tag)
    {
        DnnlNative.Check(DnnlNative3.dnnl_memory_desc_create_with_tag(out var handle, dims.Rank, DnnlDims.From(dims), ToDnnl(type), tag));
        return Intern(handle);
    }
}
