using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Managed.Channels;

/// <summary>Blocks of sixteen channels: each block of the result is put together of permuted blocks of the sources, pixel by pixel.</summary>
internal sealed unsafe class BlockGather<T> : GatherKernel
    where T : INumbers
{
    private const int Lanes = ChannelColumns.Lanes;

    private readonly nint* _at;
    private readonly Work _work;
    private readonly long _elements;

    internal BlockGather(ChannelMap map, MemoryDesc[] sources, MemoryDesc result)
    {
        var pixels = result.Dims.H * result.Dims.W;
        var (parts, blocks) = (new List<Piece>(), new List<Block>());
        for (var first = 0; first < map.Count; first += Lanes)
        {
            var lanes = Enumerable.Range(first, Math.Min(Lanes, map.Count - first)).Select(k => map.Channels[k]).ToArray();
            blocks.Add(new() { FirstPiece = parts.Count, Pieces = 0 });
            foreach (var group in lanes.Index().Where(lane => lane.Item.Source >= 0).GroupBy(lane => (lane.Item.Source, Block: lane.Item.Channel / Lanes)))
                parts.Add(PieceOf(group.Key.Source, group.Key.Block, [.. group], sources[group.Key.Source].Dims.C, lanes.Length, pixels));
            blocks[^1] = blocks[^1] with { Pieces = parts.Count - blocks[^1].FirstPiece };
        }

        _elements = result.PaddedElements;
        _at = Own(new nint[sources.Length + 1].AsSpan());
        _work = new()
        {
            At = _at,
            Sources = sources.Length,
            Pieces = Own<Piece>([.. parts]),
            Blocks = Own<Block>([.. blocks]),
            BlockCount = blocks.Count,
            Images = result.Dims.N,
            Pixels = pixels,
        };
    }

    internal override void Run(ReadOnlySpan<nint> at)
    {
        at.CopyTo(new Span<nint>(_at, at.Length));
        var work = _work;
        GompTeam.Run(Math.Min(work.Images * work.BlockCount, Chunks.Parts(_elements)), &Part, (nint)(&work));
    }

    /// <summary>Lane l of the piece is lane Index[l] of the source's block, or nothing.</summary>
    private static Piece PieceOf(int source, int block, (int Lane, ChannelSource From)[] lanes, int channels, int width, int pixels)
    {
        var piece = new Piece { Source = source, Start = (long)block * pixels * Lanes, Image = (channels + Lanes - 1L) / Lanes * pixels * Lanes };
        foreach (var (lane, from) in lanes)
        {
            piece.Index[lane] = from.Channel % Lanes;
            piece.Mask[lane] = -1;
        }

        piece.IsWhole = lanes.Length == width && lanes.All(lane => lane.Lane == lane.From.Channel % Lanes)
            && width == Math.Min(Lanes, channels - (block * Lanes));
        return piece;
    }

    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var total = (long)work.Images * work.BlockCount;
        for (var i = total * part / parts; i < total * (part + 1) / parts; i++) Fill(in work, i / work.BlockCount, (int)(i % work.BlockCount));
    }

    private static void Fill(in Work work, long image, int block)
    {
        var to = ((image * work.BlockCount) + block) * work.Pixels * Lanes;
        var pieces = work.Pieces + work.Blocks[block].FirstPiece;
        switch (work.Blocks[block].Pieces)
        {
            case 0:
                for (var p = 0; p < work.Pixels; p++) T.Store(work.At[work.Sources], to + (p * Lanes), Vector512<float>.Zero);
                break;
            case 1 when pieces->IsWhole: Copy(in work, ref *pieces, image, to); break;
            case 1: One(in work, ref *pieces, image, to); break;
            case 2: Two(in work, ref pieces[0], ref pieces[1], image, to); break;
            default: Many(in work, pieces, work.Blocks[block].Pieces, image, to); break;
        }
    }

    private static void Copy(in Work work, ref Piece piece, long image, long to)
    {
        var (x, from) = (work.At[piece.Source], piece.Start + (image * piece.Image));
        for (var i = 0L; i < (long)work.Pixels * Lanes; i += Lanes) T.Store(work.At[work.Sources], to + i, T.Load(x, from + i));
    }

    private static void One(in Work work, ref Piece piece, long image, long to)
    {
        var (x, from) = (work.At[piece.Source], piece.Start + (image * piece.Image));
        var (index, mask) = (piece.Indices, piece.Masks);
        for (var i = 0L; i < (long)work.Pixels * Lanes; i += Lanes) T.Store(work.At[work.Sources], to + i, Pick(T.Load(x, from + i), index) & mask);
    }

    private static void Two(in Work work, ref Piece a, ref Piece b, long image, long to)
    {
        var (x, from) = (work.At[a.Source], a.Start + (image * a.Image));
        var (z, other) = (work.At[b.Source], b.Start + (image * b.Image));
        var (index, mask, second, secondMask) = (a.Indices, a.Masks, b.Indices, b.Masks);
        for (var i = 0L; i < (long)work.Pixels * Lanes; i += Lanes)
            T.Store(work.At[work.Sources], to + i, (Pick(T.Load(x, from + i), index) & mask) | (Pick(T.Load(z, other + i), second) & secondMask));
    }

    private static void Many(in Work work, Piece* pieces, int count, long image, long to)
    {
        for (var i = 0L; i < (long)work.Pixels * Lanes; i += Lanes)
        {
            var y = Vector512<float>.Zero;
            for (var k = 0; k < count; k++)
                y |= Pick(T.Load(work.At[pieces[k].Source], pieces[k].Start + (image * pieces[k].Image) + i), pieces[k].Indices) & pieces[k].Masks;
            T.Store(work.At[work.Sources], to + i, y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Pick(Vector512<float> x, Vector512<int> index) =>
        Avx512F.IsSupported ? Avx512F.PermuteVar16x32(x, index) : Vector512.Shuffle(x, index);

    private struct Piece
    {
        internal int Source;
        internal long Start;
        internal long Image;
        internal bool IsWhole;
        internal fixed int Index[Lanes];
        internal fixed int Mask[Lanes];

        internal Vector512<int> Indices
        {
            get
            {
                fixed (int* at = Index) return Vector512.Load(at);
            }
        }

        internal Vector512<float> Masks
        {
            get
            {
                fixed (int* at = Mask) return Vector512.Load(at).AsSingle();
            }
        }
    }

    private record struct Block
    {
        internal int FirstPiece { get; init; }

        internal int Pieces { get; init; }
    }

    private struct Work
    {
        internal nint* At;
        internal int Sources;
        internal Piece* Pieces;
        internal Block* Blocks;
        internal int BlockCount;
        internal int Images;
        internal int Pixels;
    }
}
