using System.Security.Cryptography;
using System.Text;

namespace Fovea.Data.Sources;

/// <summary>The images that a rule holds back for evaluation where data has no part for it.</summary>
public static class HeldBackImages
{
    /// <summary>How many images of a class are held back: the share, rounded down, but one at least where another is left to train on.</summary>
    /// <param name="images">The images of the class.</param>
    /// <param name="fraction">The share, 0 to 1.</param>
    /// <returns>The number; 0 where nothing is held back, or where an only image stands on both sides.</returns>
    public static int CountOf(int images, double fraction) => fraction > 0 ? SplitRule.HeldOf(images, fraction, least: 1) : 0;

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
