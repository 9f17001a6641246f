using System.Text;
using Fovea.Darknet.Cfg;
using Fovea.Formats;

namespace Fovea.Darknet.Tests;

public class CfgFileTests
{
    [Fact]
    public void Blanks_go_and_comments_are_whole_lines()
    {
        var cfg = CfgFile.Parse("# what\n[ n e t ]\r\n  width = 3 2\n;more\n\n\theight=32\n[conv]\nfilters=4", "a.cfg");
        Assert.Equal(["net", "conv"], cfg.Sections.Select(section => section.Name));
        Assert.Equal([new("width", "32", 3), new("height", "32", 6)], cfg.Sections[0].Entries);
        Assert.Equal([3, 6], cfg.Sections[0].Entries.Select(entry => entry.Line));
        Assert.Equal(7, cfg.Sections[1].Line);
    }

    [Fact]
    public void Written_text_reads_as_the_same_sections()
    {
        var cfg = CfgFile.Parse("[net]\nwidth=8\nheight=8\nchannels=3\nsteps=1,2#3\n[conv]\nfilters = 4\nfilters=5\n[avg]\n[softmax]\n", "a.cfg");
        var again = CfgFile.Parse(cfg.ToText(), "b.cfg");
        Assert.Equal(cfg, again);
        Assert.Equal(cfg.ToText(), again.ToText());
        Assert.NotEqual(cfg, cfg with { Sections = [.. cfg.Sections.SkipLast(1)] });
    }

    [Fact]
    public void A_file_is_written_and_read()
    {
        using var folder = new Folder();
        var (cfg, path) = (CfgFile.Parse("[net]\nwidth=8\nheight=8\nchannels=3\n[avgpool]\n", "a.cfg"), folder["a.cfg"]);
        cfg.Write(path);
        Assert.Equal(cfg, CfgFile.Read(path));
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_section()
    {
        using var folder = new Folder();
        File.WriteAllText(folder["a.cfg"], "[net]\nwidth=8\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal("net", CfgFile.Read(folder["a.cfg"]).Sections[0].Name);
    }

    [Theory]
    [InlineData("", "has no sections")]
    [InlineData("width=3", "line 1: 'width=3' stands before any section")]
    [InlineData("[conv]", "line 1: the first section is '[conv]'")]
    [InlineData("[net]\nwidth", "line 2: 'width' cannot be understood")]
    [InlineData("[net]\nwidth=", "line 2: 'width=' cannot be understood")]
    [InlineData("[net]\n=3", "line 2: '=3' cannot be understood")]
    [InlineData("[net]\n[conv", "line 2: '[conv' does not end in ]")]
    [InlineData("[net]\n[net]", "line 2: '[net]' is there twice")]
    [InlineData("[net]\nwi\0dth=3", "control characters")]
    public void A_line_that_cannot_be_understood_is_named(string text, string message)
    {
        var problem = Assert.Throws<ModelFormatException>(() => CfgFile.Parse(text, "a.cfg"));
        Assert.StartsWith("a.cfg: ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_million_layers_end_after_those_that_are_taken()
    {
        var text = "[net]\nwidth=8\nheight=8\nchannels=3\n" + string.Concat(Enumerable.Repeat("[avgpool]\n", 1_000_000));
        Assert.Contains("one section too many", Assert.Throws<ModelFormatException>(() => CfgFile.Parse(text, "a.cfg")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_and_a_huge_file_are_refused()
    {
        using var folder = new Folder();
        Assert.Contains("is a folder", Assert.Throws<ModelFormatException>(() => CfgFile.Read(folder[""])).Message, StringComparison.Ordinal);
        using (var stream = File.Create(folder["large.cfg"])) stream.SetLength(1L << 40);
        Assert.Contains("16 MiB", Assert.Throws<ModelFormatException>(() => CfgFile.Read(folder["large.cfg"])).Message, StringComparison.Ordinal);
    }
}
