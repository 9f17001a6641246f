using System.Runtime.InteropServices;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>dnnl_dims_t: up to 12 extents.</summary>
internal unsafe struct DnnlDims
{
    internal const int MaxRank = 12;

    internal fixed long Values[MaxRank];

    internal static DnnlDims From(Shape shape)
    {
        DnnlDims dims;
        for (var i = 0; i < MaxRank; i++) dims.Values[i] = i < shape.Rank ? shape[i] : 0;
        return dims;
    }

    /// <summary>oneDNN counts the gaps between taps: 0 is dense.</summary>
    internal static DnnlDims FromDilations(Shape dilations)
    {
        DnnlDims dims;
        for (var i = 0; i < MaxRank; i++) dims.Values[i] = i < dilations.Rank ? dilations[i] - 1 : 0;
        return dims;
    }

    internal static DnnlDims From(ReadOnlySpan<long> values)
    {
        DnnlDims dims;
        for (var i = 0; i < MaxRank; i++) dims.Values[i] = i < values.Length ? values[i] : 0;
        return dims;
    }
}

/// <summary>dnnl_exec_arg_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DnnlExecArg
{
    internal int Arg;
    internal nint Memory;
}

/// <summary>dnnl_version_t, up to what is read.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DnnlVersion
{
    internal int Major;
    internal int Minor;
    internal int Patch;
    internal nint Hash;
    internal uint CpuRuntime;
    internal uint GpuRuntime;
}

/// <summary>dnnl_memory_desc_t of oneDNN 2.6, with the blocking description of its union.</summary>
[StructLayout(LayoutKind.Explicit, Size = 696)]
internal unsafe struct DnnlMemoryDesc2
{
    [FieldOffset(0)] internal int Rank;
    [FieldOffset(8)] internal fixed long Dims[DnnlDims.MaxRank];
    [FieldOffset(104)] internal DnnlDataType DataType;
    [FieldOffset(112)] internal fixed long PaddedDims[DnnlDims.MaxRank];
    [FieldOffset(208)] internal fixed long PaddedOffsets[DnnlDims.MaxRank];
    [FieldOffset(304)] internal long Offset0;
    [FieldOffset(312)] internal DnnlFormatKind FormatKind;
    [FieldOffset(320)] internal fixed long Strides[DnnlDims.MaxRank];
    [FieldOffset(416)] internal int InnerBlockCount;
    [FieldOffset(424)] internal fixed long InnerBlocks[DnnlDims.MaxRank];
    [FieldOffset(520)] internal fixed long InnerAxes[DnnlDims.MaxRank];
    [FieldOffset(616)] internal ulong ExtraFlags;
}
