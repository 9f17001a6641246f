namespace Fovea.Import.Foreign;

/// <summary>A key that a foreign system has: what it holds, and what it is where a file leaves it out.</summary>
/// <param name="Name">The key.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Default">Its value where the file has none; null for none.</param>
/// <param name="Meaningless">Why it has no meaning here; empty for keys that are translated.</param>
internal sealed record ForeignKey(string Name, ForeignKind Kind, object? Default, string Meaningless = "")
{
    /// <summary>Whether its numbers are above 0.</summary>
    internal bool IsPositive { get; init; }

    /// <summary>A whole number from 1.</summary>
    internal static ForeignKey Count(string name, int? value = null) => Whole(name, value) with { IsPositive = true };

    /// <summary>A number above 0.</summary>
    internal static ForeignKey Positive(string name, double? value = null) => Number(name, value) with { IsPositive = true };

    /// <summary>A whole number.</summary>
    internal static ForeignKey Whole(string name, int? value = null) => new(name, ForeignKind.Whole, value);

    /// <summary>A number.</summary>
    internal static ForeignKey Number(string name, double? value = null) => new(name, ForeignKind.Number, value);

    /// <summary>True or false.</summary>
    internal static ForeignKey Flag(string name, bool value = false) => new(name, ForeignKind.Flag, value);

    /// <summary>A word.</summary>
    internal static ForeignKey Text(string name, string? value = null) => new(name, ForeignKind.Text, value);

    /// <summary>A list of numbers, or one alone.</summary>
    internal static ForeignKey Numbers(string name, params double[] value) => new(name, ForeignKind.Numbers, value.Length > 0 ? value : null);

    /// <summary>Keys below it.</summary>
    internal static ForeignKey Section(string name) => new(name, ForeignKind.Section, null);

    /// <summary>A key that means nothing here, whatever its value.</summary>
    internal static ForeignKey Without(string name, string why) => new(name, ForeignKind.Anything, null, why);

    /// <summary>Several that mean nothing here for the same reason.</summary>
    internal static IEnumerable<ForeignKey> AllWithout(string why, params string[] names) => names.Select(name => Without(name, why));
}
