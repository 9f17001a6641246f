using System.Globalization;
using System.Text.RegularExpressions;
using Fovea.Cli.Usage;
using Fovea.Naming;

namespace Fovea.Cli.Work;

/// <summary>A length of time as people type it: <c>90s</c>, <c>10m</c>, <c>1.5h</c>, <c>1h30m</c>.</summary>
internal static partial class Duration
{
    private const double MostHours = 10_000;

    /// <exception cref="UsageException">The text is none.</exception>
    internal static TimeSpan Parse(string flag, string text)
    {
        var match = Form().Match(text);
        double Part(string name) => match.Groups[name].Success ? double.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        var hours = Part("h") + (Part("m") / 60) + (Part("s") / 3600);
        return match.Success && hours is > 0 and <= MostHours
            ? TimeSpan.FromHours(hours)
            : throw new UsageException($"{flag} is '{Printable.Line(text)}'; wanted a time such as 90s, 10m, 2h or 1h30m, at most {MostHours} h");
    }

    [GeneratedRegex(
        @"\A(?=.)(?:(?<h>\d{1,6}(?:\.\d{1,6})?)h)?(?:(?<m>\d{1,6}(?:\.\d{1,6})?)m(?:in)?)?(?:(?<s>\d{1,7}(?:\.\d{1,6})?)s)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
