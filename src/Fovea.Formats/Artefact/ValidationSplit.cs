using System.Text.Json;
using Fovea.Json;

namespace Fovea.Formats.Artefact;

/// <summary>How training kept images of an undivided folder back; who evaluates on the same folder keeps the same.</summary>
/// <param name="Fraction">The share of each class, 0–1.</param>
/// <param name="Seed">The key of the choice.</param>
/// <param name="HeldBack">
/// What tells the images that were held back from others, as whoever divides data computes it: when it is another, the folder is another, or has changed.
/// Empty, the default, where that is not known.
/// </param>
public sealed record ValidationSplit(double Fraction, ulong Seed, string HeldBack = "")
{
    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no such object, or the fraction is out of range.</exception>
    internal static ValidationSplit Read(string text)
    {
        var split = JsonText.Read(text, "the validation split", FormatsJson.Default.ValidationSplit);
        return split.Fraction is >= 0 and <= 1
            ? split
            : throw new FormatException(FormattableString.Invariant($"the validation split has the fraction {split.Fraction}; wanted 0 to 1"));
    }

    internal string Write() => JsonSerializer.Serialize(this, FormatsJson.Default.ValidationSplit);
}
