namespace Fovea.Cli.Tests.Commands;

/// <summary>Runs whose training images grow.</summary>
public sealed class ProgressiveRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_of_a_run_grow_by_the_epochs_and_evaluation_sees_the_full_size()
    {
        var (data, run) = (TinyData.Make(_folder), _folder.Path("run"));
        string[] flags = [.. TinyData.Flags, "--set", "data.progressive=[{until: 0.3, image_size: 16}, {until: 0.6, image_size: 24}]"];
        var first = Shell.Run(["train", "--data", data, "--out", run, .. flags, "--set", "train.epochs=3"]);
        Assert.Equal((0, ""), (first.Code, first.Error));
        Assert.Contains("\nepoch 1: training images of 16×16\n", first.Out, StringComparison.Ordinal);
        Assert.Contains("epoch 3: training images of 32×32 from here on, 24×24 before", first.Out, StringComparison.Ordinal);
        Assert.Equal(3, Shell.Run("train", "--data", data, "--out", run, "--resume", "--json").Json.GetProperty("epochs").GetInt32());
        Assert.Equal(12, Shell.Run("validate", "--run", run, "--data", data, "--json").Json.GetProperty("images").GetInt32());
        var refused = Shell.Run(
            "train", "--data", data, "--out", _folder.Path("none"), "--model", "cifar_lenet", "--set", "train.batch_size=6", "--set", "train.epochs=2",
            "--set", "data.progressive=[{until: 0.5, image_size: 16}]");
        Assert.Contains("error: data.progressive: the graph 'cifar_lenet' cannot take images of 16×16", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_whose_images_grow_learns_from_a_teacher_that_can_take_them_and_averages_its_weights()
    {
        var data = TinyData.Make(_folder);
        string[] grows = ["--set", "data.progressive=[{until: 0.5, image_size: 16}]", "--set", "average={kind: swa, norm_batches: 2}"];
        string Teacher(string name, params string[] flags)
        {
            Assert.Equal(0, Shell.Run(["train", "--data", data, "--out", _folder.Path(name), .. flags, "--set", "train.epochs=1"]).Code);
            return _folder.Path(name);
        }

        Shell Student(string name, string teacher) => Shell.Run(
            ["train", "--data", data, "--out", _folder.Path(name), .. TinyData.Flags, .. grows, "--set", "loss.kind=kd", "--set", $"loss.teacher={teacher}"]);
        var taught = Student("student", Teacher("teacher", TinyData.Flags));
        Assert.Equal((0, ""), (taught.Code, taught.Error));
        Assert.Contains("epoch 2: training images of 32×32 from here on, 16×16 before", taught.Out, StringComparison.Ordinal);
        var fixedSize = Teacher("fixed", "--model", "cifar_lenet", "--set", "train.batch_size=6", "-c", TinyData.Plain);
        var refused = Student("refused", fixedSize);
        Assert.Equal(2, refused.Code);
        Assert.Contains($"loss.teacher {fixedSize}: it takes 32×32 images, the student 16×16: ", refused.Error, StringComparison.Ordinal);
    }
}
