using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Winograd;

/// <summary>A 3×3 convolution of stride 1 over blocks of sixteen channels by Winograd's F(2×2, 3×3): reads x and w, writes y.</summary>
/// <remarks>
/// Lavin and Gray 2015 (arXiv:1509.09308): tiles of 2×2 results from 4×4 pixels, 16 products in place of 36. A batch of sixteen tiles is brought to
/// the sixteen positions of the transform, multiplied position by position, and brought back, without leaving the core's caches.
/// </remarks>
internal sealed unsafe class WinogradKernel : Kernel
{
    internal const int Lanes = ChannelColumns.Lanes;

    /// <summary>How many tiles are multiplied at a time: one register each.</summary>
    internal const int Tiles = 16;

    /// <summary>4×4.</summary>
    internal const int Positions = 16;

    private readonly WinogradWeights _weights;
    private readonly Work _work;

    /// <param name="x">The image read, in blocks of sixteen channels.</param>
    /// <param name="y">The image written, likewise.</param>
    /// <param name="top">Rows of zeros above the image.</param>
    /// <param name="left">Columns of zeros to its left.</param>
    /// <param name="weights">Where the weights lie.</param>
    internal WinogradKernel(Shape x, Shape y, int top, int left, WinogradWeights weights)
    {
        _weights = weights;
        _work = new() { Grid = new(x, y, top, left), Threads = GompTeam.MaxThreads };
        _work.Room = (float*)NativeMemory.AlignedAlloc((nuint)(_work.Threads * _work.RoomOfThread * sizeof(float)), 64);
        _work.Transformed = (float*)NativeMemory.AlignedAlloc((nuint)((long)Positions * x.C * y.C * sizeof(float)), 64);
    }

    internal override string Name => "fovea:winograd";

    /// <summary>From one position of a batch to the next, in elements: a line more than it takes, or stores and loads would meet modulo 4 KiB.</summary>
    internal static long Step(int blocks) => ((long)blocks * Tiles * Lanes) + Lanes;

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var work = _work;
        work.X = (float*)at[0];
        work.Y = (float*)at[2];
        _weights.Transform((float*)at[1], work.Transformed);
        GompTeam.Run((int)Math.Min(work.Grid.Batches, work.Threads), &Part, (nint)(&work));
    }

    internal override void Release()
    {
        _weights.Free();
        NativeMemory.AlignedFree(_work.Room);
        NativeMemory.AlignedFree(_work.Transformed);
    }

    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        ref var grid = ref work.Grid;
        var (step, stepOfProducts) = (Step(grid.Blocks), Step(1));
        var gathered = work.Room + (part * work.RoomOfThread);

        // Products of one block of results take the place of what they are made of, so that a batch stays in the first-level cache.
        var products = grid is { Blocks: 1, OutBlocks: 1 } ? gathered : gathered + (Positions * step);
        for (var batch = (int)((long)grid.Batches * part / parts); batch < (int)((long)grid.Batches * (part + 1) / parts); batch++)
        {
            grid.Gather(work.X, batch * Tiles, gathered);
            for (var k = 0; k < grid.OutBlocks; k++)
            {
                var weights = work.Transformed + ((long)k * Positions * grid.Blocks * Lanes * Lanes);
                for (var p = 0; p < Positions; p++)
                    WinogradProducts.Multiply(
                        gathered + (p * step), weights + ((long)p * grid.Blocks * Lanes * Lanes), grid.Blocks, products + (p * stepOfProducts));
                Scatter(in work, batch * Tiles, k, products);
            }
        }
    }

    private static void Scatter(in Work work, int first, int block, float* products)
    {
        ref readonly var grid = ref work.Grid;
        var (plane, step) = ((long)grid.OutHeight * grid.OutWidth * Lanes, Step(1));
        var tile = grid[first];
        for (var t = Math.Min(Tiles, grid.Count - first); t > 0; t--, tile = grid.Next(tile), products += Lanes)
        {
            var y = work.Y + (((tile.Image * grid.OutBlocks) + block) * plane);
            WinogradTransforms.Result(products, step, y, 2 * tile.Row, 2 * tile.Column, grid.OutHeight, grid.OutWidth);
        }
    }

    private struct Work
    {
        internal TileGrid Grid;
        internal float* X;
        internal float* Y;
        internal float* Transformed;
        internal float* Room;
        internal int Threads;

        internal readonly long RoomOfThread => Positions * (Step(Grid.Blocks) + Step(1));
    }
}
