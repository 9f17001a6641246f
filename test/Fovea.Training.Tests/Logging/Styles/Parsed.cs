using System.Globalization;
using System.Text.RegularExpressions;

namespace Fovea.Training.Tests.Logging.Styles;

/// <summary>Reads lines as a script for another system does.</summary>
internal static class Parsed
{
    /// <summary>The numbers of each line that a pattern finds, in their order.</summary>
    internal static List<double[]> Numbers(this IEnumerable<string> lines, string pattern) =>
    [
        .. from line in lines
           let match = Regex.Match(line, pattern, RegexOptions.None, TimeSpan.FromSeconds(5))
           where match.Success
           select match.Groups.Values.Skip(1).Select(found => double.Parse(found.Value, CultureInfo.InvariantCulture)).ToArray(),
    ];

    internal static string Fixed(this double x, int digits) => x.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
