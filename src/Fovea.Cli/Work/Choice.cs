using System.CommandLine;
using Fovea.Naming;

namespace Fovea.Cli.Work;

/// <summary>Options that take one of a few words.</summary>
internal static class Choice
{
    /// <summary>An option whose default is the first of its words.</summary>
    internal static Option<string> Of(string name, string description, params string[] choices)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', choices), DefaultValueFactory = _ => choices[0] };
        Restrict(option, choices);
        return option;
    }

    /// <summary>An option that may be left out.</summary>
    internal static Option<string?> Optional(string name, string description, params string[] choices)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', choices) };
        Restrict(option, choices);
        return option;
    }

    private static void Restrict(Option option, string[] choices) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !choices.Contains(token.Value, StringComparer.Ordinal))
            result.AddError($"{option.Name} is '{token.Value}'; wanted {string.Join(" or ", choices)}{NearestName.Hint(token.Value, choices)}");
    });
}
