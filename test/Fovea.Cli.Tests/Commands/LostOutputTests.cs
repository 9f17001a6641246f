namespace Fovea.Cli.Tests.Commands;

/// <summary>Output that cannot be written ends no run, and no command by a signal.</summary>
public sealed class LostOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public LostOutputTests() => _data = TinyData.Make(_folder);

    private string Run => _folder.Path("run");

    private string[] Train => ["train", .. TinyData.Flags, "--data", _data, "--out", Run];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_whose_standard_output_is_full_says_so_once_and_goes_on()
    {
        using var tool = ToolProcess.StartIn("exec \"$@\" >/dev/full", Train);
        var shell = tool.End();
        Assert.Equal("warning: standard output cannot be written: No space left on device; the work goes on\n", shell.Error);
        Assert.Equal(0, shell.Code);
        Assert.Equal(8, Weights.Latest(Run).State.Step);
    }

    [Fact]
    public void A_run_that_can_tell_nothing_at_all_goes_on()
    {
        using var tool = ToolProcess.StartIn("exec \"$@\" >/dev/full 2>/dev/full", Train);
        Assert.Equal(0, tool.End().Code);
        Assert.Equal(8, Weights.Latest(Run).State.Step);
    }

    [Fact]
    public void A_run_whose_reader_has_gone_goes_on()
    {
        using var tool = ToolProcess.StartIn("{ \"$@\"; echo \"code $?\" >&2; } | head -n 1", Train);
        Assert.EndsWith("code 0\n", tool.End().Error, StringComparison.Ordinal);
        Assert.Equal(8, Weights.Latest(Run).State.Step);
    }

    [Fact]
    public void A_result_that_nobody_receives_is_a_failure()
    {
        using var tool = ToolProcess.StartIn("exec \"$@\" >/dev/full", "version");
        var shell = tool.End();
        Assert.Equal(1, shell.Code);
        Assert.Equal("error: standard output: the result cannot be written: No space left on device; wanted a place with room for it\n", shell.Error);
    }

    [Theory]
    [InlineData("recipe", "keys")]
    [InlineData("models")]
    [InlineData("models", "--json")]
    [InlineData("train", "--help")]
    public void A_reader_that_goes_early_ends_a_command_quietly_with_its_usual_code(params string[] args)
    {
        using var tool = ToolProcess.StartIn("{ \"$@\"; echo \"code $?\" >&2; } | head -c 1", args);
        Assert.Equal("code 0\n", tool.End().Error);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("recipe", "keys")]
    [InlineData("models", "--json")]
    [InlineData("train", "--help")]
    public void A_closed_standard_output_is_called_so(params string[] args)
    {
        using var tool = ToolProcess.StartIn("exec \"$@\" >&-", args);
        var shell = tool.End();
        Assert.Equal("error: standard output: the result cannot be written: it is closed; wanted a place with room for it\n", shell.Error);
        Assert.Equal(1, shell.Code);
    }

    [Fact]
    public void A_run_whose_standard_output_is_closed_says_so_once_and_goes_on()
    {
        using var tool = ToolProcess.StartIn("exec \"$@\" >&-", Train);
        var shell = tool.End();
        Assert.Equal("warning: standard output cannot be written: it is closed; the work goes on\n", shell.Error);
        Assert.Equal(0, shell.Code);
        Assert.Equal(8, Weights.Latest(Run).State.Step);
    }

    [Fact]
    public void A_closed_standard_error_changes_no_code()
    {
        using var tool = ToolProcess.StartIn("exec \"$@\" 2>&-", "bogus");
        Assert.Equal(2, tool.End().Code);
    }

    [Theory]
    [InlineData(2, "bogus")]
    [InlineData(2, "train", "--model", "resnet18")]
    [InlineData(2, "data", "check", "/proc/none")]
    public void An_error_that_cannot_be_told_keeps_its_code(int code, params string[] args)
    {
        using var tool = ToolProcess.StartIn("exec \"$@\" 2>/dev/full", args);
        Assert.Equal(code, tool.End().Code);
    }

    [Fact]
    public void A_checkpoint_over_the_limit_of_file_sizes_is_an_error_that_leaves_nothing_half_written()
    {
        using var tool = ToolProcess.StartIn("export DOTNET_EnableWriteXorExecute=0; ulimit -f 40; exec \"$@\"", Train);
        var shell = tool.End();
        Assert.Equal(1, shell.Code);
        Assert.Matches(
            "^error: .*checkpoints/.*: the file is larger than this process may write \\(ulimit -f\\); what was there before is untouched\n$", shell.Error);
        Assert.Empty(Directory.GetFiles(Path.Combine(Run, "checkpoints")));
    }

    [Theory]
    [InlineData("log.jsonl")]
    [InlineData("metrics.csv")]
    public void A_log_of_the_run_that_cannot_be_written_is_told_once_and_the_run_goes_on(string file)
    {
        Directory.CreateDirectory(Run);
        File.WriteAllText(Path.Combine(Run, "run.lock"), "");
        File.CreateSymbolicLink(Path.Combine(Run, file), "/dev/full");
        var shell = Shell.Run(Train);
        Assert.Equal(0, shell.Code);
        Assert.Matches(
            "^warning: a log cannot be written: No space left on device.*; the run goes on, what cannot be written is missing there\n$", shell.Error);
        Assert.Equal(8, Weights.Latest(Run).State.Step);
    }
}
