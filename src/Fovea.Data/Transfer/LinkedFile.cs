using System.Globalization;
using System.Net.Http.Headers;

namespace Fovea.Data.Transfer;

/// <summary>What a hub of models says of a file that another server has, in the headers <c>X-Linked-ETag</c> and <c>X-Linked-Size</c>.</summary>
/// <param name="Sha256">Its SHA-256, in small hexadecimal digits; null where none is told.</param>
/// <param name="Bytes">Its length; null where none is told.</param>
internal readonly record struct LinkedFile(string? Sha256, long? Bytes)
{
    private const string Sum = "X-Linked-ETag";
    private const string Length = "X-Linked-Size";
    private const int Sha256Digits = 64;

    /// <summary>Whether a header is one of the two.</summary>
    public static bool IsOne(string header) =>
        header.Equals(Sum, StringComparison.OrdinalIgnoreCase) || header.Equals(Length, StringComparison.OrdinalIgnoreCase);

    /// <summary>What the headers of an answer tell.</summary>
    public static LinkedFile Of(HttpResponseHeaders headers)
    {
        var sum = Value(headers, Sum)?.Trim('"');
        return new(
            sum is { Length: Sha256Digits } && sum.All(char.IsAsciiHexDigit) ? sum.ToLowerInvariant() : null,
            long.TryParse(Value(headers, Length), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null);
    }

    private static string? Value(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
