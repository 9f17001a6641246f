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

    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(BitConverter.GetBytes((long)bytes.Length));
        hash.AppendData(bytes);
    }
}
