using System.Globalization;

namespace Fovea.Data.Augment;

/// <summary>A way to augment as timm spells it: <c>rand-m9-mstd0.5-inc1</c>, <c>augmix-m5-w4-d2</c>.</summary>
/// <remarks>The name, then sections of letters and a number in any order, with dashes between them.</remarks>
internal sealed class RandAugmentConfig
{
    private readonly Dictionary<string, double> _sections = new(StringComparer.Ordinal);

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What it begins with.</param>
    /// <param name="keys">The letters that sections may have.</param>
    /// <exception cref="FormatException">It is none: what is wrong with it.</exception>
    public RandAugmentConfig(string text, string name, params ReadOnlySpan<string> keys)
    {
        var parts = text.Split('-');
        if (parts[0] != name) throw new FormatException($"a text that begins with {name}, as in {name}-m9");
        foreach (var part in parts[1..])
        {
            var at = part.AsSpan().IndexOfAnyInRange('0', '9');
            var key = at < 0 ? part : part[..at];
            if (!keys.Contains(key)) throw new FormatException($"sections of {string.Join(", ", keys!)} with a number behind, not '{part}'");
            if (at < 0 || !double.TryParse(part.AsSpan(at), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
                throw new FormatException($"a number behind {key}, not '{part[Math.Max(at, 0)..]}'");
            if (!_sections.TryAdd(key, value)) throw new FormatException($"each section once; there are two of {key}");
        }
    }

    /// <summary>The number of a section.</summary>
    public double Of(string key, double otherwise) => _sections.GetValueOrDefault(key, otherwise);

    /// <summary>The deviation of magnitudes: infinite above 100.</summary>
    public double Deviation(double otherwise) => Of("mstd", otherwise) is var deviation && deviation > 100 ? double.PositiveInfinity : deviation;

    /// <summary>What is wrong with a text; null where it can be used.</summary>
    public static string? Problem(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
