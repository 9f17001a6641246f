using Fovea.Cli.Pictures;
using SkiaSharp;

namespace Fovea.Cli.Tests.Pictures;

public sealed class FittedTextTests : IDisposable
{
    private readonly SKFont _font = new(PictureFont.Face(), 13);

    public void Dispose() => _font.Dispose();

    [Fact]
    public void A_long_name_is_broken_behind_signs_and_nothing_of_it_is_lost()
    {
        const string name = "speed_limit_twenty_kilometres_per_hour";
        var lines = FittedText.Wrapped(name, _font, 120);
        Assert.InRange(lines.Count, 2, 4);
        Assert.Equal(name, string.Concat(lines));
        Assert.All(lines.SkipLast(1), line => Assert.EndsWith("_", line, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.True(_font.MeasureText(line) <= 120, line));
        Assert.Equal(["ant"], FittedText.Wrapped("ant", _font, 120));
    }

    [Fact]
    public void A_name_without_end_takes_four_lines_and_dots()
    {
        var lines = FittedText.Wrapped(new string('w', 500), _font, 120);
        Assert.Equal(4, lines.Count);
        Assert.EndsWith("…", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_path_the_end_is_kept_and_of_a_title_the_beginning()
    {
        const string path = "train/a_folder_of_some_length/another/picture-000123.png";
        var end = FittedText.End(path, _font, 150);
        Assert.StartsWith("…", end, StringComparison.Ordinal);
        Assert.EndsWith(end[1..], path, StringComparison.Ordinal);
        Assert.EndsWith("000123.png", end, StringComparison.Ordinal);
        Assert.StartsWith("train/a", FittedText.Beginning(path, _font, 150), StringComparison.Ordinal);
        Assert.Equal(path, FittedText.End(path, _font, 5000));
        Assert.Equal("…", FittedText.End(path, _font, 0));
    }
}
