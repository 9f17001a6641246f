using System.Text;
using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Sources;

/// <summary>What stands in the place of a small text file.</summary>
public sealed class TextFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Text_with_or_without_a_byte_order_mark_is_read()
    {
        foreach (Encoding encoding in (Encoding[])[new UTF8Encoding(false), Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            File.WriteAllText(_folder["text"], "é\nb", encoding);
            Assert.Equal(["é", "b"], TextFile.Lines(_folder["text"], 100));
        }
    }

    [Fact]
    public void Pipe_is_not_waited_for()
    {
        _folder.Fifo("pipe");
        Assert.Equal($"{_folder["pipe"]}: the text cannot be read (it is no file but a FIFO); wanted a readable text file", Refusal(_folder["pipe"]));
    }

    [Fact]
    public void Device_without_an_end_is_not_read() => Assert.Contains("it is no file but a device", Refusal("/dev/zero"), StringComparison.Ordinal);

    [Fact]
    public void Text_beyond_the_limit_is_refused()
    {
        _folder.Write("text", new byte[101]);
        Assert.Equal($"{_folder["text"]}: the text has more than 100 bytes; wanted a smaller file", Refusal(_folder["text"]));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        _folder.Write("text", [0x61, 0xFF, 0x62]);
        Assert.Equal($"{_folder["text"]}: the text is not UTF-8; wanted a text file in UTF-8", Refusal(_folder["text"]));
    }

    private static string Refusal(string path) => Assert.Throws<DataException>(() => TextFile.Read(path, 100)).Message;
}
