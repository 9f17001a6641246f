using System.Text;

namespace Fovea.Options;

/// <summary>How the names of options are spelt in a recipe.</summary>
public static class OptionNames
{
    /// <summary>The key of a property: words in lower case with underscores, as in <c>learning_rate</c>, <c>beta1</c>, <c>decay_1d</c>.</summary>
    /// <remarks>A word begins at an upper-case letter, and at a digit that a lower-case letter follows.</remarks>
    public static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && BeginsWord(name, i)) text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    private static bool BeginsWord(string name, int i) =>
        char.IsAsciiLetterUpper(name[i])
        || (char.IsAsciiDigit(name[i]) && char.IsAsciiLetter(name[i - 1]) && i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1]));
}
