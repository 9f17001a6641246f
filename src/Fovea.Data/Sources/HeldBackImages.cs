using System.Security.Cryptography;
using System.Text;

namespace Fovea.Data.Sources;

/// <summary>The images that a rule holds back for evaluation where data has no part for it.</summary>
public static class HeldBackImages
{
    /// <summary>
    /// What tells them from others: the SHA-256 of their classes and keys, whatever their order. A rule that holds others back of the same data than it did
    /// when a model was trained gives images to evaluate on that the model has seen.
    /// </summary>
    /// <param name="images">The images.</param>
    /// <returns>In hexadecimal.</returns>
    public static string Digest(IImageSource images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var lines = Enumerable.Range(0, images.Count).Select(i => $"{images.ClassNames[images.Label(i)]}\0{images.Key(i)}\0");
        foreach (var line in lines.Order(StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes(line));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
