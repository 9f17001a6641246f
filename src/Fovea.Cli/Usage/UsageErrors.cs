using System.CommandLine;
using System.CommandLine.Parsing;
using Fovea.Naming;

namespace Fovea.Cli.Usage;

/// <summary>Says in our words what is wrong with a command line.</summary>
internal static class UsageErrors
{
    /// <exception cref="UsageException">The command line cannot be meant.</exception>
    internal static void Check(ParseResult given)
    {
        var command = given.CommandResult.Command;
        var path = PathOf(given.CommandResult);
        UnknownOption(given, path);
        if (given.UnmatchedTokens is [var unknown, ..])
        {
            throw new UsageException(command.Subcommands.Count > 0
                ? $"unknown command '{unknown}' of '{path}'{NearestName.Hint(unknown, command.Subcommands.Select(sub => sub.Name))} ('{path} --help' lists all)"
                : $"unexpected argument '{unknown}' of '{path}'; see '{path} --help'");
        }

        if (command.Action is null && command.Subcommands.Count > 0)
            throw new UsageException($"'{path}' wants a command: {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}");
        if (command.Options.Where(option => option.Required && given.GetResult(option) is null or { Implicit: true }).ToArray() is [_, ..] missing)
            throw new UsageException($"'{path}' wants {string.Join(" and ", missing.Select(Usage))}; see '{path} --help'");
        Empty(given.CommandResult, path);
        foreach (var error in given.Errors) throw new UsageException(Text(error, path));
    }

    /// <summary>A path, name or number that is empty comes from a variable of the shell that is not set.</summary>
    private static void Empty(CommandResult given, string path)
    {
        foreach (var result in given.Children.Where(result => result.Tokens.Any(token => token.Value.Length == 0)))
        {
            var what = result switch
            {
                OptionResult option => Usage(option.Option),
                ArgumentResult argument => argument.Argument.Name.ToUpperInvariant(),
                _ => path,
            };
            throw new UsageException($"'{path}': the value of {what} is empty; wanted one, or none of it at all");
        }
    }

    private static void UnknownOption(ParseResult given, string path)
    {
        foreach (var token in given.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash))
        {
            if (token.Type != TokenType.Argument || !LooksLikeOption(token.Value)) continue;
            var name = token.Value.Split('=')[0];
            var known = Known(given.CommandResult).SelectMany(option => option.Aliases.Append(option.Name)).Where(alias => alias.StartsWith('-')).ToArray();
            if (!known.Contains(name, StringComparer.Ordinal))
                throw new UsageException($"unknown option '{name}' of '{path}'{NearestName.Hint(name, known)} ('{path} --help' lists all)");
        }
    }

    /// <summary>A dash and a letter, or two dashes; not a negative number, nor the dash that stands for standard input.</summary>
    private static bool LooksLikeOption(string token) =>
        token.Length > 1 && token[0] == '-' && (char.IsAsciiLetter(token[1]) || (token[1] == '-' && token.Length > 2));

    private static IEnumerable<Option> Known(CommandResult result)
    {
        foreach (var option in result.Command.Options) yield return option;
        for (var parent = result.Parent as CommandResult; parent is not null; parent = parent.Parent as CommandResult)
            foreach (var option in parent.Command.Options.Where(option => option.Recursive))
                yield return option;
    }

    private static string Text(ParseError error, string path)
    {
        if (error.SymbolResult is ArgumentResult { Parent: OptionResult ofOption }) return Text(error, ofOption, path);
        return error.SymbolResult switch
        {
            OptionResult option => Text(error, option, path),
            ArgumentResult { Tokens: [] } argument =>
                $"'{path}' wants {(argument.Argument.HelpName ?? argument.Argument.Name).ToUpperInvariant()}; see '{path} --help'",
            ArgumentResult argument => $"'{path}': {Values(argument)}; wanted {Kind(argument.Argument.ValueType)}",
            _ => error.Message,
        };
    }

    private static string Text(ParseError error, OptionResult option, string path)
    {
        var name = option.IdentifierToken?.Value ?? option.Option.Name;
        if (option.Tokens.Count == 0) return $"'{path}': {name} wants a value: {Usage(option.Option)}";
        if (option.Tokens.Count > option.Option.Arity.MaximumNumberOfValues
            || (option.IdentifierTokenCount > 1 && option.Option.Arity.MaximumNumberOfValues == 1))
            return $"'{path}': {name} stands {option.IdentifierTokenCount} times, with {Values(option)}; wanted one value";
        // A validator's own message says what it wanted.
        return error.Message.StartsWith("Cannot parse", StringComparison.Ordinal)
            ? $"'{path}': {name} is {Values(option)}; wanted {Kind(option.Option.ValueType)}"
            : $"'{path}': {error.Message}";
    }

    private static string Values(SymbolResult result) => string.Join(", ", result.Tokens.Select(token => $"'{token.Value}'"));

    private static string Usage(Option option) => option.HelpName is { } value ? $"{option.Name} {value}" : option.Name;

    private static string Kind(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type.GetElementType() ?? type;
        if (type == typeof(int) || type == typeof(long) || type == typeof(ulong)) return "a whole number";
        if (type == typeof(double) || type == typeof(float)) return "a number";
        if (type == typeof(bool)) return "true or false";
        return type.IsEnum ? string.Join(" or ", Enum.GetNames(type).Select(name => name.ToLowerInvariant())) : "another value";
    }

    private static string PathOf(CommandResult result)
    {
        var names = new Stack<string>();
        for (CommandResult? at = result; at?.Parent is not null; at = at.Parent as CommandResult) names.Push(at.Command.Name);
        names.Push("fovea");
        return string.Join(' ', names);
    }
}
