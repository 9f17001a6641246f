using System.Runtime.CompilerServices;
using Fovea.Execution;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>oneDNN 2.6 and later 2.x: descriptors are structs, and an iterator walks the implementations of an operation.</summary>
internal sealed unsafe partial class Dnnl2 : DnnlApi
{
    private const int FormatTagAny = 1;
    private const int FormatTagABcd16b = 69;
    private const int FormatTagABcd4b = 75;
    private const int FormatTagABcd8b = 93;

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
        var source = (DnnlMemoryDesc2*)desc.Pointer;
        if (source->FormatKind is not (DnnlFormatKind.Blocked or DnnlFormatKind.Any) || source->ExtraFlags != 0)
            throw new NotSupportedException($"{desc} has a layout for its element type alone; it cannot become {type.ShortName}");
        var block = CopyOf(desc.Pointer);
        ((DnnlMemoryDesc2*)block.Pointer)->DataType = ToDnnl(type);
        return Intern(block);
    }

    internal override MemoryDesc? Reshape(MemoryDesc desc, Shape dims)
    {
        var block = NewDesc();
        return Optional(block, DnnlNative2.dnnl_memory_desc_reshape(block.Pointer, desc.Pointer, dims.Rank, DnnlDims.From(dims)));
    }

    internal override MemoryDesc? SubMemory(MemoryDesc desc, Shape dims, Shape offsets)
    {
        var block = NewDesc();
        return Optional(
            block, DnnlNative2.dnnl_memory_desc_init_submemory(block.Pointer, desc.Pointer, DnnlDims.From(dims), DnnlDims.From(offsets)));
    }

    internal override MemoryDesc? Copy(nint borrowed) =>
        borrowed == 0 || ((DnnlMemoryDesc2*)borrowed)->Rank == 0 ? null : Intern(CopyOf(borrowed));

    internal override bool NextImplementation(ref PrimitiveDescHandle handle, DnnlHandle? iterator)
    {
        if (iterator is null) return false;
        var status = DnnlNative2.dnnl_primitive_desc_iterator_next(iterator.DangerousGetHandle());
        if (status == DnnlStatus.LastImplementationReached) return false;
        DnnlNative.Check(status);
        handle.Dispose();
        handle = Fetch(iterator);
        return true;
    }

    internal override void AppendSum(PostOpsHandle postOps, float scale, int zero, DType? type) => DnnlNative.Check(
        DnnlNative2.dnnl_post_ops_append_sum_v3(postOps, scale, zero, type is { } given ? ToDnnl(given) : DnnlDataType.Undefined));

    internal override void AppendEltwise(PostOpsHandle postOps, float scale, EltwiseKind kind, float alpha, float beta) =>
        DnnlNative.Check(DnnlNative2.dnnl_post_ops_append_eltwise(
            postOps, scale, Number(kind) ?? throw new NativeException($"oneDNN 2.6 has no {kind}"), alpha, beta));

    /// <summary>Here sums of products and bias are scaled together, before the post-ops.</summary>
    internal override void SetScales(AttributeHandle attributes, IntegerScales scales, bool keepsFactors)
    {
        const int Channels = 1 << 1;
        var factor = keepsFactors ? ScaleOfPostOps(scales) : 1;
        var outputs = Array.ConvertAll(scales.Sums, sum => sum * factor);
        fixed (float* first = outputs)
            DnnlNative.Check(DnnlNative2.dnnl_primitive_attr_set_output_scales(attributes, outputs.Length, outputs.Length == 1 ? 0 : Channels, first));
        SetZero(attributes, DnnlArg.DNNL_ARG_SRC, scales.SourceZero);
        SetZero(attributes, DnnlArg.DNNL_ARG_DST, scales.ResultZero);
    }

    internal override float ScaleOfPostOps(IntegerScales scales) => 1 / scales.Result;

    internal override float[]? BiasFactors(IntegerScales scales) => Array.ConvertAll(scales.Sums, sum => 1 / sum);

    internal override IReadOnlyList<(int Arg, HostTensor Value)> ScaleArguments(IntegerScales scales) => [];

    private static void SetZero(AttributeHandle attributes, int arg, int zero)
    {
        if (zero != 0) DnnlNative.Check(DnnlNative2.dnnl_primitive_attr_set_zero_points(attributes, arg, count: 1, mask: 0, &zero));
    }

    private protected override MemoryDesc CreateStrided(DnnlDataType type, Shape dims, DnnlDims strides)
    {
        var block = NewDesc();
        return Required(block, DnnlNative2.dnnl_memory_desc_init_by_strides(block.Pointer, dims.Rank, DnnlDims.From(dims), type, strides));
    }

    private protected override MemoryLayout ReadLayout(nint pointer)
    {
        var d = (DnnlMemoryDesc2*)pointer;
        var blocked = d->FormatKind == DnnlFormatKind.Blocked;
        return new(
            d->FormatKind,
            d->DataType,
            new(Integers(d->Dims, d->Rank)),
            new ReadOnlySpan<long>(d->PaddedDims, d->Rank).ToArray(),
            blocked ? new ReadOnlySpan<long>(d->Strides, d->Rank).ToArray() : [],
            d->Offset0,
            blocked ? Integers(d->InnerBlocks, d->InnerBlockCount) : [],
            blocked ? Integers(d->InnerAxes, d->InnerBlockCount) : []);
    }

    private static int[] Integers(long* values, int count)
    {
        var integers = new int[count];
        for (var i = 0; i < count; i++) integers[i] = checked((int)values[i]);
        return integers;
    }

    private static HeapBlock NewDesc() => new(sizeof(DnnlMemoryDesc2));

    private static HeapBlock CopyOf(nint desc)
    {
        var block = NewDesc();
        *(DnnlMemoryDesc2*)block.Pointer = *(DnnlMemoryDesc2*)desc;
        return block;
    }

    private MemoryDesc Required(HeapBlock block, DnnlStatus status, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status != DnnlStatus.Success) block.Dispose();
        DnnlNative.Check(status, call);
        return Intern(block);
    }

    /// <summary>The descriptor, or null if the layout does not permit it, which oneDNN reports as invalid arguments.</summary>
    private MemoryDesc? Optional(HeapBlock block, DnnlStatus status)
    {
        if (status == DnnlStatus.Success) return Intern(block);
        block.Dispose();
        return null;
    }

    private static HeapBlock NewOperation() => new(DnnlNative2.LargestOperation);

    private static nint Address(MemoryDesc? desc) => desc?.Pointer ?? 0;

    /// <summary>Finds the first implementation of an operation whose struct has been filled with the answer <paramref name="initialised"/>.</summary>
    private PrimitiveDesc? Find(
        HeapBlock operation, DnnlStatus initialised, ReadOnlySpan<MemoryDesc?> operands, Attributes? attributes, PrimitiveDesc? hint = null,
        [CallerArgumentExpression(nameof(initialised))] string call = "")
    {
        PrimitiveDescIteratorHandle? iterator = null;
        PrimitiveDesc? found = null;
        try
        {
            if (!DnnlNative.IsImplemented(initialised, operands, call)) return null;
            using var attr = (attributes ?? Attributes.None).Create(this);
            var status = DnnlNative2.dnnl_primitive_desc_iterator_create(
                out iterator, operation.Pointer, attr, Engine.Handle, hint?.Handle ?? PrimitiveDescHandle.None);
            if (!DnnlNative.IsImplemented(status, operands, call)) return null;
            return found = new(this, Fetch(iterator), hint, iterator, operation);
        }
        finally
        {
            if (found is null)
            {
                iterator?.Dispose();
                operation.Dispose();
            }
        }
    }

    private static PrimitiveDescHandle Fetch(DnnlHandle iterator)
    {
        var handle = DnnlNative2.dnnl_primitive_desc_iterator_fetch(iterator.DangerousGetHandle());
        return handle.IsInvalid ? throw new NativeException("oneDNN: no memory for dnnl_primitive_desc_iterator_fetch") : handle;
    }

    private MemoryDesc Tagged(DType type, Shape dims, int tag)
    {
        var block = NewDesc();
        return Required(block, DnnlNative2.dnnl_memory_desc_init_by_tag(block.Pointer, dims.Rank, DnnlDims.From(dims), ToDnnl(type), tag));
    }
}
