using System.Buffers;
using Fovea.Naming;
using SkiaSharp;

namespace Fovea.Cli.Pictures;

/// <summary>Text that has so much room and no more.</summary>
internal static class FittedText
{
    private const string Dots = "…";
    private const int MostLines = 4;

    private static readonly SearchValues<char> s_breaks = SearchValues.Create(" _-/,.");

    /// <summary>As much of the beginning as fits, with dots where something is left out.</summary>
    internal static string Beginning(string text, SKFont font, float width) =>
        Fitting(Printable.Line(text), font, width, (whole, length) => whole[..length] + Dots);

    /// <summary>As much of the end as fits, likewise.</summary>
    internal static string End(string text, SKFont font, float width) =>
        Fitting(Printable.Line(text), font, width, (whole, length) => Dots + whole[^length..]);

    /// <summary>As much of both ends as fits, likewise: of a file's name the extension is kept.</summary>
    internal static string Middle(string text, SKFont font, float width) => Fitting(Printable.Line(text), font, width, Ends);

    /// <summary>
    /// The text on as many lines as it takes, at most four: broken behind a blank or a sign where one stands in the line, else anywhere, but never in a number.
    /// </summary>
    internal static IReadOnlyList<string> Wrapped(string text, SKFont font, float width)
    {
        var lines = new List<string>();
        for (text = Printable.Line(text); lines.Count + 1 < MostLines && font.MeasureText(text) > width;)
        {
            var most = Math.Max(1, MostOf(text, length => font.MeasureText(text[..length]) <= width));
            var length = BreakIn(text, most);
            if (length == 0) return [.. lines, Middle(text, font, width)];
            lines.Add(text[..length].TrimEnd());
            text = text[length..].TrimStart();
        }

        return [.. lines, Last(text, font, width)];
    }

    /// <summary>As much of the beginning as fits, and behind the dots the last word or number, where both have room.</summary>
    private static string Last(string text, SKFont font, float width)
    {
        if (font.MeasureText(text) <= width) return text;
        var at = text.Length - 1;
        while (at > 0 && (text[at] != ' ' || IsInNumber(text, at))) at--;
        var room = width - font.MeasureText(text[at..]);
        return at == 0 || room < font.MeasureText(Dots) ? Beginning(text, font, width) : Beginning(text[..at], font, room) + text[at..];
    }

    /// <summary>Where a line of at most so many characters ends; 0 where it would end in a number.</summary>
    private static int BreakIn(string text, int most)
    {
        for (var length = most; length > 1; length--)
            if (s_breaks.Contains(text[length - 1]) && !IsInNumber(text, length)) return length;
        while (most > 0 && IsInNumber(text, most)) most--;
        return most;
    }

    /// <summary>Whether the place before a character belongs to a number: its sign, digits, point, or the percent sign behind it; or to one letter.</summary>
    private static bool IsInNumber(string text, int at)
    {
        if (at == 0 || at >= text.Length) return false;
        bool IsDigit(int i) => i >= 0 && i < text.Length && char.IsAsciiDigit(text[i]);
        var (before, behind) = (text[at - 1], text[at]);
        if (behind == '%' || char.IsLowSurrogate(behind)) return true;
        if (behind == ' ') return at + 1 < text.Length && text[at + 1] == '%';
        if (behind is '.' or ',') return IsDigit(at - 1) && IsDigit(at + 1);
        if (!IsDigit(at)) return false;
        return before switch
        {
            '.' or ',' => IsDigit(at - 2),
            '-' or '+' or '−' => at < 2 || !char.IsLetterOrDigit(text[at - 2]),
            _ => IsDigit(at - 1),
        };
    }

    /// <summary>So many characters of a text, from both ends, with dots between them.</summary>
    private static string Ends(string text, int length)
    {
        var (head, tail) = ((length + 1) / 2, length / 2);
        if (head > 0 && char.IsHighSurrogate(text[head - 1])) head--;
        if (tail > 0 && char.IsLowSurrogate(text[^tail])) tail--;
        return $"{text[..head]}{Dots}{text[^tail..]}";
    }

    private static string Fitting(string text, SKFont font, float width, Func<string, int, string> cut) =>
        font.MeasureText(text) <= width ? text : cut(text, MostOf(text, length => font.MeasureText(cut(text, length)) <= width));

    /// <summary>The most characters that fit; 0 where none does.</summary>
    private static int MostOf(string text, Predicate<int> fits)
    {
        var (most, over) = (0, text.Length + 1);
        while (most + 1 < over)
        {
            var middle = (most + over) / 2;
            if (fits(middle)) most = middle;
            else over = middle;
        }

        return most;
    }
}
