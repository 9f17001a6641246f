namespace Fovea.Import.Foreign;

/// <summary>The value of a key, from the file or by default.</summary>
/// <param name="Key">The key.</param>
/// <param name="Path">The key with those around it.</param>
/// <param name="Place">Where it stands in the file, or the flag that set it; "" for a default.</param>
/// <param name="Value">A whole number, a number, a truth, a word, numbers, or null.</param>
internal sealed record ForeignValue(ForeignKey Key, string Path, string Place, object? Value)
{
    internal bool IsGiven => Place.Length > 0;

    internal bool IsNull => Value is null;

    internal int Whole => Value is int number ? number : 0;

    internal double Number => Value switch { double number => number, int whole => whole, _ => 0 };

    internal bool Flag => Value is true;

    internal string Text => Value as string ?? "";

    internal IReadOnlyList<double> Numbers => Value as double[] ?? [];
}
