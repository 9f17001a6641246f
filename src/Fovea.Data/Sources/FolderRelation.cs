using Fovea.Data.Files;

namespace Fovea.Data.Sources;

/// <summary>Whether what is written and what is read would lie in one another.</summary>
public static class FolderRelation
{
    /// <summary>How a folder to be written lies to a data folder, links followed: it is the same, lies in it, or holds it; null if they are apart.</summary>
    /// <param name="output">The folder to be written; it need not exist.</param>
    /// <param name="data">The data folder.</param>
    public static string? Between(string output, string data)
    {
        var (written, read) = (RealPath.Of(output), RealPath.Of(data));
        if (written == read) return "it is the data folder";
        if (RealPath.IsWithin(written, read)) return "it lies in the data folder";
        return RealPath.IsWithin(read, written) ? "it holds the data folder" : null;
    }
}
