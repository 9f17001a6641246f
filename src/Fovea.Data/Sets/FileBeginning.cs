using Fovea.Data.Files;
using Fovea.Data.Sources;

namespace Fovea.Data.Sets;

/// <summary>The first bytes of files, by which kinds are known.</summary>
internal static class FileBeginning
{
    /// <summary>As many bytes as asked for, or all there are.</summary>
    /// <exception cref="DataException">It is no file, or cannot be read.</exception>
    public static byte[] Of(string file, int count)
    {
        try
        {
            using var handle = RegularFile.Open(file);
            var bytes = new byte[count];
            return bytes[..RegularFile.Fill(handle, bytes)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(file, $"the file cannot be read ({e.Message})", "a readable file", e);
        }
    }
}
