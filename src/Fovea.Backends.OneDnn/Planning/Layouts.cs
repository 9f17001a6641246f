using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Maps;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>The layouts that a plan gives to values: row-major, like those of others, and those that it has given before.</summary>
internal sealed class Layouts(DnnlApi api)
{
    private readonly Dictionary<Shape, MemoryDesc> _usual = [];

    /// <summary>The shape that a descriptor has for a logical one: oneDNN has no tensors without axes.</summary>
    internal static Shape Logical(Shape shape) => shape.Rank == 0 ? new Shape(1) : shape;

    /// <summary>Dense and row-major.</summary>
    internal MemoryDesc Plain(TensorType type) => api.Plain(type.DType, Logical(type.Shape));

    /// <summary>The layout of a tensor of another shape that is laid out as <paramref name="like"/>: in channel blocks, channels last or plain.</summary>
    internal MemoryDesc Like(MemoryDesc like, TensorType type)
    {
        if (like.IsPlain || like.Dims.Rank != 4 || type.Shape.Rank != 4) return Plain(type);
        if (like.IsChannelsLast) return api.ChannelsLast(type.DType, type.Shape);
        return like.Layout is { InnerBlocks: [var block], InnerAxes: [1] } ? api.ChannelBlocks(type.DType, type.Shape, block) : Plain(type);
    }

    /// <summary>The layout in which this plan had an image of this shape last; plain where it had none.</summary>
    internal MemoryDesc Usual(TensorType type) => _usual.TryGetValue(type.Shape, out var usual) ? Like(usual, type) : Plain(type);

    /// <summary>Takes note of the layout of a result.</summary>
    internal void Note(MemoryDesc desc)
    {
        if (!desc.IsPlain && MapGrid.Fits(desc)) _usual[desc.Dims] = desc;
    }
}
