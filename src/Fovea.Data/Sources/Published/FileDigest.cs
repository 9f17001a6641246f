using System.Security.Cryptography;
using Fovea.Data.Files;

namespace Fovea.Data.Sources.Published;

/// <summary>Sums of files.</summary>
internal static class FileDigest
{
    /// <summary>The MD5 of a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Md5(string path, CancellationToken stop = default)
    {
        using var file = Opened(path);
        return Md5(file, stop);
    }

    /// <summary>A file, to be read once from its beginning to its end.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FileStream Opened(string path) => new(RegularFile.Open(path), FileAccess.Read, bufferSize: 0);

    /// <summary>The MD5 of what a stream has left, by which publishers tell one from another; it is no protection from forgery.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Md5(Stream stream, CancellationToken stop = default) => Of(stream, HashAlgorithmName.MD5, stop);

    /// <summary>The SHA-256 of what a stream has left.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Sha256(Stream stream, CancellationToken stop = default) => Of(stream, HashAlgorithmName.SHA256, stop);

    private static string Of(Stream stream, HashAlgorithmName algorithm, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        var block = new byte[1 << 20];
        while (stream.Read(block) is var count and > 0)
        {
            stop.ThrowIfCancellationRequested();
            hash.AppendData(block, 0, count);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
