using Fovea.Naming;

namespace Fovea.Core.Tests.Naming;

public sealed class PrintableTests
{
    public static TheoryData<string, string> Names => new()
    {
        { "cat", "cat" },
        { "Größe 3 µm", "Größe 3 µm" },
        { "👩\u200D🚀", "👩\u200D🚀" },
        { @"y\..\z", @"y\..\z" },
        { "a\nb", """
            "a\nb"
            """ },
        { "a\tb\\c", """
            "a\tb\\c"
            """ },
        { "\u001b[31mred", """
            "\u001b[31mred"
            """ },
        { "\u009b31m", """
            "\u009b31m"
            """ },
        { "gpj.\u202Eexe", """
            "gpj.\u202eexe"
            """ },
        { "a\u2028b", """
            "a\u2028b"
            """ },
        { "a\ud800b", """
            "a\ud800b"
            """ },
        { "\u007f", """
            "\u007f"
            """ },
        { " a", "\" a\"" },
        { "\"a\"", """
            "\"a\""
            """ },
        { "", "\"\"" },
    };

    [Theory]
    [InlineData("plain", 5, "plain")]
    [InlineData("abcdefghij", 7, "abc…hij")]
    [InlineData("a\tbcdefghij", 8, "\"a\\t…ij\"")]
    [InlineData("aé😀😀😀😀z", 6, "aé…z")]
    public void A_long_name_is_shortened_in_its_middle(string name, int most, string shown) => Assert.Equal(shown, Printable.Short(name, most));

    [Theory]
    [MemberData(nameof(Names))]
    public void Names_are_shown_as_they_are_or_quoted_and_can_be_read_back(string name, string shown)
    {
        Assert.Equal(shown, Printable.Of(name));
        Assert.Equal(name, Printable.Parse(shown));
    }

    [Fact]
    public void Different_names_look_different_and_none_has_a_control_character()
    {
        var random = new Random(1);
        var seen = new Dictionary<string, string>();
        string[] pieces = ["a", "\\", "n", "\n", "\"", " ", "\u001b", "\u202e", "\ud83d", "\ude80", "\u0085", "u0041", ".."];
        for (var i = 0; i < 20_000; i++)
        {
            var name = string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => pieces[random.Next(pieces.Length)]));
            var shown = Printable.Of(name);
            Assert.DoesNotContain(shown, char.IsControl);
            Assert.Equal(name, Printable.Parse(shown));
            Assert.Equal(name, seen.GetValueOrDefault(shown, name));
            seen[shown] = name;
        }
    }

    [Theory]
    [InlineData("\"a")]
    [InlineData("\"a\\")]
    [InlineData("\"a\\u00\"")]
    [InlineData("\"a\\x\"")]
    [InlineData("\"a\"b")]
    public void Text_that_is_no_quoted_name_is_refused(string text) => Assert.Throws<FormatException>(() => Printable.Parse(text));

    [Fact]
    public void Line_escapes_what_steers_and_leaves_the_words()
    {
        Assert.Equal(@"a\nb \u001b[0m ""c\d""", Printable.Line("a\nb \u001b[0m \"c\\d\""));
        Assert.Equal("a\nb\\t", Printable.Lines("a\nb\t"));
    }
}
