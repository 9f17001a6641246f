using Fovea.Cli.Usage;
using SkiaSharp;

namespace Fovea.Cli.Pictures;

/// <summary>Draws blocks of pictures on one sheet, as PNG.</summary>
internal sealed class PreviewSheet : IDisposable
{
    private const int Margin = 24;
    private const int Gap = 10;
    private const int LineHeight = 17;
    private const int SmallTile = 112;
    private const int LargeTile = 256;
    private const int MostTitle = 900;
    private const long MostPixels = 100_000_000;

    private readonly string _title;
    private readonly string _subtitle;
    private readonly IReadOnlyList<PreviewBlock> _blocks;
    private readonly SKSizeI _tile;
    private readonly SKFont _titleFont = new(PictureFont.Face(isBold: true), 20);
    private readonly SKFont _headingFont = new(PictureFont.Face(isBold: true), 15);
    private readonly SKFont _font = new(PictureFont.Face(), 13);
    private readonly SKFont _smallFont = new(PictureFont.Face(), 11);
    private readonly SKPaint _ink = new() { Color = new(0x22, 0x22, 0x22), IsAntialias = true };
    private readonly SKPaint _faint = new() { Color = new(0x77, 0x77, 0x77), IsAntialias = true };

    private PreviewSheet(string title, string subtitle, IReadOnlyList<PreviewBlock> blocks)
    {
        (_title, _subtitle, _blocks) = (title, subtitle, blocks);
        _tile = TileOf(blocks[0].Rows[0].Tiles[0].Image.Width, blocks[0].Rows[0].Tiles[0].Image.Height);
    }

    /// <exception cref="UsageException">The sheet would be too large.</exception>
    internal static byte[] Draw(string title, string subtitle, IReadOnlyList<PreviewBlock> blocks)
    {
        using var sheet = new PreviewSheet(title, subtitle, blocks);
        return sheet.Draw();
    }

    public void Dispose()
    {
        foreach (var font in (SKFont[])[_titleFont, _headingFont, _font, _smallFont]) font.Dispose();
        foreach (var paint in (SKPaint[])[_ink, _faint]) paint.Dispose();
    }

    /// <summary>Small pictures are enlarged by a whole factor, so that each pixel is a square; large ones are shrunk.</summary>
    internal static SKSizeI TileOf(int width, int height)
    {
        var side = Math.Max(width, height);
        if (side < SmallTile) return new(width * ((SmallTile + side - 1) / side), height * ((SmallTile + side - 1) / side));
        var share = Math.Min(1, LargeTile / (double)side);
        return new((int)Math.Round(width * share), (int)Math.Round(height * share));
    }

    private int Columns => _blocks.Max(block => block.Rows.Max(row => row.Tiles.Count));

    private byte[] Draw()
    {
        var width = (2 * Margin) + Math.Max((Columns * (_tile.Width + Gap)) - Gap, WidthOfTitles());
        var height = (long)(2 * Margin) + (3 * LineHeight) + _blocks.Sum(HeightOf);
        if (width * height > MostPixels)
            throw new UsageException($"the sheet has {width}×{height} pixels; wanted at most {MostPixels}: fewer --images or --draws");
        using var surface = SKSurface.Create(new SKImageInfo(width, (int)height));
        var canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        canvas.DrawText(FittedText.Middle(_title, _titleFont, width - (2 * Margin)), Margin, Margin + LineHeight, _titleFont, _ink);
        canvas.DrawText(FittedText.Beginning(_subtitle, _font, width - (2 * Margin)), Margin, Margin + (2 * LineHeight) + 6, _font, _faint);
        var y = Margin + (3 * LineHeight);
        foreach (var block in _blocks) y = Draw(canvas, block, y, width);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    /// <summary>What the lines above the pictures want, within bounds: few small pictures leave too little.</summary>
    private int WidthOfTitles() =>
        (int)Math.Ceiling(Math.Min(MostTitle, Math.Max(_titleFont.MeasureText(_title), _font.MeasureText(_subtitle))));

    private long HeightOf(PreviewBlock block) => (2 * LineHeight) + (LinesOf(block.Columns) * LineHeight) + block.Rows.Sum(row => (long)HeightOf(row));

    private int HeightOf(PreviewRow row) => _tile.Height + Gap + ((LinesBelow(row) + (row.Name.Length > 0 ? 1 : 0)) * LineHeight);

    private static int LinesOf(IReadOnlyList<IReadOnlyList<string>> columns) => columns.Select(lines => lines.Count).DefaultIfEmpty(0).Max();

    private int LinesBelow(PreviewRow row) => row.Tiles.Max(tile => Lines(tile).Count);

    private IReadOnlyList<string> Lines(PreviewTile tile) =>
    [
        .. tile.Lines.SelectMany(line => FittedText.Wrapped(line, _font, _tile.Width)),
        .. tile.File.Length > 0 ? [FittedText.Middle(tile.File, _font, _tile.Width)] : Array.Empty<string>(),
    ];

    private int Draw(SKCanvas canvas, PreviewBlock block, int y, int width)
    {
        y += LineHeight + 6;
        canvas.DrawText(FittedText.Beginning(block.Heading, _headingFont, width - (2 * Margin)), Margin, y, _headingFont, _ink);
        y += LineHeight - 6;
        foreach (var (column, lines) in block.Columns.Index())
            foreach (var (line, text) in lines.Index())
                canvas.DrawText(FittedText.Beginning(text, _font, _tile.Width), Left(column), y + ((line + 1) * LineHeight) - 6, _font, _faint);
        y += LinesOf(block.Columns) * LineHeight;
        foreach (var row in block.Rows)
        {
            foreach (var (column, tile) in row.Tiles.Index()) Draw(canvas, tile, Left(column), y);
            if (row.Name.Length > 0) DrawName(canvas, row, y + _tile.Height + ((LinesBelow(row) + 1) * LineHeight) - 3, width - Margin);
            y += HeightOf(row);
        }

        return y;
    }

    /// <summary>What a row is of, and behind it as much of the end of its path as there is room for.</summary>
    private void DrawName(SKCanvas canvas, PreviewRow row, int y, int right)
    {
        var name = FittedText.Beginning(row.Name, _font, right - Margin);
        canvas.DrawText(name, Margin, y, _font, _ink);
        var left = Margin + _font.MeasureText(name) + Gap;
        if (right - left > _tile.Width / 2f) canvas.DrawText(FittedText.End(row.Path, _smallFont, right - left), left, y, _smallFont, _faint);
    }

    private int Left(int column) => Margin + (column * (_tile.Width + Gap));

    private void Draw(SKCanvas canvas, PreviewTile tile, int x, int y)
    {
        using var image = ImageOf(tile.Image.Pixels, tile.Image.Width, tile.Image.Height);
        var sampling = _tile.Width >= tile.Image.Width ? new SKSamplingOptions(SKFilterMode.Nearest) : new SKSamplingOptions(SKCubicResampler.Mitchell);
        canvas.DrawImage(image, SKRect.Create(x, y, _tile.Width, _tile.Height), sampling);
        foreach (var (line, text) in Lines(tile).Index())
            canvas.DrawText(text, x, y + _tile.Height + ((line + 1) * LineHeight) - 3, _font, _ink);
    }

    private static SKImage ImageOf(byte[] pixels, int width, int height)
    {
        var wide = new byte[4 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            pixels.AsSpan(3 * i, 3).CopyTo(wide.AsSpan(4 * i));
            wide[(4 * i) + 3] = byte.MaxValue;
        }

        return SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), wide);
    }
}
