using System.Globalization;
using Fovea.Data.Transfer;
using Fovea.Naming;

namespace Fovea.Data.Sources.Published;

/// <summary>A file as its authors publish it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">The folder on the server, ending in a slash.</param>
/// <param name="Md5">The MD5 of its bytes, in small hexadecimal digits, where one is published.</param>
/// <param name="Sha256">The SHA-256 of its bytes, or the first digits of it, where they are published.</param>
/// <param name="Bytes">Its length, where it is published.</param>
public sealed record PublishedFile(string Name, string Address, string? Md5 = null, string? Sha256 = null, long? Bytes = null)
{
    /// <summary>
    /// For a file of which no sum is known: what is wrong with a content as one of its kind, null for nothing. The default, null, takes any content.
    /// </summary>
    public Func<Stream, string?>? Reading { get; init; }

    /// <summary>Whether a sum is known.</summary>
    internal bool HasSum => Md5 is not null || Sha256 is not null;

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

    /// <summary>Where the file is.</summary>
    /// <param name="from">The folder on another server; null for its publisher's.</param>
    internal Uri At(Uri? from) => new($"{(from?.AbsoluteUri ?? Address).TrimEnd('/')}/{Name}");

    /// <summary>The file with what a hub says of it, where its publisher says nothing that contradicts.</summary>
    internal PublishedFile With(LinkedFile linked) => this with
    {
        Sha256 = Md5 is null && linked.Sha256?.StartsWith(Sha256 ?? "", StringComparison.Ordinal) == true ? linked.Sha256 : Sha256,
        Bytes = Bytes ?? linked.Bytes,
    };

    /// <summary>In what the content of a file differs; null if it is the published one.</summary>
    /// <exception cref="DataException">It cannot be read.</exception>
    internal string? Problem(string path, CancellationToken stop)
    {
        try
        {
            using var file = FileDigest.Opened(path);
            return Problem(file, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"it cannot be read ({e.Message})", "a readable file", e);
        }
    }

    /// <summary>The same of a content from its beginning.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal string? Problem(Stream content, CancellationToken stop)
    {
        if (Sha256 is not null)
            return FileDigest.Sha256(content, stop) is var found && !found.StartsWith(Sha256, StringComparison.Ordinal)
                ? $"its SHA-256 is {found}, that of the published file {Sha256}{(Sha256.Length < found.Length ? "…" : "")}"
                : null;
        if (Md5 is not null) return FileDigest.Md5(content, stop) is var sum && sum != Md5 ? $"its MD5 is {sum}, that of the published file {Md5}" : null;
        if (Bytes is { } bytes && content.Length != bytes)
            return string.Create(CultureInfo.InvariantCulture, $"it has {content.Length} bytes, the published file {bytes}");
        return Reading?.Invoke(content);
    }
}
