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

    /// <summary>The text on as many lines as it takes, at most four: broken behind a blank or a sign where one stands in the line, else anywhere.</summary>
    internal static IReadOnlyList<string> Wrapped(string text, SKFont font, float width)
    {
        var lines = new List<string>();
        for (text = Printable.Line(text); lines.Count + 1 < MostLines && font.MeasureText(text) > width;)
        {
            var most = Math.Max(1, MostOf(text, length => font.MeasureText(text[..length]) <= width));
            var last = text.AsSpan(0, most).LastIndexOfAny(s_breaks);
            var length = last > 0 ? last + 1 : most;
            lines.Add(text[..length].TrimEnd());
            text = text[length..];
        }

        return [.. lines, Beginning(text, font, width)];
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
