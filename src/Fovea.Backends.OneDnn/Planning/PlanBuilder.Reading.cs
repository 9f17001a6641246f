using Fovea.Backends.OneDnn.Interop;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>What kernels read: a value as it lies, or in the layout that they want.</summary>
internal sealed partial class PlanBuilder
{
    /// <summary>Whether a value has a place already.</summary>
    internal bool IsPlaced(Value value) => _places.ContainsKey(value);

    /// <summary>A value as it lies, with strides and gaps where it is a view of another.</summary>
    internal Buffer Seen(Value value) => _places.TryGetValue(value, out var place) && place.Memory is { } memory ? memory : Of(value);

    /// <summary>Whether a value has no blocks, so that views of it are a matter of strides.</summary>
    internal bool IsStrided(Value value) => Seen(value).Desc is { IsBlocked: true, Layout: { InnerBlocks.Length: 0, Offset: 0 } } desc
        && desc.Dims == Layouts.Logical(value.Shape);

    /// <summary>A value in the layout it was computed in, without gaps; what is seen in another with strides is copied out of it first.</summary>
    internal Buffer Of(Value value)
    {
        if (!_places.TryGetValue(value, out var place))
            return value.Variable is not null
                ? VariableLike(value, Preferred.GetValueOrDefault(value))
                : throw new InvalidOperationException($"{value.Node}: %{value.Id} has no buffer yet");
        if (place.Memory is null) return As(value, Of(place.Source!).Desc.WithDType(value.Type.DType));
        return place.IsDirect ? place.Memory : MoveOut(value, place.Memory);
    }

    /// <summary>The layout that <see cref="Of"/> would have; a conversion is not brought about for it.</summary>
    internal MemoryDesc LayoutOf(Value value) =>
        _places.TryGetValue(value, out var place) && place.Source is { } source ? LayoutOf(source).WithDType(value.Type.DType) : Of(value).Desc;

    /// <summary>A value in the given layout and element type; copied where it does not exist so.</summary>
    internal Buffer As(Value value, MemoryDesc desc)
    {
        var place = _places.GetValueOrDefault(value);
        if (place?.Source is { } source) return Copy(value, Narrowest(value, source), desc);
        if (place is { Memory: { } view, IsDirect: false } && view.Desc.Dims == desc.Dims) return Copy(value, view, desc);
        var own = Of(value);
        return IsSame(own, desc) ? View(own, desc) : Copy(value, own, desc);
    }

    /// <summary>A value dense and row-major, in its logical shape.</summary>
    internal Buffer Plain(Value value) => As(value, Layouts.Plain(value.Type));

    /// <summary>A value row-major without gaps: a view where only the names of axes differ from its own layout.</summary>
    internal Buffer DensePlain(Value value)
    {
        var (own, plain) = (Of(value), Layouts.Plain(value.Type));
        return own.Desc != plain && own.Desc.Dims == plain.Dims && IsRowMajor(own.Desc) ? View(own, plain) : As(value, plain);
    }

    /// <summary>A value as a buffer whose descriptor has the given shape.</summary>
    internal Buffer Reshaped(Value value, Shape dims)
    {
        var own = Of(value);
        return own.Desc.Dims == dims ? own : Reshaped(value, own, dims);
    }

    /// <summary>A value of fewer axes, with leading axes of extent 1 up to <paramref name="rank"/>.</summary>
    internal Buffer Aligned(Value value, int rank)
    {
        var plain = DensePlain(value);
        var extents = Enumerable.Repeat(1, rank - plain.Desc.Dims.Rank).Concat(plain.Desc.Dims.ToArray()).ToArray();
        return View(plain, Api.Plain(value.Type.DType, new Shape(extents)));
    }

    /// <summary>What a conversion is made from: a copy in another layout where it is narrower than the source, which then need not live on.</summary>
    private Buffer Narrowest(Value value, Value source) =>
        value.Type.DType.Size < source.Type.DType.Size && _places[value].Copies is [var narrow, ..] ? narrow : Of(source);

    /// <summary>Whether a buffer has a layout already, under the same or another name.</summary>
    private static bool IsSame(Buffer buffer, MemoryDesc desc) => buffer.Desc == desc || buffer.Desc.IsSameMemory(desc);

    private Buffer Copy(Value value, Buffer from, MemoryDesc desc)
    {
        var copies = _places[value].Copies;
        if (copies.Find(copy => IsSame(copy, desc)) is { } known) return View(known, desc);
        if (from.Desc.Dims != desc.Dims) from = Reshaped(value, from, desc.Dims);
        if (from.Desc == desc) return from;
        var copy = NewLike(from, desc);
        copy.Tenants.Add(value);
        copies.Add(copy);
        EmitReorder(value.Node, from, copy);
        return copy;
    }

    /// <summary>Gives a value memory of its own in place of what it is seen in: in the same channel blocks, else row-major.</summary>
    private Buffer MoveOut(Value value, Buffer view)
    {
        var own = NewLike(view, Layouts.Like(view.Desc, value.Type));
        EmitReorder(value.Node, view, own);
        return Let(value, own);
    }

    /// <summary>Whether the elements lie in row-major order, as they do in channel blocks over a single pixel.</summary>
    private static bool IsRowMajor(MemoryDesc desc) =>
        desc.IsPlain || (desc.IsBlocked && desc.Dims.Rank == 4 && desc.Dims.H * desc.Dims.W == 1 && desc.Layout.IsDense
            && desc.PaddedElements == desc.Dims.Elements);

    private Buffer Reshaped(Value value, Buffer from, Shape dims)
    {
        if (from.Desc.Reshape(dims) is { } seen) return View(from, seen);
        var plain = Copy(value, from, Api.Plain(from.Desc.DType, from.Desc.Dims));
        return View(plain, plain.Desc.Reshape(dims) ?? throw new InvalidOperationException($"{plain.Desc} does not reshape to {dims}"));
    }
}
