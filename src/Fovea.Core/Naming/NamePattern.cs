using System.IO.Enumeration;

namespace Fovea.Naming;

/// <summary>Names that are meant by a pattern: <c>*</c> stands for any characters, <c>?</c> for one, case counts.</summary>
public static class NamePattern
{
    /// <summary>Whether a pattern means a name.</summary>
    public static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    /// <summary>Whether one of several patterns means a name.</summary>
    public static bool AnyMatches(IEnumerable<string> patterns, string name) => patterns.Any(pattern => Matches(pattern, name));
}
