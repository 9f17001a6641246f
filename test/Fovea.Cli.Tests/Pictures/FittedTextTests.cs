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
    public void A_number_behind_a_name_without_end_is_kept()
    {
        var lines = FittedText.Wrapped($"said {new string('W', 80)} (20.6 %)", _font, 112);
        Assert.Equal(4, lines.Count);
        Assert.EndsWith("… (20.6 %)", lines[^1], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.True(_font.MeasureText(line) <= 112, line));
    }

    [Fact]
    public void A_name_without_end_takes_four_lines_and_dots()
    {
        var lines = FittedText.Wrapped(new string('w', 500), _font, 120);
        Assert.Equal(4, lines.Count);
        Assert.EndsWith("…", lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("is aeroplane (12.5 %)", "(12.5 %)")]
    [InlineData("is an aeroplane (0.3 %)", "(0.3 %)")]
    [InlineData("rotate −12.75 degrees", "−12.75")]
    [InlineData("contrast by -0.125", "-0.125")]
    [InlineData("sign20260101", "20260101")]
    public void A_number_stands_on_one_line_with_its_sign_and_percent(string text, string number)
    {
        for (var width = _font.MeasureText(number) + 1; width < _font.MeasureText(text); width += 3)
        {
            var lines = FittedText.Wrapped(text, _font, width);
            Assert.Contains(lines, line => line.Contains(number, StringComparison.Ordinal));
            Assert.All(lines, line => Assert.True(_font.MeasureText(line) <= width, line));
        }
    }

    [Fact]
    public void A_number_that_is_longer_than_the_line_is_shortened_in_the_middle()
    {
        var line = Assert.Single(FittedText.Wrapped("1234567890123456789", _font, 60));
        Assert.Matches("^12.*….*89$", line);
    }

    [Fact]
    public void A_name_that_is_shortened_in_the_middle_keeps_both_ends_and_whole_letters()
    {
        const string name = "a-photograph-of-some-length-000123.jpeg";
        var middle = FittedText.Middle(name, _font, 112);
        Assert.Matches("^a-ph.*….*[.]jpeg$", middle);
        Assert.True(_font.MeasureText(middle) <= 112, middle);
        Assert.Equal(name, FittedText.Middle(name, _font, 5000));
        Assert.Equal("…", FittedText.Middle(name, _font, 0));
        var letters = string.Concat(Enumerable.Repeat("\U0001F431", 9));
        for (var width = 20; width < 200; width += 5)
            Assert.All(FittedText.Middle(letters, _font, width).Split('…'), end => Assert.StartsWith(end, letters, StringComparison.Ordinal));
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
