
namespace Fovea.Cli.Tests;

public class CommandLineTests
{
    [Fact]
    public void A_mistyped_command_gets_the_nearest_one() =>
        Shell.Fails(2, "unknown command 'vresion' of 'fovea'; did you mean 'version'? ('fovea --help' lists all)", "vresion");

    [Fact]
    public void A_command_like_no_other_gets_no_guess() =>
        Shell.Fails(2, "unknown command 'xylophone' of 'fovea' ('fovea --help' lists all)", "xylophone");

    [Fact]
    [Trait("row", "S0-21")]
    public void A_mistyped_option_gets_the_nearest_one() =>
        Shell.Fails(2, "unknown option '--jsno' of 'fovea version'; did you mean '--json'? ('fovea version --help' lists all)", "version", "--jsno");

    [Fact]
    public void A_mistyped_option_without_a_command_is_named() =>
        Shell.Fails(2, "unknown option '--debgu' of 'fovea'; did you mean '--debug'? ('fovea --help' lists all)", "--debgu");

    [Fact]
    public void An_argument_too_many_is_named() =>
        Shell.Fails(2, "unexpected argument 'extra' of 'fovea version'; see 'fovea version --help'", "version", "extra");

    [Fact]
    public void No_command_prints_help_and_is_wrong_usage()
    {
        var shell = Shell.Run();
        Assert.Equal(2, shell.Code);
        Assert.Contains("Usage:", shell.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help data split", "data split --help")]
    public void The_word_help_is_taken_as_the_option(string words, string option) =>
        Assert.Equal(Shell.Run(option.Split(' ')).Out, Shell.Run(words.Split(' ')).Out);

    [Theory]
    [InlineData("--help")]
    [InlineData("version", "--help")]
    [InlineData("--version")]
    public void Help_and_version_succeed_on_standard_output(params string[] args)
    {
        var shell = Shell.Run(args);
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.NotEqual("", shell.Out);
    }

    [Fact]
    public void Json_is_one_object_on_standard_output()
    {
        var shell = Shell.Run("version", "--json");
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.Equal(Fovea.Cli.Usage.ToolVersion.Text, shell.Json.GetProperty("version").GetString());
    }

    [Theory]
    [InlineData("fovea tr", "train")]
    [InlineData("fovea train -c cifar10/", "cifar10/resnet20")]
    [InlineData("fovea train --model resnet1", "resnet18")]
    [InlineData("fovea train --early", "--early-stop")]
    public void A_shell_is_told_what_may_stand_where_a_line_ends(string line, string word) =>
        Assert.Contains(word, Shell.Run($"[suggest:{line.Length}]", line).Out.Split('\n'));

    [Fact]
    public void The_page_of_the_tool_names_every_command()
    {
        var page = File.ReadAllText(Repository.Path("docs/tool.md"));
        foreach (var command in Tool.Root().Subcommands)
        {
            Assert.Contains($"`{command.Name}", page, StringComparison.Ordinal);
            Assert.All(command.Subcommands, part => Assert.Contains($"{part.Name}`", page, StringComparison.Ordinal));
        }
    }
}
