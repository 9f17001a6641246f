using System.Globalization;
using System.Text;

namespace Fovea.Naming;

/// <summary>
/// Finds names that print alike but are written with other characters: composed and decomposed (NFC and NFD), with what cannot be seen, with other blanks.
/// </summary>
/// <remarks>
/// Without tables of Unicode: a letter with marks looks like one letter beyond ASCII in the same place. So «cafe» with a combining acute looks like «café», and
/// like «cafè» too; names that are both composed are never alike. Hangul is composed by its formula.
/// </remarks>
public static class Lookalikes
{
    /// <summary>Whether two different names print alike.</summary>
    public static bool AreAlike(string a, string b)
    {
        if (a == b) return false;
        var (x, y) = (Glyphs(a), Glyphs(b));
        return x.Count == y.Count && x.Zip(y).All(pair => pair.First == pair.Second || Covers(pair.First, pair.Second) || Covers(pair.Second, pair.First));
    }

    /// <summary>The pairs of names that print alike, in the order of the names.</summary>
    public static IEnumerable<(string First, string Second)> Pairs(IEnumerable<string> names) =>
        from alike in names.Distinct().GroupBy(Outline)
        let list = alike.ToArray()
        where list.Length > 1
        from i in Enumerable.Range(0, list.Length)
        from j in Enumerable.Range(i + 1, list.Length - i - 1)
        where AreAlike(list[i], list[j])
        select (list[i], list[j]);

    /// <summary>The names among others that one prints like.</summary>
    public static string? Of(string name, IEnumerable<string> others) => others.FirstOrDefault(other => AreAlike(name, other));

    // What names that are alike have in common for certain.
    private static string Outline(string name) =>
        string.Concat(Glyphs(name).Select(glyph => glyph.Marks.Length > 0 || !glyph.Base.IsAscii ? "\u0001" : glyph.Base.ToString()));

    private static bool Covers((Rune Base, string Marks) composed, (Rune Base, string Marks) decomposed) =>
        !composed.Base.IsAscii && Rune.IsLetter(composed.Base) && decomposed.Marks.Length > composed.Marks.Length
        && decomposed.Marks.EndsWith(composed.Marks, StringComparison.Ordinal);

    private static List<(Rune Base, string Marks)> Glyphs(string name)
    {
        var glyphs = new List<(Rune Base, string Marks)>();
        foreach (var rune in name.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category == UnicodeCategory.Format) continue;
            if (category == UnicodeCategory.NonSpacingMark && glyphs.Count > 0) glyphs[^1] = (glyphs[^1].Base, glyphs[^1].Marks + rune);
            else if (glyphs is [.., (var before, "")] && Hangul(before.Value, rune.Value) is var syllable and > 0) glyphs[^1] = (new(syllable), "");
            else glyphs.Add((category == UnicodeCategory.SpaceSeparator ? new(' ') : rune, ""));
        }

        while (glyphs is [.., { Base.Value: ' ', Marks: "" }]) glyphs.RemoveAt(glyphs.Count - 1);
        while (glyphs is [{ Base.Value: ' ', Marks: "" }, ..]) glyphs.RemoveAt(0);
        return glyphs;
    }

    // The Unicode Standard, section 3.12: a leading consonant and a vowel, or these and a trailing consonant.
    private static int Hangul(int first, int second)
    {
        if (first is >= 0x1100 and <= 0x1112 && second is >= 0x1161 and <= 0x1175) return 0xAC00 + ((((first - 0x1100) * 21) + (second - 0x1161)) * 28);
        return first is >= 0xAC00 and <= 0xD7A3 && (first - 0xAC00) % 28 == 0 && second is >= 0x11A8 and <= 0x11C2 ? first + (second - 0x11A7) : 0;
    }
}
