using System.Text.Json;
using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Formats.Artefact;
using Fovea.Sources;
using Fovea.Tensors;

namespace Fovea.Cli.Tests.Commands;

public sealed class TrainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Shell Train(string data, string run, params string[] more) => Train(CancellationToken.None, data, run, more);

    private Shell Train(CancellationToken stop, string data, string run, params string[] more) =>
        Shell.Run(stop, ["train", .. TinyData.Flags, "--data", data, "--out", _folder.Path(run), .. more]);

    [Fact]
    [Trait("row", "S2-06")]
    public void A_run_teaches_another_of_the_same_classes_and_normalisation()
    {
        var data = TinyData.Make(_folder);
        Assert.Equal(0, Train(data, "teacher").Code);
        string[] taught = ["--set", "loss.kind=kd", "--set", $"loss.teacher={_folder.Path("teacher")}"];
        var student = Train(data, "student", [.. taught, "--json"]);
        Assert.Equal((0, 2), (student.Code, student.Json.GetProperty("epochs").GetInt32()));

        var other = Train(data, "other", [.. taught, "--set", "data.mean=[0.5, 0.5, 0.5]"]);
        Assert.Equal(2, other.Code);
        Assert.Contains("its images are normalised by mean [0.485, 0.456, 0.406]", other.Error, StringComparison.Ordinal);
        var none = Train(data, "none", "--set", "loss.kind=kd");
        Assert.NotEqual(0, none.Code);
        Assert.Contains("loss.kind kd wants a teacher; none is given (loss.teacher, or TrainerOptions.Teacher)", none.Error, StringComparison.Ordinal);
        var missing = Train(data, "missing", "--set", "loss.kind=kd", "--set", "loss.teacher=nowhere.fovea");
        Assert.NotEqual(0, missing.Code);
        Assert.Contains("nowhere.fovea", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "S0-12")]
    public void A_run_leaves_recipe_logs_and_checkpoints_and_its_model_recognises_its_images()
    {
        var data = TinyData.Make(_folder);
        var shell = Train(data, "run", "--set", "train.epochs=8", "--json");
        Assert.Equal(0, shell.Code);
        Assert.Equal(8, shell.Json.GetProperty("epochs").GetInt32());
        Assert.Equal(32, shell.Json.GetProperty("steps").GetInt32());
        Assert.False(shell.Json.GetProperty("interrupted").GetBoolean());
        foreach (var name in (string[])["recipe.yaml", "log.jsonl", "metrics.csv", "checkpoints/latest.safetensors", "checkpoints/best.safetensors"])
            Assert.True(File.Exists(_folder.Path("run", name)), name);

        var validation = Shell.Run("validate", "--run", _folder.Path("run"), "--data", data, "--json", "--confusion");
        Assert.Equal((0, ""), (validation.Code, validation.Error));
        Assert.Equal(shell.Json.GetProperty("best_top1").GetDouble(), validation.Json.GetProperty("top1").GetDouble());
        Assert.False(validation.Json.TryGetProperty("top5", out _));
        Assert.Equal(12, validation.Json.GetProperty("images").GetInt32());
        Assert.Equal(3, validation.Json.GetProperty("confusion").GetArrayLength());

        var predicted = Shell.Run("predict", "--run", _folder.Path("run"), Path.Combine(data, "val", "red"), "--top", "2", "--json");
        Assert.Equal((0, ""), (predicted.Code, predicted.Error));
        var images = predicted.Json.GetProperty("images").EnumerateArray().ToArray();
        Assert.Equal(4, images.Length);
        foreach (var image in images) Assert.Equal(2, image.GetProperty("predictions").GetArrayLength());
    }

    [Fact]
    public void Validate_looks_at_the_views_of_the_flag_and_by_default_at_those_of_the_run()
    {
        var data = TinyData.Make(_folder);
        var shell = Train(data, "run", "--set", "augment.views=flip", "--set", "train.epochs=3", "--json");
        Assert.Equal(0, shell.Code);
        JsonElement Evaluated(params string[] more) =>
            Shell.Run(["validate", "--run", _folder.Path("run"), "--data", data, "--json", .. more]).Json;
        var own = Evaluated();
        Assert.Equal("flip", own.GetProperty("views").GetString());
        Assert.Equal(shell.Json.GetProperty("best_top1").GetDouble(), own.GetProperty("top1").GetDouble());
        var losses = new List<double>();
        foreach (var views in (string[])["one", "flip", "five_crop", "ten_crop"])
        {
            // A batch of 7 rows holds three images with two views, and one with more.
            var found = Evaluated("--views", views, "--batch", "7");
            Assert.Equal((views, 12), (found.GetProperty("views").GetString(), found.GetProperty("images").GetInt32()));
            losses.Add(found.GetProperty("loss").GetDouble());
        }

        Assert.Equal(own.GetProperty("loss").GetDouble(), losses[1], 1e-5);
        Assert.Equal(4, losses.Distinct().Count());
        Assert.Contains(
            "; views: ten_crop, their logits averaged\n",
            Shell.Run("validate", "--run", _folder.Path("run"), "--data", data, "--views", "ten_crop").Out, StringComparison.Ordinal);
        Shell.Fails(
            2, "--views is five_crop; wanted fit: crop with a crop_fraction below 1, so that corners differ from the middle",
            "validate", "--run", _folder.Path("run"), "--data", data, "--views", "five_crop", "--crop-fraction", "1");
    }

    [Fact]
    public void Views_that_the_preprocessing_does_not_allow_are_refused_before_anything_is_made()
    {
        var shell = Train(TinyData.Make(_folder), "run", "--set", "augment.views=ten_crop", "--set", "data.crop_fraction=1");
        Assert.Equal(2, shell.Code);
        Assert.Contains("augment.views is ten_crop; wanted fit: crop with a crop_fraction below 1", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "S3-01")]
    public void A_fraction_of_the_images_is_trained_on_and_all_are_evaluated_unless_asked()
    {
        var data = TinyData.Make(_folder, train: 9, validation: 5);
        Assert.Contains("; 12 images to train on, 15 to validate on\n", Train(data, "half", "--set", "data.fraction=0.5").Out, StringComparison.Ordinal);
        Assert.Contains(
            "; 3 images to train on, 6 to validate on\n",
            Train(data, "few", "--set", "data.fraction=0.1", "--set", "data.validation_share=0.5").Out, StringComparison.Ordinal);
        var refused = Train(data, "few", "--set", "data.fraction=0", "--resume");
        Assert.Contains("data.fraction is 0; wanted above 0", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("class_balanced")]
    [InlineData("repeat_factor")]
    public void A_run_whose_sampler_has_changed_in_mid_epoch_is_not_gone_on_with(string kind)
    {
        var data = TinyData.Make(_folder);
        Assert.Equal(0, Train(data, "run", "--set", $"sampler={kind}", "--set", "train.epochs=1").Code);
        var folder = Fovea.Training.Checkpoints.RunFolder.CheckpointsOf(_folder.Path("run"));
        var checkpoint = Weights.Latest(_folder.Path("run"));
        (checkpoint.State.Epoch, checkpoint.State.Batch, checkpoint.State.Samples) = (0, 2, 12);
        folder.SaveLatest(checkpoint);
        string[] resume = ["train", "--data", data, "--out", _folder.Path("run"), "--resume"];
        Assert.Contains("names, order or classes have changed", Shell.Run([.. resume, "--set", "sampler=uniform"]).Error, StringComparison.Ordinal);
        Assert.Equal(0, Shell.Run(resume).Code);
    }

    [Fact]
    public void A_shipped_model_is_evaluated_like_the_run_that_it_comes_from()
    {
        var data = TinyData.Make(_folder);
        Assert.Equal(0, Train(data, "run").Code);
        var checkpoint = Weights.Latest(_folder.Path("run"));
        var shipped = _folder.Path("m.fovea");
        var source = new RunSource().Load(_folder.Path("run"), new() { Checkpoint = "latest" });
        FoveaFile.Write(shipped, new FoveaModel
        {
            Card = new() { Model = source.Name, Classes = source.Classes!, Input = PreprocessingJson.Read(checkpoint.Facts.Preprocessing) },
            Graph = source.Graph(1),
            Weights = source.Tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor),
        });
        var run = Shell.Run("validate", "--run", _folder.Path("run"), "--checkpoint", "latest", "--data", data, "--json").Json;
        var file = Shell.Run("validate", "--model", shipped, "--data", data, "--json");
        Assert.Equal((0, ""), (file.Code, file.Error));
        Assert.Equal(run.GetProperty("loss").GetDouble(), file.Json.GetProperty("loss").GetDouble());
        Assert.Equal(run.GetProperty("per_class").ToString(), file.Json.GetProperty("per_class").ToString());
    }

    [Fact]
    public void Progress_is_told_in_plain_lines_where_no_person_sees_it()
    {
        var shell = Train(TinyData.Make(_folder), "run", "--set", "train.epochs=1", "--set", "train.log_every=2");
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.Matches(
            @"\nepoch 1/1  batch 2/4  step 2  loss [\d.]+  lr 0\.\d+  top1 [\d.]+  batch [\d.]+ ms  reader [\d.]+ ms  \d+ images/s  eta \d:\d\d:\d\d\n",
            shell.Out);
        Assert.Matches(@"\nepoch 1/1 done  train loss [\d.]+ top1 [\d.]+  val loss [\d.]+ top1 [\d.]+ macro [\d.]+  \(best\)", shell.Out);
        Assert.DoesNotContain('\u001b', shell.Out);
    }

    [Fact]
    public void A_stopped_run_says_how_to_go_on_and_ends_like_an_unbroken_one()
    {
        var data = TinyData.Make(_folder);
        Assert.Equal(0, Train(data, "unbroken").Code);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var stopped = Train(stop.Token, data, "stopped");
        Assert.Equal(130, stopped.Code);
        Assert.Contains($"to go on: fovea train --data {data} --out {_folder.Path("stopped")} --resume\n", stopped.Out, StringComparison.Ordinal);

        var resumed = Shell.Run("train", "--data", data, "--out", _folder.Path("stopped"), "--resume");
        Assert.Equal((0, ""), (resumed.Code, resumed.Error));
        Weights.Same(_folder.Path("unbroken"), _folder.Path("stopped"));
    }

    [Fact]
    public void A_finished_run_says_so_and_goes_on_when_it_is_made_longer()
    {
        var data = TinyData.Make(_folder);
        Assert.Equal(0, Train(data, "run", "--set", "train.epochs=1").Code);
        var finished = Shell.Run("train", "--data", data, "--out", _folder.Path("run"), "--resume");
        Assert.Equal(0, finished.Code);
        Assert.Contains("this run was finished before: 1 of 1 epoch;", finished.Out, StringComparison.Ordinal);
        var longer = Shell.Run("train", "--data", data, "--out", _folder.Path("run"), "--resume", "--set", "train.epochs=2", "--json");
        Assert.Equal(2, longer.Json.GetProperty("epochs").GetInt32());
    }

    [Fact]
    public void A_run_is_not_made_shorter_than_it_is_and_keeps_its_recipe()
    {
        var data = TinyData.Make(_folder);
        var run = _folder.Path("run");
        Assert.Equal(0, Train(data, "run", "--set", "train.epochs=2").Code);
        var recipe = File.ReadAllText(Path.Combine(run, "recipe.yaml"));
        var shorter = Shell.Run("train", "--data", data, "--out", run, "--resume", "--set", "train.epochs=1");
        Assert.Equal(
            (1, $"error: {run}: train.epochs is 1, but the run has 2 epochs behind it; wanted at least as many, and more to make it longer\n"),
            (shorter.Code, shorter.Error));
        Assert.Equal(recipe, File.ReadAllText(Path.Combine(run, "recipe.yaml")));
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_not_overwritten()
    {
        var data = TinyData.Make(_folder);
        Assert.Equal(0, Train(data, "run", "--set", "train.epochs=1").Code);
        var before = File.ReadAllBytes(_folder.Path("run", "checkpoints", "latest.safetensors"));
        var shell = Train(data, "run");
        Assert.Equal(1, shell.Code);
        Assert.Equal($"error: {_folder.Path("run")}: holds a run already; continue it with --resume, or choose another folder\n", shell.Error);
        Assert.Equal(before, File.ReadAllBytes(_folder.Path("run", "checkpoints", "latest.safetensors")));
    }

    [Fact]
    public void Bf16_is_chosen_by_a_flag()
    {
        var shell = Train(TinyData.Make(_folder), "run", "--precision", "bf16", "--set", "train.epochs=1");
        Assert.Equal(0, shell.Code);
        Assert.Contains(", bf16, seed 0,", shell.Out, StringComparison.Ordinal);
        var support = OneDnnDiagnostics.Read().BFloat16;
        var slower = support == BFloat16Support.Native && new OneDnnBackend().FastestType == DType.Float32;
        Assert.Equal(support == BFloat16Support.Native && !slower, shell.Error.Length == 0);
        if (slower) Assert.StartsWith("warning: bf16 is native on this CPU, where oneDNN", shell.Error, StringComparison.Ordinal);
        if (support == BFloat16Support.Emulated) Assert.StartsWith("warning: bf16 is emulated on this CPU", shell.Error, StringComparison.Ordinal);
        if (support == BFloat16Support.None) Assert.StartsWith("warning: bf16 is computed in fp32 on this CPU", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_takes_what_is_fastest_here_and_the_run_keeps_it()
    {
        var data = TinyData.Make(_folder);
        var shell = Train(data, "run", "--precision", "auto", "--set", "train.epochs=1");
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        var chosen = new OneDnnBackend().FastestType == DType.BFloat16 ? "bf16" : "fp32";
        Assert.Contains($"precision auto: {chosen}, since bf16 is ", shell.Out, StringComparison.Ordinal);
        Assert.Contains($"precision: {chosen}", File.ReadAllText(_folder.Path("run", "recipe.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_resumed_run_keeps_its_precision_whatever_is_fastest_here()
    {
        var data = TinyData.Make(_folder);
        var other = new OneDnnBackend().FastestType == DType.BFloat16 ? "fp32" : "bf16";
        Assert.Equal(0, Train(data, "run", "--precision", other, "--set", "train.epochs=1").Code);
        var shell = Train(data, "run", "--precision", "auto", "--set", "train.epochs=2", "--resume");
        Assert.Equal(0, shell.Code);
        Assert.Contains($", {other}, seed 0,", shell.Out, StringComparison.Ordinal);
        Assert.Contains($"precision: {other}", File.ReadAllText(_folder.Path("run", "recipe.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_to_start_from_may_be_of_other_classes_when_the_classifier_is_skipped()
    {
        Assert.Equal(0, Train(TinyData.Make(_folder), "run", "--set", "train.epochs=1").Code);
        var weights = _folder.Path("run", "checkpoints", "latest.safetensors");
        var two = _folder.Path("two");
        foreach (var c in TinyData.Classes[..2]) TinyData.Add(Path.Combine(two, c), 12, c);
        var strict = Train(two, "strict", "--set", $"model.weights={weights}");
        Assert.Equal(2, strict.Code);
        Assert.StartsWith($"error: {weights}: these weights are for 3 classes; repvgg was asked for with 2.", strict.Error, StringComparison.Ordinal);
        var skipped = Train(two, "skipped", "--set", $"model.weights={weights}", "--set", "model.skip_classifier=true", "--set", "train.epochs=1");
        Assert.Equal((0, ""), (skipped.Code, skipped.Error));
    }
}
