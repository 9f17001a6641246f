using System.Security.Cryptography;
using Fovea.Data.Files;

namespace Fovea.Data.Sources.Published;

/// <summary>Sums of files.</summary>
internal static class FileDigest
{
    /// <summary>The MD5 of a file, by which publishers tell one from another; it is no protection from forgery.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string Md5(string path, CancellationToken stop = default) => Of(path, HashAlgorithmName.MD5, stop);

    /// <summary>The SHA-256 of a file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string Sha256(string path, CancellationToken stop = default) => Of(path, HashAlgorithmName.SHA256, stop);

    private static string Of(string path, HashAlgorithmName algorithm, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        using var file = new FileStream(RegularFile.Open(path), FileAccess.Read, bufferSize: 0);
        var block = new byte[1 << 20];
        while (file.Read(block) is var count and > 0)
        {
            stop.ThrowIfCancellationRequested();
            hash.AppendData(block, 0, count);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
