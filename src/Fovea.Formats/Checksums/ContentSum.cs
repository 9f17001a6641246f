using System.Security.Cryptography;
using System.Text;
using Fovea.Tensors;

namespace Fovea.Formats.Checksums;

/// <summary>A sum over what a weight file says, whatever order and padding its bytes have.</summary>
public static class ContentSum
{
    /// <summary>SHA-256 over keys and values, then names, types and elements, each preceded by its length; in lower-case hexadecimal.</summary>
    /// <param name="metadata">The strings, without the sum itself; ordered by key.</param>
    /// <param name="tensors">The tensors in their order.</param>
    public static string Of(SortedDictionary<string, string> metadata, IReadOnlyList<(string Name, HostTensor Tensor)> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (key, value) in metadata)
        {
            Add(hash, Encoding.UTF8.GetBytes(key));
            Add(hash, Encoding.UTF8.GetBytes(value));
        }

        foreach (var (name, tensor) in tensors)
        {
            Add(hash, Encoding.UTF8.GetBytes(name));
            Add(hash, Encoding.UTF8.GetBytes(tensor.Type.ToString()));
            Add(hash, tensor.Bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// What tells tensors from others, in whatever order and file they stand: SHA-256 over, for each in the ordinal order of names, the name in UTF-8, the type
    /// and shape as in <c>f32[64, 3, 7, 7]</c>, and the elements in little-endian row-major order; each of them after its length in bytes as a 64-bit
    /// little-endian number. In lower-case hexadecimal.
    /// </summary>
    /// <param name="tensors">The tensors, of which no two have one name.</param>
    public static string OfTensors(IEnumerable<(string Name, HostTensor Tensor)> tensors) =>
        Of([], [.. tensors.OrderBy(entry => entry.Name, StringComparer.Ordinal)]);

    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(BitConverter.GetBytes((long)bytes.Length));
        hash.AppendData(bytes);
    }
}
