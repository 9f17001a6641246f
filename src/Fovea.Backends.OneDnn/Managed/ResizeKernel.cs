using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Managed.Maps;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>A linear map of rows and one of columns over images with channels last or in blocks: resizing and its gradient.</summary>
/// <remarks>A pixel of the result is the sum over its row taps and column taps of the products of their weights and the source's pixel.</remarks>
internal sealed unsafe class ResizeKernel<T> : Kernel
    where T : INumbers
{
    private readonly Work _work;

    /// <param name="from">The layout of the source.</param>
    /// <param name="to">The layout of the result; the same kind.</param>
    /// <param name="rows">For each row of the source, its weight in each row of the result.</param>
    /// <param name="columns">The same for columns.</param>
    internal ResizeKernel(MemoryDesc from, MemoryDesc to, OracleTensor rows, OracleTensor columns)
    {
        var block = MapGrid.BlockOf(from);
        var lanes = block > 1 ? block : from.Dims.C;
        _work = new()
        {
            Outers = from.Dims.N * (block > 1 ? (from.Dims.C + block - 1) / block : 1),
            Lanes = lanes,
            FromWidth = from.Dims.W,
            FromImage = from.Dims.H * (long)from.Dims.W * lanes,
            Height = to.Dims.H,
            Width = to.Dims.W,
            Rows = Taps(rows, from.Dims.H, to.Dims.H),
            Columns = Taps(columns, from.Dims.W, to.Dims.W),
        };
    }

    internal override string Name => "fovea:resize";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var work = _work;
        (work.X, work.Y) = (at[0], at[1]);
        GompTeam.Run(Math.Min(work.Outers * work.Height, Chunks.Parts((long)work.Outers * work.Height * work.Width * work.Lanes)), &Part, (nint)(&work));
    }

    internal override void Release()
    {
        NativeMemory.Free(_work.Rows.First);
        NativeMemory.Free(_work.Rows.All);
        NativeMemory.Free(_work.Columns.First);
        NativeMemory.Free(_work.Columns.All);
    }

    /// <summary>The weights that are not zero, grouped by what they make.</summary>
    private static TapList Taps(OracleTensor weights, int sources, int targets)
    {
        var (first, all) = (new int[targets + 1], new List<Tap>());
        for (var target = 0; target < targets; target++)
        {
            for (var source = 0; source < sources; source++)
                if (weights[((long)source * targets) + target] is var weight and not 0) all.Add(new() { Source = source, Weight = (float)weight });
            first[target + 1] = all.Count;
        }

        var list = new TapList { First = (int*)NativeMemory.Alloc((nuint)(first.Length * sizeof(int))),
            All = (Tap*)NativeMemory.Alloc((nuint)((all.Count + 1) * sizeof(Tap))) };
        first.AsSpan().CopyTo(new Span<int>(list.First, first.Length));
        CollectionsMarshal.AsSpan(all).CopyTo(new Span<Tap>(list.All, all.Count));
        return list;
    }

    [SkipLocalsInit]
    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var sums = stackalloc float[work.Lanes + 16];
        var total = (long)work.Outers * work.Height;
        for (var i = total * part / parts; i < total * (part + 1) / parts; i++)
            for (var column = 0; column < work.Width; column++)
            {
                Pixel(in work, i / work.Height * work.FromImage, (int)(i % work.Height), column, sums);
                var to = ((i * work.Width) + column) * work.Lanes;
                var l = 0;
                for (; l + 16 <= work.Lanes; l += 16) T.Store(work.Y, to + l, Vector512.Load(sums + l));
                for (; l < work.Lanes; l++) T.StoreOne(work.Y, to + l, sums[l]);
            }
    }

    private static void Pixel(in Work work, long image, int row, int column, float* sums)
    {
        new Span<float>(sums, work.Lanes).Clear();
        for (var r = work.Rows.First[row]; r < work.Rows.First[row + 1]; r++)
            for (var c = work.Columns.First[column]; c < work.Columns.First[column + 1]; c++)
            {
                var weight = work.Rows.All[r].Weight * work.Columns.All[c].Weight;
                var from = image + ((((long)work.Rows.All[r].Source * work.FromWidth) + work.Columns.All[c].Source) * work.Lanes);
                var (l, factor) = (0, Vector512.Create(weight));
                for (; l + 16 <= work.Lanes; l += 16) Vector512.FusedMultiplyAdd(T.Load(work.X, from + l), factor, Vector512.Load(sums + l)).Store(sums + l);
                for (; l < work.Lanes; l++) sums[l] += T.LoadOne(work.X, from + l) * weight;
            }
    }

    private struct Tap
    {
        internal int Source;
        internal float Weight;
    }

    private struct TapList
    {
        internal int* First;
        internal Tap* All;
    }

    private struct Work
    {
        internal int Outers;
        internal int Lanes;
        internal int FromWidth;
        internal long FromImage;
        internal int Height;
        internal int Width;
        internal TapList Rows;
        internal TapList Columns;
        internal nint X;
        internal nint Y;
    }
}
