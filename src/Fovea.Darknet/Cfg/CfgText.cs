using System.Text;
using Fovea.Formats;
using Fovea.Naming;
using Fovea.Paths;

namespace Fovea.Darknet.Cfg;

/// <summary>Reads small text files, whatever their comments are encoded in.</summary>
internal static class CfgText
{
    /// <summary>The whole of a file as UTF-8; bytes that are none become U+FFFD.</summary>
    /// <exception cref="ModelFormatException">It is no file, or too large.</exception>
    internal static string Read(string path)
    {
        if (PathProblem.OfLink(path) is { } link) throw new ModelFormatException(path, "", $"{link}; wanted a file");
        if (Directory.Exists(path)) throw new ModelFormatException(path, "", "is a folder; wanted a file");
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        var bytes = new byte[Math.Min(stream.CanSeek ? stream.Length : 0, CfgLimits.Bytes) + 1];
        var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (count == bytes.Length) throw new ModelFormatException(path, "", $"is no text of at most {Amount.Of(CfgLimits.Bytes >> 20, "MiB", "MiB")}");
        return Encoding.UTF8.GetString(bytes, 0, count);
    }
}
