using System.Globalization;

namespace Fovea.Naming;

/// <summary>Numbers of things in messages: the noun follows the number.</summary>
public static class Amount
{
    /// <summary>A number with its noun: <c>1 class</c>, <c>2 classes</c>, <c>0 training images</c>.</summary>
    /// <param name="count">The number.</param>
    /// <param name="noun">The noun for one; the last word takes the plural.</param>
    public static string Of(long count, string noun) => Of(count, noun, Plural(noun));

    /// <summary>A number with what follows it, where more than the end of the noun changes: <c>1 link leads</c>, <c>2 links lead</c>.</summary>
    /// <param name="count">The number.</param>
    /// <param name="one">What follows 1.</param>
    /// <param name="many">What follows other numbers.</param>
    public static string Of(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    /// <summary>Two ends of a range, or the one number that both are: <c>3 to 8</c>, <c>5</c>.</summary>
    public static string Range(long low, long high) =>
        low == high ? low.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{low} to {high}");

    private static string Plural(string noun) => noun switch
    {
        // Spoken with a k.
        [.., 'e', 'p', 'o', 'c', 'h'] => $"{noun}s",
        [.., 's' or 'x'] or [.., 'c' or 's', 'h'] => $"{noun}es",
        [.., not ('a' or 'e' or 'o' or 'u'), 'y'] => $"{noun[..^1]}ies",
        _ => $"{noun}s",
    };
}
