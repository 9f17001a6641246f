using System.Text;
using Fovea.Data.Files;

namespace Fovea.Data.Sources;

/// <summary>Reads small text files whole: recipes, lists, names. A pipe, a device or a file of any size can stand in their place.</summary>
public static class TextFile
{
    /// <summary>What a shell hands over, as in <c>-c &lt;(make-recipe)</c>, is open already and has an end.</summary>
    private static readonly string[] s_handedOver = ["/dev/fd/", "/proc/self/fd/", "/dev/stdin"];

    /// <summary>The text of a file.</summary>
    /// <param name="path">The file: UTF-8, or UTF-16 or UTF-32 with a byte order mark.</param>
    /// <param name="most">The most bytes that are read.</param>
    /// <exception cref="DataException">
    /// There is no such file, it cannot be read, is larger, is a pipe, a socket or a device (but for what a shell hands over), or holds what is no text.
    /// </exception>
    public static string Read(string path, int most)
    {
        try
        {
            using var reader = new StreamReader(Content(path, most), new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException e)
        {
            throw new DataException(path, "the text is not UTF-8", "a text file in UTF-8", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"the text cannot be read ({e.Message.TrimEnd('.')})", "a readable text file", e);
        }
    }

    /// <summary>The lines of a file.</summary>
    /// <inheritdoc cref="Read" path="/param"/>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static IEnumerable<string> Lines(string path, int most)
    {
        using var reader = new StringReader(Read(path, most));
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static MemoryStream Content(string path, int most)
    {
        var isHandedOver = Array.Exists(s_handedOver, prefix => path.StartsWith(prefix, StringComparison.Ordinal));
        using var file = isHandedOver ? File.OpenHandle(path) : RegularFile.Open(path);
        using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
        var length = isHandedOver ? 0 : stream.Length;
        if (length > most) throw TooLong(path, most);
        var content = new MemoryStream((int)length);
        var block = new byte[1 << 16];
        while (stream.Read(block) is var count and > 0)
        {
            content.Write(block, 0, count);
            if (content.Length > most) throw TooLong(path, most);
        }

        content.Position = 0;
        return content;
    }

    private static DataException TooLong(string path, int most) => new(path, $"the text has more than {most} bytes", "a smaller file");
}
