using System.Globalization;

namespace Fovea.Import.Foreign;

/// <summary>Numbers as configuration files spell them that are evaluated as Python: a literal, or two with one of + − * / between them.</summary>
internal static class LiteralArithmetic
{
    private const int Longest = 60;
    private const NumberStyles Literal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>The number of a text such as <c>1e-3</c>, <c>0.5</c>, <c>1.0/255.0</c>; false where it is none, or no finite one.</summary>
    internal static bool TryNumber(string text, out double number)
    {
        text = text.Trim();
        number = 0;
        if (text.Length is 0 or > Longest) return false;
        if (TryLiteral(text, out number)) return true;
        // The sign of an exponent or of a literal is no operator.
        for (var at = 1; at < text.Length; at++)
            if (text[at] is '+' or '-' or '*' or '/' && TryLiteral(text[..at], out var left) && TryLiteral(text[(at + 1)..], out var right))
            {
                number = text[at] switch { '+' => left + right, '-' => left - right, '*' => left * right, _ => left / right };
                return double.IsFinite(number);
            }

        return false;
    }

    private static bool TryLiteral(string text, out double number) =>
        double.TryParse(text.Trim(), Literal, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number);
}
