using System.Text;
using Fovea.Formats;
using Fovea.Formats.Storage;
using Fovea.Naming;

namespace Fovea.Darknet.Cfg;

/// <summary>Reads small text files, whatever their comments are encoded in.</summary>
internal static class CfgText
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>The whole of a file as UTF-8; bytes that are none become U+FFFD.</summary>
    /// <exception cref="ModelFormatException">It is no file, or too large.</exception>
    internal static string Read(string path)
    {
        using var file = InputFile.Open(path);
        if (file.Length > CfgLimits.Bytes) throw file.Fail("", $"is no text of at most {Amount.Of(CfgLimits.Bytes >> 20, "MiB", "MiB")}");
        return Encoding.UTF8.GetString(file.Head(CfgLimits.Bytes)).TrimStart(ByteOrderMark);
    }
}
