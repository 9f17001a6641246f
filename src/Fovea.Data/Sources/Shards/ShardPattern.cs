using System.Globalization;
using System.Text.RegularExpressions;
using Fovea.Naming;

namespace Fovea.Data.Sources.Shards;

/// <summary>Names of shards with braces: <c>name-{000..012}.tar</c>, <c>{train,val}.tar</c>.</summary>
internal static partial class ShardPattern
{
    private const int MostShards = 100_000;

    /// <summary>Whether a place has braces to expand.</summary>
    public static bool HasBraces(string place) => Braces().IsMatch(place);

    /// <summary>What a pattern stands for, in order; the last braces count fastest.</summary>
    /// <exception cref="DataException">A range is reversed, or there are too many names.</exception>
    public static IReadOnlyList<string> Expand(string pattern)
    {
        var match = Braces().Match(pattern);
        if (!match.Success) return [pattern];
        var (before, behind) = (pattern[..match.Index], Expand(pattern[(match.Index + match.Length)..]));
        var inside = match.Groups["from"].Success ? Range(pattern, match) : match.Groups["list"].Value.Split(',');
        if ((long)inside.Count * behind.Count > MostShards) throw TooMany(pattern, (long)inside.Count * behind.Count);
        return [.. inside.SelectMany(text => behind.Select(rest => before + text + rest))];
    }

    private static IReadOnlyList<string> Range(string pattern, Match match)
    {
        var (from, to) = (match.Groups["from"].Value, match.Groups["to"].Value);
        if (!long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !long.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last < first)
            throw new DataException(pattern, $"{match.Value} is no range", "the smaller number first, as in {000..012}");
        if (last - first >= MostShards) throw TooMany(pattern, last - first + 1);
        // As the shell has it: numbers are as wide as the wider end if one of them begins with a zero.
        var isPadded = (from.Length > 1 && from[0] == '0') || (to.Length > 1 && to[0] == '0');
        var width = isPadded ? Math.Max(from.Length, to.Length) : 1;
        return [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => (first + i).ToString(CultureInfo.InvariantCulture).PadLeft(width, '0'))];
    }

    private static DataException TooMany(string pattern, long count) =>
        new(pattern, $"{Printable.Of(pattern)} stands for {Amount.Of(count, "shard")}", $"at most {MostShards}");

    [GeneratedRegex(@"\{((?<from>\d{1,18})\.\.(?<to>\d{1,18})|(?<list>[^{},]*(,[^{},]*)+))\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Braces();
}
