using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Formats.Artefact;
using Fovea.Recipes;
using Fovea.Runs;
using Fovea.Sources;
using Fovea.Training;
using Fovea.Training.Checkpoints;
using Fovea.Training.Logging;
using Fovea.Training.Recipes;
using Fovea.Training.State;

namespace Fovea.Package.Tests.Runs;

/// <summary>Programs train, resume, evaluate and ship by recipes as the command line does.</summary>
public sealed class TrainingRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _lines = [];
    private readonly string _data;

    public TrainingRunTests() => _data = TinyImages.Make(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_makes_the_folder_that_the_command_line_makes_and_notes_its_data()
    {
        using (var run = Open("run", "")) Assert.Equal(TrainingEnd.Finished, run.Train(TestContext.Current.CancellationToken));
        string[] files = ["checkpoints", "events.out.tfevents", "log.jsonl", "metrics.csv", "recipe.yaml"];
        var there = Directory.EnumerateFileSystemEntries(_folder.Path("run")).Select(path => Path.GetFileName(path)!).ToArray();
        Assert.All(files, file => Assert.Contains(there, name => name.StartsWith(file, StringComparison.Ordinal)));
        Assert.Equal(new RunData(_data, new()), RunRecipe.DataOf(_folder.Path("run")));
        Assert.Contains(_lines, line => line.StartsWith("epoch 2/2 done  train loss ", StringComparison.Ordinal));
        Assert.Contains(_lines, line => line.EndsWith("18 images to train on, 9 to validate on", StringComparison.Ordinal));
        Assert.Equal(2, TrainRecipe.Load(_folder.Path("run/recipe.yaml")).Train.Epochs);
    }

    [Fact]
    public void A_run_that_was_stopped_in_mid_epoch_goes_on_to_the_weights_of_an_unbroken_one()
    {
        using (var whole = Open("whole", "")) whole.Train(TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var taken = 0;
        using (var first = Open("run", "", new() { Progress = (_, _, _) => { if (++taken == 4) stop.Cancel(); } }))
            Assert.Equal(TrainingEnd.Interrupted, first.Train(stop.Token));
        using (var second = Open("run", ""))
        {
            Assert.Equal((1, 4), (second.State.Epoch, second.State.Step));
            Assert.Equal(TrainingEnd.Finished, second.Train(TestContext.Current.CancellationToken));
            Assert.Equal(2, second.LastEpoch!.Epoch);
        }

        var (a, b) = (Latest("whole"), Latest("run"));
        Assert.Equal(a.Select(entry => entry.Name), b.Select(entry => entry.Name));
        Assert.All(a.Zip(b), pair => Assert.True(pair.First.Tensor.Bytes.SequenceEqual(pair.Second.Tensor.Bytes), pair.First.Name));
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_refused_unless_it_is_resumed()
    {
        using (var run = Open("run", "")) run.Train(TestContext.Current.CancellationToken);
        Assert.Contains(
            "holds a run already",
            Assert.Throws<TrainingException>(() => new TrainingRun(Recipe(""), new RunPlace(_data, _folder.Path("run")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_that_differs_from_the_runs_says_in_what_and_the_history_keeps_it()
    {
        using (var run = Open("run", ""))
        {
            Assert.Empty(run.Changes);
            run.Train(TestContext.Current.CancellationToken);
        }

        using (var run = Open("run", "train.epochs=3\noptimizer.learning_rate=0.01\ndata.workers=2"))
        {
            Assert.Equal(
                ["data.workers: 1 → 2", "optimizer.learning_rate: 0.05 → 0.01", "train.epochs: 2 → 3"], run.Changes.Select(change => change.ToString()));
            Assert.Equal(TrainingEnd.Finished, run.Train(TestContext.Current.CancellationToken));
        }

        Assert.Contains("the recipe has changed: train.epochs: 2 → 3", _lines);
        Assert.Equal(
            ["began", "went on after epoch 2, step 6", "data.workers: 1 → 2", "optimizer.learning_rate: 0.05 → 0.01", "train.epochs: 2 → 3"],
            RunRecipe.HistoryOf(_folder.Path("run")).Select(line => line.StartsWith("# - ", StringComparison.Ordinal) ? line[25..] : line[6..]));
    }

    [Fact]
    public void A_recipe_that_would_break_a_run_is_refused_with_a_line_for_each_reason()
    {
        using (var run = Open("run", "")) run.Train(TestContext.Current.CancellationToken);
        var before = File.ReadAllText(_folder.Path("run/recipe.yaml"));
        var refused = Assert.Throws<TrainingException>(() => Open("run", "train.epochs=3\ntrain.seed=6\ndata.image_size=64")).Message.Split('\n');
        Assert.Equal(4, refused.Length);
        Assert.EndsWith("latest.safetensors: the run cannot go on by this recipe:", refused[0], StringComparison.Ordinal);
        Assert.StartsWith("data.image_size: 32 → 64, but its weights have learnt", refused[1], StringComparison.Ordinal);
        Assert.StartsWith("train.seed: 5 → 6, but the order of its images", refused[2], StringComparison.Ordinal);
        Assert.StartsWith("wanted what it began with", refused[3], StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(_folder.Path("run/recipe.yaml")));
    }

    [Fact]
    public void A_shipped_run_on_a_folder_without_parts_carries_the_split_and_what_tells_its_images_from_others()
    {
        var file = _folder.Path("colours.fovea");
        var undivided = Path.Combine(_data, "train");
        using var run = new TrainingRun(Recipe("data.validation_fraction=0.5\ndata.split_seed=7"), new RunPlace(undivided, _folder.Path("run")));
        run.Train(TestContext.Current.CancellationToken);
        run.Ship(file, stop: TestContext.Current.CancellationToken);
        Assert.Equal(new(0.5, 7, HeldBackImages.Digest(run.Data.Validation)), FoveaFile.Read(file).Card.Split);
        Assert.NotEqual(HeldBackImages.Digest(run.Data.Train), HeldBackImages.Digest(run.Data.Validation));
    }

    [Fact]
    public void Runs_of_several_seeds_are_evaluated_on_the_same_images()
    {
        string HeldBack(string change)
        {
            using var setup = TrainingSetup.Open(
                Recipe($"data.validation_fraction=0.5\n{change}"), DataSet.Find(Path.Combine(_data, "train")), stop: TestContext.Current.CancellationToken);
            return setup.Options.HeldBack!;
        }

        Assert.Equal(HeldBack("train.seed=1"), HeldBack("train.seed=2"));
        Assert.NotEqual(HeldBack("data.split_seed=1"), HeldBack("data.split_seed=2"));
    }

    [Fact]
    public void A_folder_within_the_data_is_refused_and_not_made()
    {
        var output = Path.Combine(_data, "run");
        Assert.Contains(
            "it lies in the data folder",
            Assert.Throws<TrainingException>(() => new TrainingRun(Recipe(""), new RunPlace(_data, output))).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(output));
    }

    [Fact]
    public void What_a_checkpoint_knows_is_what_the_run_found_when_it_wrote_it()
    {
        using var run = Open("run", "train.epochs=4");
        run.Train(TestContext.Current.CancellationToken);
        Assert.Equal(run.State.BestTop1, run.Validate(stop: TestContext.Current.CancellationToken).Top1);
        Assert.Equal(run.LastEpoch!.Validation!.Loss, run.Validate("latest", TestContext.Current.CancellationToken).Loss, 1e-12);
    }

    [Fact]
    public void A_shipped_run_has_its_proof_and_says_what_the_run_does_and_can_teach_another()
    {
        var file = _folder.Path("colours.fovea");
        using (var run = Open("run", "train.epochs=4"))
        {
            run.Train(TestContext.Current.CancellationToken);
            Assert.True(run.Ship(file, stop: TestContext.Current.CancellationToken).Passed);
            Assert.Equal(TinyImages.Classes, FoveaFile.Read(file).Card.Classes);
            Assert.Equal(9, FoveaFile.Read(file).Proof!.Images);
            using var classifier = Classifier.Load(file);
            var images = run.Data.Validation;
            var right = Enumerable.Range(0, images.Count).Count(
                i => classifier.Predict(images.Path(i)).Class == images.ClassNames[images.Label(i)]);
            Assert.Equal(run.State.BestTop1, (double)right / images.Count, 1e-9);
        }

        using var student = Open("student", $"loss={{kind: kd, teacher: {RecipeWriter.Value(file)}}}");
        Assert.Equal(TrainingEnd.Finished, student.Train(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("loss=logit_adjustment")]
    [InlineData("model.init=[class_prior]\nloss=bce")]
    [InlineData("loss=eqlv2\nsampler=class_balanced")]
    public void What_wants_to_know_how_many_images_classes_have_trains_in_a_program(string changes)
    {
        using var run = Open("run", changes);
        Assert.Equal(TrainingEnd.Finished, run.Train(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Images_that_grow_with_the_epochs_train_in_a_program()
    {
        using var run = Open("run", "data.progressive=[{until: 0.5, image_size: 16}]");
        Assert.Equal(TrainingEnd.Finished, run.Train(TestContext.Current.CancellationToken));
        Assert.Contains("epoch 2: training images of 32×32 from here on, 16×16 before", _lines);
    }

    [Fact]
    public void A_setup_has_all_that_a_trainer_takes_but_a_folder()
    {
        using var setup = TrainingSetup.Open(Recipe(""), DataSet.Find(_data), stop: TestContext.Current.CancellationToken);
        var options = setup.Options;
        Assert.Equal([8, 6, 4], options.ClassCounts);
        Assert.Equal(TinyImages.Classes, options.Classes);
        Assert.Equal((18, 9, 64), (options.Train.Samples, options.Validation!.Samples, options.ImagesDigest.Length));
        Assert.Equal(setup.Recipe.Preprocessing, PreprocessingJson.Read(options.Preprocessing));
        Assert.Equal(RecipeWriter.Write(setup.Recipe), options.RecipeText);
        Assert.Null(options.Checkpoints);
    }

    [Fact]
    public void A_setup_goes_on_from_a_checkpoint_that_it_is_given()
    {
        using (var run = Open("run", "")) run.Train(TestContext.Current.CancellationToken);
        var past = RunPast.Of(RunFolder.CheckpointsOf(_folder.Path("run")).LoadLatest(text => Assert.Fail(text)));
        using var setup = TrainingSetup.Open(
            Recipe("train.epochs=3\ntrain.precision=auto"), DataSet.Find(_data), new() { Past = past }, TestContext.Current.CancellationToken);
        using var trainer = new Trainer(setup.Options);
        Assert.Equal((2, Precision.Fp32), (trainer.State.Epoch, setup.Recipe.Train.Precision));
        Assert.Equal(TrainingEnd.Finished, trainer.Run(new CompositeLog(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Bad_images_are_told_to_the_log_and_to_the_files_of_the_run()
    {
        File.WriteAllText(Path.Combine(_data, "train/red/broken.png"), "no picture");
        using (var run = Open("run", "data.bad_images=skip")) run.Train(TestContext.Current.CancellationToken);
        Assert.StartsWith("warning: ", Assert.Single(_lines, line => line.Contains("(skipped; 1 so far)", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("(skipped; 1 so far)", File.ReadAllText(_folder.Path("run/log.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_memory_cannot_hold_is_refused_before_a_folder_is_made()
    {
        var wrong = Assert.Throws<MemoryNeedException>(() => Open("run", "data.image_size=8192\ntrain.batch_size=16"));
        Assert.Contains("wanted at most 2147483647: a smaller train.batch_size, data.image_size or model", wrong.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Path("run")));
    }

    [Fact]
    public void A_model_that_does_not_exist_is_told_before_the_data_is_read()
    {
        var read = false;
        Assert.Throws<Models.Building.ModelException>(() => TrainingSetup.Open(
            Recipe("model={name: resnet19}"),
            () =>
            {
                read = true;
                return DataSet.Find(_data);
            },
            stop: TestContext.Current.CancellationToken));
        Assert.False(read);
    }

    private static TrainRecipe Recipe(string changes) => RecipeReader.Parse(
        TinyImages.Recipe, "tiny.yaml", [.. changes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(RecipeOverride.Parse)]);

    private TrainingRun Open(string name, string changes, TrainingSetupOptions? options = null) => new(
        Recipe(changes), new RunPlace(_data, _folder.Path(name), Resume: true),
        (options ?? new()) with { Log = new TextLog(_lines.Add) }, TestContext.Current.CancellationToken);

    private IReadOnlyList<(string Name, Tensors.HostTensor Tensor)> Latest(string run) =>
        new RunSource().Load(_folder.Path(run), new() { Checkpoint = "latest" }).Tensors;
}
