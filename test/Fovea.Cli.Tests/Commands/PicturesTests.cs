namespace Fovea.Cli.Tests.Commands;

/// <summary>Pictures of runs and evaluations.</summary>
public sealed class PicturesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_finished_run_has_its_curves_its_confusion_matrix_and_its_surest_mistakes()
    {
        var data = TinyData.Make(_folder, train: 4, validation: 4);
        var run = _folder.Path("run");
        var shell = Shell.Run(["train", .. TinyData.Flags, "--data", data, "--out", run, "--set", "optimizer.learning_rate=1e-9"]);
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        AssertPicture(Path.Combine(run, "curves.png"));
        AssertPicture(Path.Combine(run, "confusion.png"));
        AssertPicture(Path.Combine(run, "mistakes.png"));
        Assert.True(Shell.Run("train", "--data", data, "--out", run, "--resume", "--set", "train.epochs=3").Code == 0, "pictures are no obstacle to go on");
    }

    [Fact]
    public void An_evaluation_is_drawn_into_a_folder_and_what_is_no_longer_true_goes()
    {
        var data = TinyData.Make(_folder, train: 12, validation: 4);
        var run = _folder.Path("run");
        Assert.Equal(0, Shell.Run(["train", .. TinyData.Flags, "--data", data, "--out", run, "--set", "train.epochs=8"]).Code);
        var pictures = _folder.Path("some", "pictures");
        Directory.CreateDirectory(pictures);
        File.WriteAllText(Path.Combine(pictures, "mistakes.png"), "of an earlier evaluation");
        var shell = Shell.Run("validate", "--run", run, "--data", data, "--pictures", pictures, "--json");
        Assert.Equal(0, shell.Code);
        AssertPicture(Path.Combine(pictures, "confusion.png"));
        if (shell.Json.GetProperty("top1").GetDouble() == 1) Assert.False(File.Exists(Path.Combine(pictures, "mistakes.png")));
        else AssertPicture(Path.Combine(pictures, "mistakes.png"));
    }

    private static void AssertPicture(string path)
    {
        var bytes = File.ReadAllBytes(path);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], bytes[..4]);
        Assert.InRange(bytes.Length, 2000, 4_000_000);
    }
}
