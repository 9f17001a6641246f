using Fovea.Cli.Pictures;
using Fovea.Data.Batching;
using SkiaSharp;

namespace Fovea.Cli.Tests.Pictures;

public class PreviewSheetTests
{
    private static PreviewImage Picture(int side, int name = 0) => new(side, side, [.. Enumerable.Repeat((byte)(name + 40), 3 * side * side)], [(name, 1)]);

    private static SKBitmap Draw(params PreviewRow[] rows) =>
        SKBitmap.Decode(PreviewSheet.Draw("title", "subtitle", [new("block", [["evaluation", "32×32"], ["epoch 1", "16×16"]], rows)]));

    [Fact]
    public void A_row_with_a_name_is_a_line_higher_and_every_tile_has_one_size()
    {
        PreviewTile[] tiles = [new(Picture(32), []), new(Picture(16), [])];
        using var plain = Draw(new PreviewRow(tiles));
        using var named = Draw(new PreviewRow(tiles, "red", "train/red/000.png"));
        Assert.Equal((plain.Width, plain.Height + 17), (named.Width, named.Height));
        Assert.Equal((2 * 24) + (2 * 128) + 10, plain.Width);
        // The corners of the second tile, whose picture is half as large.
        var top = Enumerable.Range(0, plain.Height).First(y => plain.GetPixel(24, y).Red == 40);
        foreach (var (x, y) in (ReadOnlySpan<(int, int)>)[(162, top), (289, top), (162, top + 127), (289, top + 127)])
            Assert.Equal(40, plain.GetPixel(x, y).Red);
    }

    [Fact]
    public void The_name_of_a_file_takes_one_line_however_long_it_is()
    {
        using var one = Draw(new PreviewRow([new(Picture(32), ["ant"], "1.png")]));
        using var longer = Draw(new PreviewRow([new(Picture(32), ["ant"], "a-photograph of_some-length, 000123.jpeg")]));
        Assert.Equal((one.Width, one.Height), (longer.Width, longer.Height));
    }

    [Fact]
    public void A_sheet_of_one_small_picture_is_as_wide_as_its_title()
    {
        PreviewBlock block = new("block", [], [new([new(Picture(32), [])])]);
        using var narrow = SKBitmap.Decode(PreviewSheet.Draw("title", "subtitle", [block]));
        using var wide = SKBitmap.Decode(PreviewSheet.Draw("repvgg, run h1, best of epoch 41: top-1 0.678", "subtitle", [block]));
        using var bounded = SKBitmap.Decode(PreviewSheet.Draw(new string('t', 1000), "subtitle", [block]));
        Assert.Equal((2 * 24) + 128, narrow.Width);
        Assert.InRange(wide.Width, 400, 600);
        Assert.Equal((2 * 24) + 900, bounded.Width);
    }

    [Fact]
    public void A_line_below_a_picture_that_is_too_long_takes_another_line()
    {
        using var one = Draw(new PreviewRow([new(Picture(32), ["ant"])]));
        using var several = Draw(new PreviewRow([new(Picture(32), ["a long name of a class of signs"])]));
        Assert.True(several.Height >= one.Height + 17, $"{several.Height} and {one.Height}");
    }
}
