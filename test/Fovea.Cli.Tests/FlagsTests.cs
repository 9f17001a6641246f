using System.CommandLine;

namespace Fovea.Cli.Tests;

public class FlagsTests
{
    /// <summary>The command line is a contract: a flag that comes, goes or changes its name has to be meant.</summary>
    [Fact]
    public void The_flags_are_those_of_the_list()
    {
        var list = Repository.Path("test/Fovea.Cli.Tests/flags.txt");
        var flags = string.Concat(Lines(Tool.Root(), "fovea"));
        if (flags == File.ReadAllText(list)) return;
        var (now, then) = (flags.Split('\n'), File.ReadAllLines(list));
        Assert.Fail(
            $"{list} says otherwise; if this is meant, change it there.\nnew:\n{string.Join('\n', now.Except(then))}\n"
            + $"gone:\n{string.Join('\n', then.Except(now))}");
    }

    [Fact]
    public void Every_command_and_flag_says_what_it_is_for()
    {
        foreach (var (path, command) in Commands(Tool.Root(), "fovea"))
        {
            Assert.False(string.IsNullOrEmpty(command.Description) && command is not RootCommand, path);
            foreach (var option in command.Options) Assert.False(string.IsNullOrEmpty(option.Description), $"{path} {option.Name}");
            foreach (var argument in command.Arguments) Assert.False(string.IsNullOrEmpty(argument.Description), $"{path} {argument.Name}");
        }
    }

    /// <summary>The help text shows a default by itself.</summary>
    [Fact]
    public void No_flag_whose_default_the_help_shows_says_it_again()
    {
        foreach (var (path, command) in Commands(Tool.Root(), "fovea"))
        {
            foreach (var option in command.Options.Where(option => option.HasDefaultValue && option.ValueType != typeof(bool)))
                Assert.DoesNotContain("default", $"{path} {option.Name}: {option.Description}", StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Lines(Command root, string name) =>
        from entry in Commands(root, name)
        let names = entry.Command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Where(alias => alias.StartsWith('-'))
            .Order(StringComparer.Ordinal)
        let arguments = entry.Command.Arguments.Select(argument => argument.Name)
        select $"{string.Join(' ', [$"{entry.Path}:", .. arguments, .. names])}\n";

    private static IEnumerable<(string Path, Command Command)> Commands(Command command, string path) =>
        command.Subcommands.OrderBy(sub => sub.Name, StringComparer.Ordinal).SelectMany(sub => Commands(sub, $"{path} {sub.Name}")).Prepend((path, command));
}
