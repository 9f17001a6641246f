namespace Fovea.Cli.Tests.Commands;

/// <summary>What becomes of the tool where something that it needs is not there.</summary>
public sealed class StarvedProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public StarvedProcessTests() => _data = TinyData.Make(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_native_library_is_named_with_what_installs_it()
    {
        using var tool = ToolProcess.Start(
            new Dictionary<string, string> { ["DNNL_PATH"] = _folder.Path("nowhere", "libdnnl.so.2") },
            ["train", .. TinyData.Flags, "--data", _data, "--out", _folder.Path("run")]);
        var shell = tool.End();
        Assert.Equal(1, shell.Code);
        Assert.Matches("^error: oneDNN .* was not found\\. Tried: .*/nowhere/libdnnl\\.so\\.2: .*apt-get install libdnnl2.*\n$", shell.Error);
    }

    [Fact]
    public void A_full_disk_ends_the_run_and_keeps_the_last_checkpoint()
    {
        using var disk = SmallDisk.Mount(_folder, "2m");
        var run = disk.Path("run");
        string[] train = ["train", .. TinyData.Flags, "--data", _data, "--out", run, "--set", "train.epochs=1"];
        Assert.Equal(0, Shell.Run(train).Code);
        var before = Weights.Latest(run).State.Step;
        Fill(disk.Path("filler"));

        var shell = Shell.Run("train", "--data", _data, "--out", run, "--resume", "--set", "train.epochs=3");
        Assert.Equal(1, shell.Code);
        Assert.Contains(
            "the disk is full", Assert.Single(shell.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.Equal(before, Weights.Latest(run).State.Step);

        File.Delete(disk.Path("filler"));
        Assert.Equal(0, Shell.Run("train", "--data", _data, "--out", run, "--resume", "--set", "train.epochs=3").Code);
        Assert.Equal(12, Weights.Latest(run).State.Step);
    }

    /// <summary>Takes the room that is left but for 40 KiB: enough for logs, too little for a checkpoint.</summary>
    private static void Fill(string path)
    {
        using var file = File.Create(path);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            file.SetLength(file.Length - (40 << 10));
        }
    }
}
