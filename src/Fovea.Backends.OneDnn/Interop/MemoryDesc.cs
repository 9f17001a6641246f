using System.Diagnostics.CodeAnalysis;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>The shape, element type and layout of a tensor as oneDNN knows it. A value: immutable and compared by content.</summary>
/// <remarks>
/// Descriptors are interned by <see cref="DnnlApi"/> and live as long as the process, so they need no disposal; a process meets as many
/// as it has distinct shapes and layouts, of about a kilobyte each.
/// </remarks>
internal sealed class MemoryDesc : IEquatable<MemoryDesc>
{
    private readonly DnnlApi _api;
    private readonly DnnlHandle _handle;

    internal MemoryDesc(DnnlApi api, DnnlHandle handle, MemoryLayout layout)
    {
        _api = api;
        _handle = handle;
        Layout = layout;
        Bytes = (long)DnnlNative.dnnl_memory_desc_get_size(Pointer);
    }

    /// <summary>What oneDNN takes for a <c>const dnnl_memory_desc_t</c>.</summary>
    internal nint Pointer => _handle.DangerousGetHandle();

    internal MemoryLayout Layout { get; }

    /// <summary>The logical shape.</summary>
    internal Shape Dims => Layout.Dims;

    /// <exception cref="NotSupportedException">The element type is one that <see cref="Fovea.Tensors.DType"/> lacks.</exception>
    internal DType DType => DnnlApi.ToDType(Layout.DataType);

    /// <summary>How much memory a tensor takes, padding included; 0 while the layout is not chosen.</summary>
    internal long Bytes { get; }

    /// <summary>The number of elements, padding included.</summary>
    internal long PaddedElements => Layout.PaddedElements;

    /// <summary>Whether the layout is dense row-major (nchw).</summary>
    internal bool IsPlain => Layout.IsPlain;

    /// <summary>Whether the layout is dense with channels innermost (nhwc).</summary>
    internal bool IsChannelsLast => Layout.IsChannelsLast;

    /// <summary>Whether the layout is still to be chosen by a primitive.</summary>
    internal bool IsAny => Layout.Kind == DnnlFormatKind.Any;

    /// <summary>Whether the layout is one of strides and blocks, not one that oneDNN keeps to itself (Winograd weights, for one).</summary>
    internal bool IsBlocked => Layout.Kind == DnnlFormatKind.Blocked;

    /// <summary>The layout's name, as in nchw, nChw16c, OIhw16i16o; whether letters are those of data or of weights is guessed.</summary>
    internal string Format => Layout.Name(Layout.DefaultLetters());

    public static bool operator ==(MemoryDesc? left, MemoryDesc? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(MemoryDesc? left, MemoryDesc? right) => !(left == right);

    /// <summary>The layout's name with the given letters for the axes, as in <c>FormatAs("oihw")</c>.</summary>
    internal string FormatAs(string letters) => Layout.Name(letters);

    /// <summary>The same layout with elements of another type; only for layouts of strides and blocks, or free ones.</summary>
    /// <exception cref="NotSupportedException">The layout is opaque, or carries int8 compensation.</exception>
    internal MemoryDesc WithDType(DType type) => type == DType && !IsAny ? this : _api.WithDType(this, type);

    /// <summary>The same memory seen with another shape, or null where the layout does not permit it.</summary>
    internal MemoryDesc? Reshape(Shape dims) => _api.Reshape(this, dims);

    /// <summary>A box of this tensor, in place, or null where the layout does not permit it (an offset inside a block).</summary>
    /// <remarks>A <see cref="Memory"/> of the result takes the address of the whole tensor; the offset is in the descriptor.</remarks>
    internal MemoryDesc? SubMemory(Shape dims, Shape offsets) => _api.SubMemory(this, dims, offsets);

    /// <summary>Whether another descriptor names the same layout otherwise, as nChw16c and nhwc do where there are sixteen channels.</summary>
    internal bool IsSameMemory(MemoryDesc other) => Bytes == other.Bytes && Layout.IsSameMemory(other.Layout);

    public bool Equals([NotNullWhen(true)] MemoryDesc? other) =>
        other is not null && (ReferenceEquals(this, other) || DnnlNative.dnnl_memory_desc_equal(Pointer, other.Pointer) != 0);

    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as MemoryDesc);

    public override int GetHashCode() => HashCode.Combine(Layout.Kind, Layout.DataType, Dims, Layout.InnerBlocks.Length);

    /// <summary>Type, layout and shape, as in <c>f32:nChw16c[32, 64, 56, 56]</c>.</summary>
    public override string ToString()
    {
        var type = Layout.DataType switch
        {
            DnnlDataType.Float32 or DnnlDataType.BFloat16 or DnnlDataType.Int32 or DnnlDataType.Int8 or DnnlDataType.UInt8 => DType.ShortName,
            var other => $"type{(int)other}",
        };
        return $"{type}:{Format}{Dims}";
    }
}
