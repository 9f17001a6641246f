namespace Fovea.Cli.Tests.Commands;

/// <summary>Runs and models that travel between machines whose processors know different instructions.</summary>
public sealed class OtherMachineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ALL", "AVX2")]
    [InlineData("AVX2", "ALL")]
    [InlineData("AVX512_CORE", "SSE41")]
    public void A_run_in_bf16_goes_on_and_ships_where_bf16_is_computed_in_another_way(string here, string there)
    {
        var (data, run, file) = (TinyData.Make(_folder), _folder.Path("run"), _folder.Path("m.fovea"));
        Runs(here, ["train", .. TinyData.Flags, "--data", data, "--out", run, "--precision", "bf16", "--set", "train.epochs=1"]);
        Assert.Equal(4, Weights.Latest(run).State.Step);
        Runs(there, "train", "--data", data, "--out", run, "--resume", "--set", "train.epochs=2");
        Assert.Equal(8, Weights.Latest(run).State.Step);
        Runs(here, "deploy", run, "-o", file);
        Assert.Equal(12, Runs(there, "validate", "--model", file, "--data", data, "--precision", "bf16", "--json").Json.GetProperty("images").GetInt32());
    }

    private static Shell Runs(string instructions, params string[] args)
    {
        using var tool = ToolProcess.Start(new Dictionary<string, string> { ["ONEDNN_MAX_CPU_ISA"] = instructions }, args);
        var shell = tool.End();
        Assert.True(shell.Code == 0, shell.Error);
        return shell;
    }
}
