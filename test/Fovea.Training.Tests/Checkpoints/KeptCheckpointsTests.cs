using Fovea.Training.Checkpoints;
using Fovea.Training.Recipes;
using Fovea.Training.State;

namespace Fovea.Training.Tests.Checkpoints;

/// <summary>What <c>train.keep</c> leaves of a run's checkpoints, and that none is deleted before its successor is safe.</summary>
public sealed class KeptCheckpointsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CheckpointFolder _checkpoints;

    public KeptCheckpointsTests() => _checkpoints = new(_folder.Path("c"));

    public void Dispose() => _folder.Dispose();

    private void Train(params KeptCheckpoint[] keep) => Train(before: () => { }, keep);

    private void Train(Action before, params KeptCheckpoint[] keep)
    {
        var recipe = Runs.Recipe(epochs: 3);
        if (keep.Length > 0) recipe = recipe with { Train = recipe.Train with { Keep = keep } };
        using var trainer = new Trainer(Runs.Options(recipe, _checkpoints));
        before();
        Assert.Equal(TrainingEnd.Finished, trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void By_default_a_finished_run_leaves_its_whole_latest_and_the_weights_of_its_best()
    {
        Train();
        Assert.Equal(["best", "latest"], _checkpoints.Names);
        Assert.True(CheckpointFile.Read(_checkpoints.LatestPath).IsWhole);
        Assert.False(CheckpointFile.Read(_checkpoints.BestPath).IsWhole);
    }

    [Fact]
    public void The_best_of_weights_alone_has_the_bits_of_the_weights_that_the_whole_one_evaluates()
    {
        Train(KeptCheckpoint.BestState, KeptCheckpoint.Latest);
        var whole = CheckpointFile.Read(_checkpoints.BestPath);
        Directory.Delete(_checkpoints.Path, recursive: true);
        Train();
        var alone = CheckpointFile.Read(_checkpoints.BestPath);
        Assert.Equal((true, false, true), (whole.IsWhole, alone.IsWhole, alone.HasAverages));
        Assert.Equal(whole.State.Step, alone.State.Step);
        Assert.Equal(whole.Weights().Select(entry => entry.Name), alone.Tensors.Select(entry => entry.Name));
        Assert.All(whole.Weights().Zip(alone.Weights()), pair => Assert.True(pair.First.Tensor.Bytes.SequenceEqual(pair.Second.Tensor.Bytes), pair.First.Name));
    }

    [Fact]
    public void A_run_that_keeps_no_best_has_none_not_even_an_older_one()
    {
        Train(KeptCheckpoint.Latest);
        Assert.Equal(["latest"], _checkpoints.Names);
        Directory.Delete(_checkpoints.Path, recursive: true);
        Train(before: () => _checkpoints.SaveBest(CheckpointFolderTests.At(step: 1)), KeptCheckpoint.Latest);
        Assert.Equal(["latest"], _checkpoints.Names);
    }

    [Fact]
    public void The_previous_one_stays_where_it_is_kept_and_while_a_run_trains()
    {
        Train(KeptCheckpoint.Latest, KeptCheckpoint.Previous);
        Assert.Equal(["latest", "latest.prev"], _checkpoints.Names);
        Directory.Delete(_checkpoints.Path, recursive: true);
        using var stop = new CancellationTokenSource();
        var images = Runs.Images;
        images.Before = (epoch, _) =>
        {
            if (epoch == 2) stop.Cancel();
        };
        using var trainer = new Trainer(Runs.Options(Runs.Recipe(epochs: 3), _checkpoints, images));
        Assert.Equal(TrainingEnd.Interrupted, trainer.Run(new RecordingLog(), stop.Token));
        Assert.Contains("latest.prev", _checkpoints.Names);
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("weights")]
    [InlineData("missing")]
    public void The_previous_one_is_not_deleted_unless_the_latest_can_be_read_back_whole(string latest)
    {
        _checkpoints.SaveLatest(CheckpointFolderTests.At(step: 1));
        _checkpoints.SaveLatest(CheckpointFolderTests.At(step: 2));
        if (latest == "missing") File.Delete(_checkpoints.LatestPath);
        else if (latest == "weights") CheckpointFile.Write(_checkpoints.LatestPath, CheckpointFolderTests.At(step: 2).WeightsAlone());
        else File.WriteAllText(_checkpoints.LatestPath, "damaged");
        _checkpoints.DeletePrevious();
        Assert.Equal(1, CheckpointFile.Read(_checkpoints.PreviousPath).State.Step);
        _checkpoints.SaveLatest(CheckpointFolderTests.At(step: 3));
        _checkpoints.DeletePrevious();
        Assert.Equal(["latest"], _checkpoints.Names);
    }

    [Fact]
    public void A_run_does_not_go_on_from_weights_alone()
    {
        _checkpoints.SaveLatest(CheckpointFolderTests.At(step: 2));
        _checkpoints.SaveBest(CheckpointFolderTests.At(step: 1).WeightsAlone());
        var error = Assert.Throws<TrainingException>(() => _checkpoints.Load("best", text => Assert.Fail(text)));
        Assert.StartsWith(
            $"{_checkpoints.BestPath}: holds the weights of epoch 1 alone, without what the optimizer remembers", error.Message, StringComparison.Ordinal);
        var options = Runs.Options(Runs.Recipe()) with { From = CheckpointFile.Read(_checkpoints.BestPath) };
        Assert.Throws<TrainingException>(() => new Trainer(options));
    }

    [Fact]
    public void Where_only_weights_are_intact_another_run_from_them_is_offered()
    {
        _checkpoints.SaveLatest(CheckpointFolderTests.At(step: 1));
        _checkpoints.SaveBest(CheckpointFolderTests.At(step: 1).WeightsAlone());
        File.WriteAllText(_checkpoints.LatestPath, "damaged");
        var error = Assert.Throws<TrainingException>(() => _checkpoints.LoadLatest(_ => { }));
        Assert.Null(error.Alternative);
        Assert.EndsWith(
            "'best' is intact (after epoch 1), but holds weights alone: start another run from them, in another folder: --model with the folder of this one",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_with_nothing_but_weights_begins_anew_and_that_is_said()
    {
        _checkpoints.SaveBest(CheckpointFolderTests.At(step: 1).WeightsAlone());
        var warnings = new List<string>();
        Assert.Null(_checkpoints.LoadLatest(warnings.Add));
        Assert.EndsWith("the best holds weights alone: the run begins anew", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_holds_something_else_is_refused()
    {
        var checkpoint = CheckpointFolderTests.At(step: 1).WeightsAlone();
        var metadata = CheckpointMetadata.Write(checkpoint);
        Assert.Equal("averages", metadata["fovea.holds"]);
        metadata["fovea.holds"] = "half";
        Assert.Throws<FormatException>(() => CheckpointMetadata.Held(checkpoint, metadata));
    }

    [Fact]
    public void Weights_of_frozen_parts_which_are_not_averaged_are_among_the_weights()
    {
        var checkpoint = CheckpointFolderTests.At(step: 5);
        checkpoint = checkpoint with { Tensors = [("stem.weight", checkpoint.Tensors[0].Tensor), .. checkpoint.Tensors] };
        Assert.Equal([("stem.weight", 5f), ("fc.weight", 50f)], checkpoint.Weights().Select(entry => (entry.Name, entry.Tensor.Floats[0])));
    }

    [Theory]
    [InlineData("[best]", KeptCheckpoint.Best)]
    [InlineData("[]")]
    [InlineData("[best, best_state, latest]", KeptCheckpoint.Best, KeptCheckpoint.BestState, KeptCheckpoint.Latest)]
    [InlineData("[latest, latest], in which latest stands twice", KeptCheckpoint.Latest, KeptCheckpoint.Latest)]
    public void What_no_run_can_keep_is_refused(string spelt, params KeptCheckpoint[] keep)
    {
        var recipe = Runs.Recipe();
        var problem = Assert.Single((recipe with { Train = recipe.Train with { Keep = keep } }).Validate());
        Assert.Equal(("train.keep", spelt), (problem.Path, problem.Value));
    }
}
