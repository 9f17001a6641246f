using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Managed.Maps;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Dropout over a plain tensor: reads x and the step. Four neighbours share a block of the generator; sixteen blocks are drawn together.</summary>
internal sealed unsafe class DropoutKernel<T>(RandomDropout op, long elements) : Kernel
    where T : INumbers
{
    private const int Lanes = 16;

    internal override string Name => "fovea:dropout";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var work = new Work
        {
            Draws = new Philox(op.Seed, Philox.Stream(op.Stream, (ulong)Elements.Ints(at[1], 1)[0])),
            Least = (uint)Math.Ceiling(op.Rate * (1 << 24)),
            Scale = (float)(1 / (1 - op.Rate)),
            Elements = elements,
            X = at[0],
            Y = at[2],
        };
        GompTeam.Run(Chunks.Parts(work.Elements), &Part, (nint)(&work));
    }

    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var (i, end) = Chunks.Of(part, parts, work.Elements);
        for (; i + (4 * Lanes) <= end; i += 4 * Lanes) SixtyFour(in work, i);
        for (; i < end; i++) One(in work, i, work.Draws.Bits((ulong)i));
    }

    private static void SixtyFour(in Work work, long i)
    {
        var (a, b, c, d) = work.Draws.Blocks((ulong)i >> 2);
        var (least, scale) = (Vector512.Create(work.Least), Vector512.Create(work.Scale));
        var kept = Kept(a, least) | (Kept(b, least) << 1) | (Kept(c, least) << 2) | (Kept(d, least) << 3);
        for (var v = 0; v < 4; v++, kept >>= Lanes)
            T.Store(work.Y, i + (v * Lanes), VectorMath.Lanes((int)kept) & (T.Load(work.X, i + (v * Lanes)) * scale));
    }

    /// <summary>Bit 4·l tells whether lane l is kept.</summary>
    private static ulong Kept(Vector512<uint> draws, Vector512<uint> least)
    {
        var bits = Vector512.GreaterThanOrEqual(draws >>> 8, least).ExtractMostSignificantBits();
        bits = (bits | (bits << 24)) & 0x0000_00FF_0000_00FF;
        bits = (bits | (bits << 12)) & 0x000F_000F_000F_000F;
        bits = (bits | (bits << 6)) & 0x0303_0303_0303_0303;
        return (bits | (bits << 3)) & 0x1111_1111_1111_1111;
    }

    private static void One(in Work work, long i, uint bits) =>
        T.StoreOne(work.Y, i, bits >> 8 >= work.Least ? T.LoadOne(work.X, i) * work.Scale : 0);

    private struct Work
    {
        internal Philox Draws;
        internal uint Least;
        internal float Scale;
        internal long Elements;
        internal nint X;
        internal nint Y;
    }
}
