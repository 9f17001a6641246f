using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Managed.Maps;

namespace Fovea.Backends.OneDnn.Managed.Lines;

/// <summary>The lines of a tensor along one axis: each a number of segments of neighbours, equally far apart.</summary>
/// <remarks>Line r begins at (r / Inner)·OuterStep + (r mod Inner)·InnerStep.</remarks>
internal readonly unsafe struct LineGrid
{
    private const int Lanes = 16;

    private readonly int _segment;
    private readonly int _segments;
    private readonly long _segmentStep;
    private readonly long _inner;
    private readonly long _outerStep;
    private readonly long _innerStep;

    /// <param name="desc">Plain, channels last, or blocks of sixteen channels when the axis is that of channels.</param>
    /// <param name="axis">The axis.</param>
    internal LineGrid(MemoryDesc desc, int axis)
    {
        var dims = desc.Dims;
        Length = dims[axis];
        Count = dims.Elements / Math.Max(1, Length);
        var block = MapGrid.BlockOf(desc);
        if (block > 1)
        {
            var pixels = dims.H * (long)dims.W;
            (_segment, _segments, _segmentStep) = (block, (Length + block - 1) / block, pixels * block);
            (_inner, _outerStep, _innerStep) = (pixels, _segments * pixels * block, block);
            return;
        }

        _inner = 1;
        if (desc.IsPlain)
            for (var a = axis + 1; a < dims.Rank; a++) _inner *= dims[a];
        (_segment, _segments, _segmentStep) = _inner == 1 ? (Length, 1, 0) : (1, Length, _inner);
        (_outerStep, _innerStep) = (Length * _inner, 1);
    }

    /// <summary>Elements of a line.</summary>
    internal int Length { get; }

    /// <summary>How many lines.</summary>
    internal long Count { get; }

    /// <summary>The length rounded up to whole vectors: what a line takes as float32.</summary>
    internal int Padded => (Length + Lanes - 1) / Lanes * Lanes;

    /// <summary>Whether a layout can be walked in lines along an axis.</summary>
    internal static bool Fits(MemoryDesc desc, int axis) =>
        desc.IsPlain || (axis == 1 && desc.Dims.Rank == 4 && (desc.IsChannelsLast || (MapGrid.Fits(desc) && MapGrid.BlockOf(desc) == Lanes)));

    /// <summary>The lines from one on.</summary>
    internal LineCursor From(long line) => new(line / _inner * _outerStep, line % _inner, _inner, _outerStep, _innerStep);

    /// <summary>The line that begins at an element, as float32, with zeros up to <see cref="Padded"/>.</summary>
    internal void Load<T>(nint from, long at, float* to)
        where T : INumbers
    {
        if (_segment == Lanes && _segments > 1)
        {
            for (var s = 0; s < _segments; s++, at += _segmentStep) T.Load(from, at).Store(to + (s * Lanes));
            return;
        }

        var i = 0;
        if (_segments == 1)
        {
            for (; i + Lanes <= Length; i += Lanes) T.Load(from, at + i).Store(to + i);
            for (; i < Length; i++) to[i] = T.LoadOne(from, at + i);
        }
        else
        {
            for (; i < Length; i++) to[i] = T.LoadOne(from, at + (i / _segment * _segmentStep) + (i % _segment));
        }

        for (; i < Padded; i++) to[i] = 0;
    }

    /// <summary>Writes a line back; lanes of a block beyond the length become what <paramref name="from"/> holds there.</summary>
    internal void Store<T>(nint to, long at, float* from)
        where T : INumbers
    {
        if (_segment == Lanes && _segments > 1)
        {
            for (var s = 0; s < _segments; s++, at += _segmentStep) T.Store(to, at, Vector512.Load(from + (s * Lanes)));
            return;
        }

        var i = 0;
        if (_segments == 1)
        {
            for (; i + Lanes <= Length; i += Lanes) T.Store(to, at + i, Vector512.Load(from + i));
            for (; i < Length; i++) T.StoreOne(to, at + i, from[i]);
            for (; i < _segment; i++) T.StoreOne(to, at + i, 0);
            return;
        }

        for (; i < Length; i++) T.StoreOne(to, at + (i / _segment * _segmentStep) + (i % _segment), from[i]);
    }

    /// <summary>Ones in the lanes of the last vector that belong to the line.</summary>
    internal Vector512<float> LastMask()
    {
        var lanes = stackalloc float[Lanes];
        for (var l = 0; l < Lanes; l++) lanes[l] = Padded - Lanes + l < Length ? 1 : 0;
        return Vector512.Load(lanes);
    }
}

/// <summary>Where one line after another begins, without a division for each.</summary>
internal struct LineCursor(long outer, long index, long inner, long outerStep, long innerStep)
{
    /// <summary>The first element of the line.</summary>
    internal long At { get; private set; } = outer + (index * innerStep);

    internal void Next()
    {
        At += innerStep;
        if (++index < inner) return;
        index = 0;
        outer += outerStep;
        At = outer;
    }
}
