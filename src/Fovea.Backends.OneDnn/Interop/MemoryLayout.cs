using System.Globalization;
using System.Text;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>How a tensor lies in memory: oneDNN's blocking description, read out of a descriptor of either version.</summary>
/// <remarks>
/// Element (i₀, i₁, …) lies at Offset + Σ (iₐ / block of axis a)·Strides[a] plus its place within the inner blocks, which are listed
/// outermost first. Sizes count elements.
/// </remarks>
internal sealed record MemoryLayout(
    DnnlFormatKind Kind, DnnlDataType DataType, Shape Dims, long[] PaddedDims, long[] Strides, long Offset, int[] InnerBlocks, int[] InnerAxes)
{
    internal long PaddedElements => PaddedDims.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>Whether this is the dense row-major order, without blocks, padding or offset.</summary>
    internal bool IsPlain => Kind == DnnlFormatKind.Blocked && InnerBlocks.Length == 0 && Offset == 0 && HasStrides(Dims.RowMajorStrides());

    /// <summary>Whether channels (axis 1) vary fastest and the rest is row-major, dense, without padding.</summary>
    internal bool IsChannelsLast =>
        Kind == DnnlFormatKind.Blocked && InnerBlocks.Length == 0 && Offset == 0 && Dims.Rank > 2 && HasStrides(ChannelsLastStrides(Dims));

    /// <summary>Whether the elements and their padding fill one range without gaps.</summary>
    internal bool IsDense
    {
        get
        {
            if (Kind != DnnlFormatKind.Blocked) return false;
            var last = InnerBlocks.Aggregate(1L, (product, block) => product * block);
            for (var a = 0; a < Dims.Rank; a++) last += (OuterExtent(a) - 1) * Strides[a];
            return last == PaddedElements;
        }
    }

    /// <summary>The part of an element's place that its position along one axis accounts for; the place is their sum, and the offset.</summary>
    internal long Place(int axis, int position)
    {
        var (place, step) = (0L, 1L);
        var rest = position;
        for (var b = InnerBlocks.Length - 1; b >= 0; b--)
        {
            if (InnerAxes[b] == axis)
            {
                place += rest % InnerBlocks[b] * step;
                rest /= InnerBlocks[b];
            }

            step *= InnerBlocks[b];
        }

        return place + (rest * Strides[axis]);
    }

    /// <summary>Whether another layout puts every element, padding included, at the same place: two names of one layout.</summary>
    internal bool IsSameMemory(MemoryLayout other)
    {
        if ((Kind, other.Kind) != (DnnlFormatKind.Blocked, DnnlFormatKind.Blocked) || DataType != other.DataType || Dims != other.Dims || Offset != other.Offset
            || !PaddedDims.AsSpan().SequenceEqual(other.PaddedDims)) return false;
        for (var a = 0; a < Dims.Rank; a++)
            for (var i = 1; i < PaddedDims[a]; i++)
                if (Place(a, i) != other.Place(a, i)) return false;
        return true;
    }

    internal static long[] ChannelsLastStrides(Shape dims)
    {
        var strides = new long[dims.Rank];
        var step = (long)dims.C;
        for (var a = dims.Rank - 1; a >= 2; a--)
        {
            strides[a] = step;
            step *= dims[a];
        }

        (strides[0], strides[1]) = (step, 1);
        return strides;
    }

    /// <summary>oneDNN's name of the layout, as in <c>nChw16c</c>: axes from the outermost, blocked ones in capitals, then the inner blocks.</summary>
    /// <param name="letters">A letter for each axis, as in <c>nchw</c> or <c>goihw</c>.</param>
    internal string Name(string letters)
    {
        if (Kind != DnnlFormatKind.Blocked) return Kind switch { DnnlFormatKind.Any => "any", DnnlFormatKind.Undefined => "undef", _ => "opaque" };
        var name = new StringBuilder();
        foreach (var a in Enumerable.Range(0, Dims.Rank).OrderByDescending(a => Strides[a]).ThenByDescending(OuterExtent))
            name.Append(InnerAxes.Contains(a) ? char.ToUpperInvariant(letters[a]) : letters[a]);
        for (var b = 0; b < InnerBlocks.Length; b++)
            name.Append(CultureInfo.InvariantCulture, $"{InnerBlocks[b]}{letters[InnerAxes[b]]}");
        if (!IsDense) name.Append(CultureInfo.InvariantCulture, $"[strides {string.Join(' ', Strides)}]");
        if (Offset != 0) name.Append(CultureInfo.InvariantCulture, $"+{Offset}");
        return name.ToString();
    }

    /// <summary>The letters of a tensor of this rank; a tensor whose first axis is blocked, or that has five axes, is a weight.</summary>
    internal string DefaultLetters() => Dims.Rank switch
    {
        1 => "x",
        2 => InnerAxes.Contains(0) ? "oi" : "nc",
        3 => InnerAxes.Contains(0) ? "oiw" : "ncw",
        4 => InnerAxes.Contains(0) ? "oihw" : "nchw",
        5 => "goihw",
        _ => "abcdefghijkl"[..Dims.Rank],
    };

    private long OuterExtent(int axis)
    {
        var extent = PaddedDims[axis];
        for (var b = 0; b < InnerBlocks.Length; b++)
            if (InnerAxes[b] == axis) extent /= InnerBlocks[b];
        return extent;
    }

    private bool HasStrides(long[] strides)
    {
        for (var a = 0; a < strides.Length; a++)
            if (PaddedDims[a] != Dims[a] || (Strides[a] != strides[a] && Dims[a] != 1)) return false;
        return true;
    }
}
