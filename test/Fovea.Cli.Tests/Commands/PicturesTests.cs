using SkiaSharp;

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

    [Fact]
    public void The_pictures_of_a_run_are_of_its_best_epoch_where_that_is_not_the_last()
    {
        var data = TinyData.Make(_folder, train: 12, validation: 4);
        var run = _folder.Path("run");
        // The rate jumps when the run has learnt something.
        string[] spoilt = ["--set", "train.epochs=7", "--set", "schedule={kind: step, milestones: [6], scales: [400]}"];
        var shell = Shell.Run(["train", .. TinyData.Flags, "--data", data, "--out", run, .. spoilt, "--json"]);
        Assert.True(shell.Code == 0, shell.Error);
        AssertWorseAtItsEnd(shell, before: 7);
        AssertSameMatrix(data, run, "best", isSame: true);
        AssertSameMatrix(data, run, "latest", isSame: false);
    }

    [Fact]
    public void A_run_that_went_on_and_became_worse_is_drawn_by_the_best_checkpoint_of_before()
    {
        var data = TinyData.Make(_folder, train: 12, validation: 4);
        var run = _folder.Path("run");
        var first = Shell.Run(["train", .. TinyData.Flags, "--data", data, "--out", run, "--set", "train.epochs=6", "--json"]);
        Assert.True(first.Code == 0, first.Error);
        var best = first.Json.GetProperty("best_epoch").GetInt32();
        var (confusion, mistakes) = (Bytes(run, "confusion.png"), Bytes(run, "mistakes.png"));
        string[] worse = ["--set", "train.epochs=7", "--set", "optimizer.learning_rate=20"];
        var second = Shell.Run(["train", "--data", data, "--out", run, "--resume", .. worse, "--json"]);
        Assert.True(second.Code == 0, second.Error);
        AssertWorseAtItsEnd(second, before: 7);
        Assert.Equal(best, second.Json.GetProperty("best_epoch").GetInt32());
        Assert.Equal(confusion, Bytes(run, "confusion.png"));
        Assert.Equal(mistakes, Bytes(run, "mistakes.png"));
    }

    private static void AssertWorseAtItsEnd(Shell shell, int before)
    {
        Assert.InRange(shell.Json.GetProperty("best_epoch").GetInt32(), 1, before - 1);
        var (last, best) = (shell.Json.GetProperty("top1").GetDouble(), shell.Json.GetProperty("best_top1").GetDouble());
        Assert.True(last < best, $"{last} and {best}");
    }

    /// <summary>Compares the run's matrix with that of a checkpoint below the titles, which say of what they are.</summary>
    private void AssertSameMatrix(string data, string run, string checkpoint, bool isSame)
    {
        var pictures = _folder.Path(checkpoint);
        Assert.Equal(0, Shell.Run("validate", "--run", run, "--checkpoint", checkpoint, "--data", data, "--pictures", pictures).Code);
        using var own = SKBitmap.Decode(Path.Combine(run, "confusion.png"));
        using var other = SKBitmap.Decode(Path.Combine(pictures, "confusion.png"));
        Assert.Equal((own.Width, own.Height), (other.Width, other.Height));
        const int Title = 40;
        var differing = Enumerable.Range(Title, own.Height - Title)
            .Sum(y => Enumerable.Range(0, own.Width).Count(x => own.GetPixel(x, y) != other.GetPixel(x, y)));
        Assert.True(isSame == (differing == 0), $"{differing} pixels differ from {checkpoint}");
    }

    private static byte[] Bytes(string run, string name) => File.Exists(Path.Combine(run, name)) ? File.ReadAllBytes(Path.Combine(run, name)) : [];

    private static void AssertPicture(string path)
    {
        var bytes = File.ReadAllBytes(path);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], bytes[..4]);
        Assert.InRange(bytes.Length, 2000, 4_000_000);
    }
}
