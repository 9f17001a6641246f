using Fovea.Naming;
using Fovea.Paths;

namespace Fovea.Formats;

/// <summary>Folders that results are written to.</summary>
public static class OutputFolder
{
    /// <summary>Makes a folder and those above it, where they are missing.</summary>
    /// <exception cref="IOException">It cannot be made; the message says why.</exception>
    public static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{Printable.Of(path)}: the folder cannot be created ({PathProblem.OfFolder(path, e)}); wanted a folder that can be written to", e)
            {
                HResult = e.HResult,
            };
        }
    }
}
