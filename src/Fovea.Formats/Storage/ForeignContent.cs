using System.Text;
using Fovea.Naming;

namespace Fovea.Formats.Storage;

/// <summary>What files are that came in place of the weights, told by how they begin, whatever they are called.</summary>
internal static class ForeignContent
{
    private const int HeadBytes = 512;
    private const int ShownText = 60;

    /// <summary>Beginnings, at a byte, that belong to one format alone.</summary>
    private static readonly (int At, byte[] Bytes, string Is)[] s_signatures =
    [
        (0, [0x1F, 0x8B], "is compressed with gzip; unpack it with gunzip, or tar -xzf for an archive"),
        (0, [.. "BZh"u8], "is compressed with bzip2; unpack it with bunzip2"),
        (0, [0xFD, .. "7zXZ"u8, 0], "is compressed with xz; unpack it with unxz"),
        (0, [0x28, 0xB5, 0x2F, 0xFD], "is compressed with zstd; unpack it with unzstd"),
        (0, [.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C], "is a 7z archive; unpack it first"),
        (0, [.. "Rar!"u8], "is a RAR archive; unpack it first"),
        (257, [.. "ustar"u8], "is a tar archive; unpack it with tar -xf"),
        (0, [0x89, .. "HDF\r\n"u8], "is an HDF5 file, as Keras writes; its weights have other names and layouts"),
        (0, [0x93, .. "NUMPY"u8], "is a NumPy array, not weights by name"),
        (0, [.. "GGUF"u8], "is a GGUF file, as llama.cpp reads; wanted the weights that it was made of"),
        (0, [.. "TFL3"u8], "is a TensorFlow Lite model"),
        (4, [.. "TFL3"u8], "is a TensorFlow Lite model"),
        (0, [0x89, .. "PNG"u8], "is a PNG image"),
        (0, [0xFF, 0xD8, 0xFF], "is a JPEG image"),
        (0, [.. "%PDF"u8], "is a PDF document"),
    ];

    /// <summary>What the file is and what to do about it; null where it does not begin like anything known.</summary>
    internal static string? Recognise(InputFile file)
    {
        if (file.Length == 0) return "is empty; the download or copy failed, fetch it again";
        var head = file.Head(HeadBytes);
        foreach (var (at, bytes, @is) in s_signatures)
            if (head.Length >= at && head.AsSpan(at).StartsWith(bytes)) return @is;
        if (!head.AsSpan().ContainsAnyExcept((byte)0)) return "begins with zeros alone; the download or copy was broken off, fetch it again";
        return Text(head);
    }

    private static string? Text(ReadOnlySpan<byte> head)
    {
        var text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        bool Begins(string with) => text.StartsWith(with, StringComparison.OrdinalIgnoreCase);
        if (Begins("version https://git-lfs")) return "is a Git LFS pointer, not the weights; run 'git lfs pull', or download the file itself";
        var shown = $"'{Printable.Line(text, ShownText)}'";
        bool Holds(string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
        if (Begins("<head") || Begins("<body") || Begins("<script") || (text.StartsWith('<') && (Holds("<!doctype html") || Holds("<html"))))
            return $"is an HTML page, not the weights: {shown}; the address led to a page, download the file behind it";
        if (Begins("<?xml") || Begins("<Error")) return $"is an XML answer, not the weights: {shown}; the download failed, fetch it again";
        if (text.Length == 0 || head.ContainsAnyInRange((byte)0, (byte)8)) return null;
        if (text[0] is '{' or '[')
            return $"is JSON, not the weights: {shown}; an answer of a server or an index of other files, download the weights themselves";
        return head.ContainsAnyInRange((byte)14, (byte)26) || text.Contains('\uFFFD', StringComparison.Ordinal) ? null : $"is a text, not the weights: {shown}";
    }
}
