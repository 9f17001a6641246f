using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Winograd;

/// <summary>The tiles of a batch of images: 2×2 results of a 3×3 convolution each, from 4×4 pixels, counted image by image and row by row.</summary>
internal readonly unsafe struct TileGrid
{
    private const int Lanes = WinogradKernel.Lanes;
    private const int Tiles = WinogradKernel.Tiles;

    /// <param name="x">The images read.</param>
    /// <param name="y">The images written.</param>
    /// <param name="top">Rows of zeros above an image that is read.</param>
    /// <param name="left">Columns of zeros to its left.</param>
    internal TileGrid(Shape x, Shape y, int top, int left)
    {
        (Blocks, Height, Width, Top, Left) = (x.C / Lanes, x.H, x.W, top, left);
        (OutBlocks, OutHeight, OutWidth) = (y.C / Lanes, y.H, y.W);
        (Down, Across) = ((y.H + 1) / 2, (y.W + 1) / 2);
        Count = checked(x.N * Down * Across);
    }

    /// <summary>Channel blocks of the images read.</summary>
    internal int Blocks { get; }

    /// <summary>Channel blocks of the images written.</summary>
    internal int OutBlocks { get; }

    internal int OutHeight { get; }

    internal int OutWidth { get; }

    /// <summary>All tiles.</summary>
    internal int Count { get; }

    /// <summary>Tiles in batches of sixteen, the last of which may be smaller.</summary>
    internal int Batches => (Count + Tiles - 1) / Tiles;

    private int Height { get; }

    private int Width { get; }

    private int Top { get; }

    private int Left { get; }

    private int Down { get; }

    private int Across { get; }

    internal Tile this[int tile] => new(tile / Across / Down, tile / Across % Down, tile % Across);

    /// <summary>The tile behind another; the last one stands for those behind it.</summary>
    internal Tile Next(Tile tile)
    {
        if (tile.Column + 1 < Across) return tile with { Column = tile.Column + 1 };
        if (tile.Row + 1 < Down) return new(tile.Image, tile.Row + 1, 0);
        return (tile.Image + 1) * Down * Across < Count ? new(tile.Image + 1, 0, 0) : tile;
    }

    /// <summary>A batch of tiles to the positions: [16 positions][blocks][16 tiles][16 channels], positions <see cref="WinogradKernel.Step"/> apart.</summary>
    internal void Gather(float* x, int first, float* to)
    {
        var (step, plane) = (WinogradKernel.Step(Blocks), (long)Height * Width * Lanes);
        var tile = this[first];
        for (var t = 0; t < Tiles; t++, tile = Next(tile))
        {
            var (h, w) = ((2 * tile.Row) - Top, (2 * tile.Column) - Left);
            var isInside = h >= 0 && w >= 0 && h + 4 <= Height && w + 4 <= Width;
            var from = x + (tile.Image * Blocks * plane);
            var v = to + (t * Lanes);
            for (var c = 0; c < Blocks; c++, from += plane, v += Tiles * Lanes)
                if (isInside) WinogradTransforms.Inside(from + (((h * Width) + w) * Lanes), Width * Lanes, v, step);
                else WinogradTransforms.AtBorder(from, h, w, Height, Width, v, step);
        }
    }
}

/// <summary>Where a tile is: the image, its row and column of tiles.</summary>
internal readonly record struct Tile(int Image, int Row, int Column);
