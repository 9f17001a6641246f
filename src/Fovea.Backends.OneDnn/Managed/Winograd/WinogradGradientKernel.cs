using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Winograd;

/// <summary>The weight gradient of a 3×3 convolution of stride 1, the adjoint of <see cref="WinogradKernel"/>: reads dy and x, writes dw.</summary>
/// <remarks>
/// Each thread sums the products of its tiles position by position; the sums are joined in the order of the threads and brought back, Gᵀ·u·G.
/// </remarks>
internal sealed unsafe class WinogradGradientKernel : Kernel
{
    private const int Lanes = WinogradKernel.Lanes;
    private const int Tiles = WinogradKernel.Tiles;
    private const int Positions = WinogradKernel.Positions;

    private readonly WinogradWeights _weights;
    private readonly Work _work;

    internal WinogradGradientKernel(Shape x, Shape dy, int top, int left, WinogradWeights weights)
    {
        _weights = weights;
        _work = new() { Grid = new(x, dy, top, left), Threads = GompTeam.MaxThreads };
        _work.Room = (float*)NativeMemory.AlignedAlloc((nuint)(_work.Threads * _work.RoomOfThread * sizeof(float)), 64);
    }

    internal override string Name => "fovea:winograd";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var work = _work;
        work.Dy = (float*)at[0];
        work.X = (float*)at[1];
        work.Parts = (int)Math.Min(work.Grid.Batches, work.Threads);
        GompTeam.Run(work.Parts, &Part, (nint)(&work));
        GompTeam.Run(work.Parts, &Join, (nint)(&work));
        _weights.Restore(work.Room, (float*)at[2]);
    }

    internal override void Release()
    {
        _weights.Free();
        NativeMemory.AlignedFree(_work.Room);
    }

    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        ref var grid = ref work.Grid;
        var sums = work.Room + (part * work.RoomOfThread);
        new Span<float>(sums, checked((int)work.SumCount)).Clear();
        var gathered = sums + work.SumCount;
        var gradients = gathered + (Positions * WinogradKernel.Step(grid.Blocks));
        for (var batch = (int)((long)grid.Batches * part / parts); batch < (int)((long)grid.Batches * (part + 1) / parts); batch++)
        {
            grid.Gather(work.X, batch * Tiles, gathered);
            Spread(in work, batch * Tiles, gradients);
            Multiply(in grid, gathered, gradients, sums);
        }
    }

    /// <summary>The gradients of a batch of tiles to the positions: [16 positions][blocks][16 tiles][16 channels]; zeros where there is no tile.</summary>
    private static void Spread(in Work work, int first, float* to)
    {
        ref readonly var grid = ref work.Grid;
        var (plane, step) = ((long)grid.OutHeight * grid.OutWidth * Lanes, WinogradKernel.Step(grid.OutBlocks));
        var tile = grid[first];
        for (var t = 0; t < Tiles; t++, tile = grid.Next(tile))
        {
            var height = first + t < grid.Count ? grid.OutHeight : 0;
            for (var k = 0; k < grid.OutBlocks; k++)
            {
                var dy = work.Dy + (((tile.Image * grid.OutBlocks) + k) * plane);
                WinogradTransforms.Adjoint(dy, 2 * tile.Row, 2 * tile.Column, height, grid.OutWidth, to + (((k * Tiles) + t) * Lanes), step);
            }
        }
    }

    private static void Multiply(in TileGrid grid, float* gathered, float* gradients, float* sums)
    {
        const int Block = Tiles * Lanes;
        var (step, stepOfGradients) = (WinogradKernel.Step(grid.Blocks), WinogradKernel.Step(grid.OutBlocks));
        for (var p = 0; p < Positions; p++)
            for (var k = 0; k < grid.OutBlocks; k++)
                for (var c = 0; c < grid.Blocks; c++)
                {
                    var to = sums + (((((long)k * Positions) + p) * grid.Blocks) + c) * Block;
                    WinogradProducts.Accumulate(gathered + (p * step) + (c * Block), gradients + (p * stepOfGradients) + (k * Block), to);
                }
    }

    /// <summary>Adds the sums of all threads to those of the first.</summary>
    private static void Join(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var rows = work.SumCount / Lanes;
        for (var other = 1; other < work.Parts; other++)
        {
            var from = work.Room + (other * work.RoomOfThread);
            for (var i = rows * part / parts * Lanes; i < rows * (part + 1) / parts * Lanes; i += Lanes)
                (Vector512.Load(work.Room + i) + Vector512.Load(from + i)).Store(work.Room + i);
        }
    }

    private struct Work
    {
        internal TileGrid Grid;
        internal float* Dy;
        internal float* X;
        internal float* Room;
        internal int Threads;
        internal int Parts;

        internal readonly long SumCount => (long)Positions * Grid.Blocks * Grid.OutBlocks * Lanes * Lanes;

        internal readonly long RoomOfThread => SumCount + (Positions * (WinogradKernel.Step(Grid.Blocks) + WinogradKernel.Step(Grid.OutBlocks)));
    }
}
