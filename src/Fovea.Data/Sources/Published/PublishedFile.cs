using Fovea.Naming;

namespace Fovea.Data.Sources.Published;

/// <summary>A file of a data set as its authors publish it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">The folder on the server, ending in a slash.</param>
/// <param name="Md5">The MD5 of its bytes, in small hexadecimal digits.</param>
/// <param name="Sha256">The SHA-256 of its bytes, where one is published.</param>
/// <param name="Bytes">Its length, where it is published.</param>
public sealed record PublishedFile(string Name, string Address, string Md5, string? Sha256 = null, long? Bytes = null)
{
    /// <summary>Refuses a file that is as long as a published one but differs from it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="published">The published ones.</param>
    /// <param name="stop">Ends reading.</param>
    /// <exception cref="DataException">It differs, or cannot be read.</exception>
    internal static void Check(string path, IEnumerable<PublishedFile> published, CancellationToken stop)
    {
        var length = new FileInfo(path).Length;
        if (published.FirstOrDefault(file => file.Bytes == length) is { } same && same.Problem(path, stop) is { } problem)
            throw new DataException(
                path, $"{problem}, though it is as long as {Printable.Of(same.Name)}", "the published file, as 'fovea data download' fetches it");
    }

    /// <summary>In what the content of a file differs; null if it is the published one.</summary>
    /// <exception cref="DataException">It cannot be read.</exception>
    internal string? Problem(string path, CancellationToken stop)
    {
        try
        {
            if (Sha256 is not null)
                return FileDigest.Sha256(path, stop) is var found && found != Sha256 ? $"its SHA-256 is {found}, that of the published file {Sha256}" : null;
            return FileDigest.Md5(path, stop) is var sum && sum != Md5 ? $"its MD5 is {sum}, that of the published file {Md5}" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"it cannot be read ({e.Message})", "a readable file", e);
        }
    }
}
