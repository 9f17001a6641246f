using Fovea.Recipes;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Tests.Commands;

/// <summary>What somebody types first: a folder of pictures, and no recipe.</summary>
public sealed class FirstRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Run => _folder.Path("run");

    private Shell Train(params string[] more) => Shell.Run(["train", "--data", Data, "--out", Run, .. more]);

    private string Data => _folder.Path("data");

    private TrainRecipe Kept => TrainRecipe.Load(Path.Combine(Run, "recipe.yaml"));

    [Fact]
    public void A_folder_of_pictures_is_enough_and_what_was_chosen_is_told_and_kept()
    {
        TinyData.Make(_folder);
        var shell = Train("--epochs", "3");
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        foreach (var part in (string[])["data", "machine", "model", "input", "batch", "epochs", "augmentation", "loss", "optimizer"])
            Assert.Matches($"(?m)^  {part}: .+", shell.Out);
        Assert.Contains(
            "  data: 24 images to train on in 3 classes of 8 each, 12 to evaluate, shorter sides of 36 pixels in the median\n", shell.Out,
            StringComparison.Ordinal);
        Assert.Equal((3, 36, 8), (Kept.Train.Epochs, Kept.Data.ImageSize, Kept.Train.BatchSize));
        Assert.Contains("\n# chosen: model: ", File.ReadAllText(Path.Combine(Run, "recipe.yaml")), StringComparison.Ordinal);
        // It is a run like others: it goes on, and is evaluated.
        var longer = Shell.Run("train", "--data", Data, "--out", Run, "--resume", "--epochs", "4", "--json");
        Assert.Equal(4, longer.Json.GetProperty("epochs").GetInt32());
        Assert.Equal(0, Shell.Run("validate", "--run", Run, "--data", Data).Code);
    }

    [Fact]
    public void Time_makes_a_run_of_measured_length()
    {
        TinyData.Make(_folder);
        var shell = Train("--time", "7s", "--set", "data.bad_images=quarantine");
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.Matches(@"a step takes [0-9.]+ ms an image, making it ready [0-9.E-]+ ms, measured\n", shell.Out);
        Assert.Contains(", which is what fits into 7 s\n", shell.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_and_settings_hold_beside_what_is_chosen()
    {
        TinyData.Make(_folder);
        var shell = Train(
            "--model", "cifar_lenet", "--set", "data.image_size=32", "--epochs", "2", "--set", "optimizer=adamw", "--lr", "0.002", "--batch-size", "6");
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.Equal(("cifar_lenet", 32, 2, 6), (Kept.Model.Name, Kept.Data.ImageSize, Kept.Train.Epochs, Kept.Train.BatchSize));
        Assert.Equal(0.002, Assert.IsType<AdamWOptions>(Kept.Optimizer).LearningRate);
    }

    [Fact]
    public void One_class_is_an_error_before_anything_is_made()
    {
        TinyData.Add(_folder.Path("data", "red"), 4, "red");
        var shell = Train();
        Assert.NotEqual(0, shell.Code);
        Assert.Contains("wanted at least 2", shell.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Run));
    }

    [Fact]
    public void Flags_are_keys_of_the_recipe()
    {
        TinyData.Make(_folder);
        var shell = Shell.Run(
            "train", "-c", "demo", "--data", Data, "--out", Run, "--epochs", "1", "--batch-size", "4", "--lr", "0.01", "--early-stop", "5", "--class-weights",
            "balanced");
        Assert.True(shell.Code == 0, shell.Error);
        Assert.Equal((1, 4, 5, 0.01), (Kept.Train.Epochs, Kept.Train.BatchSize, Kept.Train.EarlyStop, Kept.Optimizer.LearningRate));
        Assert.Equal(1, Assert.IsType<CrossEntropyOptions>(Kept.Loss).ClassBalance);
    }

    [Fact]
    public void An_automatic_batch_is_found_and_kept()
    {
        TinyData.Make(_folder);
        var shell = Train("--batch-size", "auto", "--epochs", "1");
        Assert.True(shell.Code == 0, shell.Error);
        Assert.Contains("batch size auto: 8, the largest power of two whose plan fits in half of the memory", shell.Out, StringComparison.Ordinal);
        Assert.Equal(8, Kept.Train.BatchSize);
    }

    [Theory]
    [InlineData("--epochs 3 and --set train.epochs=4 contradict each other; wanted one of them", "--epochs", "3", "--set", "train.epochs=4")]
    [InlineData(
        "--batch-size auto and --set train.batch_size=4 contradict each other; wanted one of them", "--batch-size", "auto", "--set", "train.batch_size=4")]
    [InlineData(
        "--lr 0.1 and --set optimizer={kind: sgd, learning_rate: 1} contradict each other; wanted one of them",
        "--lr", "0.1", "--set", "optimizer={kind: sgd, learning_rate: 1}")]
    [InlineData("--batch-size is 'many'; wanted a whole number from 1 to 65536, or auto", "--batch-size", "many")]
    [InlineData("--batch-size is '0'; wanted a whole number from 1 to 65536, or auto", "--batch-size", "0")]
    [InlineData("--time is 'soon'; wanted a time such as 90s, 10m, 2h or 1h30m, at most 10000 h", "--time", "soon")]
    [InlineData("--time is '0m'; wanted a time such as 90s, 10m, 2h or 1h30m, at most 10000 h", "--time", "0m")]
    [InlineData("--time is for a recipe that is chosen; -c has its own length: wanted --epochs N", "--time", "5m", "-c", "demo")]
    public void What_cannot_be_meant_is_refused(string message, params string[] flags)
    {
        TinyData.Make(_folder);
        Shell.Fails(2, message, ["train", "--data", Data, "--out", Run, .. flags]);
        Assert.False(Directory.Exists(Run));
    }

    [Fact]
    public void A_flag_and_a_setting_that_say_the_same_are_no_contradiction()
    {
        TinyData.Make(_folder);
        Assert.Equal(0, Train("--epochs", "1", "--set", "train.epochs=1").Code);
    }

    [Fact]
    public void A_run_that_cannot_work_is_refused_and_one_that_will_learn_little_is_told_what_to_set()
    {
        TinyData.Make(_folder);
        var refused = Shell.Run(["train", .. TinyData.Flags, "--data", Data, "--out", Run, "--set", "train.batch_size=1"]);
        Assert.NotEqual(0, refused.Code);
        Assert.Contains(
            "batches of one image have nothing to normalise in maps of one pixel, which repvgg has; try train.batch_size=16", refused.Error,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(Run));
        var told = Shell.Run(["train", .. TinyData.Flags, "--data", Data, "--out", Run, "--set", "train.batch_size=16"]);
        Assert.Equal(0, told.Code);
        Assert.Contains(
            "warning: batches of 16 make 2 updates an epoch of 24 images, too few to learn from; try train.batch_size=8\n", told.Error,
            StringComparison.Ordinal);
    }
}
