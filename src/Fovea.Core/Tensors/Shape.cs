using System.Globalization;
using System.Runtime.CompilerServices;

namespace Fovea.Tensors;

/// <summary>The logical extent of a tensor along each axis: up to <see cref="MaxRank"/> axes, compared by content.</summary>
/// <remarks>
/// No shape is larger than <see cref="MaxElements"/>, so numbers of elements and bytes, and distances between elements, are exact. Images are [N, C, H, W],
/// convolution weights [K, C/groups, R, S], whatever a backend does with memory.
/// </remarks>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The largest number of axes.</summary>
    public const int MaxRank = 6;

    /// <summary>The largest product of the extents, where one of 0 counts as 1.</summary>
    public const long MaxElements = 1L << 40;

    private readonly Extents _extents;

    /// <summary>A shape with the given extents, outermost axis first.</summary>
    /// <exception cref="ShapeException">
    /// There are more than <see cref="MaxRank"/> axes, an extent is negative, or their product is above <see cref="MaxElements"/>.
    /// </exception>
    public Shape(params ReadOnlySpan<int> extents)
    {
        if (extents.Length > MaxRank) throw new ShapeException($"a shape has at most {MaxRank} axes, not {extents.Length}");
        Rank = extents.Length;
        var product = 1L;
        for (var i = 0; i < extents.Length; i++)
        {
            if (extents[i] < 0) throw new ShapeException($"axis {i} has the extent {extents[i]}; wanted at least 0");
            if (extents[i] > 1 && extents[i] > MaxElements / product)
                throw new ShapeException($"{Text(extents)} is too large; wanted at most {MaxElements} elements");
            product *= Math.Max(1, extents[i]);
            _extents[i] = extents[i];
        }
    }

    /// <summary>A shape with extents of 64 bits, as sums of extents and numbers in files are.</summary>
    /// <inheritdoc cref="Shape(ReadOnlySpan{int})" path="/exception"/>
    public static Shape Of(params ReadOnlySpan<long> extents)
    {
        if (extents.Length > MaxRank) throw new ShapeException($"a shape has at most {MaxRank} axes, not {extents.Length}");
        Span<int> narrow = stackalloc int[extents.Length];
        for (var i = 0; i < extents.Length; i++)
        {
            if (extents[i] is < 0 or > int.MaxValue) throw new ShapeException($"axis {i} has the extent {extents[i]}; wanted 0 to {int.MaxValue}");
            narrow[i] = (int)extents[i];
        }

        return new(narrow);
    }

    /// <summary>The shape of a single number: no axes, one element.</summary>
    public static Shape Scalar => default;

    /// <summary>The number of axes.</summary>
    public int Rank { get; }

    /// <summary>The number of elements.</summary>
    public long Elements
    {
        get
        {
            var product = 1L;
            for (var i = 0; i < Rank; i++) product *= _extents[i];
            return product;
        }
    }

    /// <summary>The first extent: images in a batch, or output channels of a weight.</summary>
    public int N => this[0];

    /// <summary>The second extent: channels.</summary>
    public int C => this[1];

    /// <summary>The third extent: height.</summary>
    public int H => this[2];

    /// <summary>The fourth extent: width.</summary>
    public int W => this[3];

    /// <summary>The extent along <paramref name="axis"/>, counted from the outermost.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public int this[int axis] => axis >= 0 && axis < Rank ? _extents[axis] : throw new ShapeException($"{this} has no axis {axis}");

    /// <summary>Whether both have the same extents.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether the extents differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>This shape with the extent of one axis replaced.</summary>
    /// <exception cref="ShapeException">There is no such axis, or no such shape.</exception>
    public Shape With(int axis, long extent)
    {
        if (axis < 0 || axis >= Rank) throw new ShapeException($"{this} has no axis {axis}");
        Span<long> extents = stackalloc long[Rank];
        for (var i = 0; i < Rank; i++) extents[i] = i == axis ? extent : _extents[i];
        return Of(extents);
    }

    /// <summary>The extents as a new array.</summary>
    public int[] ToArray()
    {
        var extents = new int[Rank];
        for (var i = 0; i < Rank; i++) extents[i] = _extents[i];
        return extents;
    }

    /// <summary>The distance, in elements, between neighbours along each axis of a dense row-major tensor.</summary>
    public long[] RowMajorStrides()
    {
        var strides = new long[Rank];
        var step = 1L;
        for (var i = Rank - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= _extents[i];
        }

        return strides;
    }

    /// <inheritdoc/>
    public bool Equals(Shape other)
    {
        if (Rank != other.Rank) return false;
        for (var i = 0; i < Rank; i++)
            if (_extents[i] != other._extents[i]) return false;
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (var i = 0; i < Rank; i++) hash.Add(_extents[i]);
        return hash.ToHashCode();
    }

    /// <summary>The extents in brackets, as in <c>[32, 3, 224, 224]</c>.</summary>
    public override string ToString() => Text(_extents[..Rank]);

    private static string Text(ReadOnlySpan<int> extents) =>
        $"[{string.Join(", ", extents.ToArray().Select(extent => extent.ToString(CultureInfo.InvariantCulture)))}]";

    [InlineArray(MaxRank)]
    private struct Extents
    {
        private int _first;
    }
}
