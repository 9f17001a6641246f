using Fovea.Formats;
using Fovea.Formats.Weights;
using Fovea.Tensors;
using Fovea.Training.Checkpoints;
using Fovea.Training.State;

namespace Fovea.Training.Tests.Checkpoints;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CheckpointFolder _checkpoints;

    public CheckpointFolderTests() => _checkpoints = new(_folder.Path("checkpoints"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_checkpoint_comes_back_as_it_was()
    {
        var written = At(step: 5);
        _checkpoints.SaveLatest(written);
        var read = _checkpoints.LoadLatest(text => Assert.Fail(text))!;
        Assert.Equal(written.Facts with { Classes = [] }, read.Facts with { Classes = [] });
        Assert.Equal(written.Facts.Classes, read.Facts.Classes);
        Assert.Equivalent(written.State, read.State, strict: true);
        Assert.Equal(written.Tensors.Select(entry => (entry.Name, entry.Tensor.Type)), read.Tensors.Select(entry => (entry.Name, entry.Tensor.Type)));
        Assert.All(written.Tensors.Zip(read.Tensors), pair => Assert.Equal(pair.First.Tensor.Bytes.ToArray(), pair.Second.Tensor.Bytes.ToArray()));
    }

    [Fact]
    public void Other_readers_of_safetensors_find_the_weights_under_their_names()
    {
        _checkpoints.SaveLatest(At(step: 5));
        var weights = WeightFile.Read(_checkpoints.LatestPath);
        Assert.Contains(weights.Tensors, entry => entry.Name == "fc.weight" && entry.Tensor.Floats[0] == 5);
        Assert.Equal("tiny", weights.Metadata["fovea.model"]);
    }

    [Fact]
    [Trait("row", "S0-12")]
    public void Averages_are_the_weights_where_there_are_any()
    {
        var checkpoint = At(step: 5);
        Assert.Equal(50, checkpoint.Weights().Single().Tensor.Floats[0]);
        Assert.Equal(5, checkpoint.LastWeights().Single().Tensor.Floats[0]);
    }

    [Fact]
    [Trait("row", "S0-12")]
    public void The_latest_is_known_by_its_name_whatever_the_times_of_the_files()
    {
        _checkpoints.SaveBest(At(step: 3));
        _checkpoints.SaveLatest(At(step: 5));
        _checkpoints.SaveLatest(At(step: 7));
        foreach (var path in Directory.GetFiles(_checkpoints.Path).Where(path => path != _checkpoints.LatestPath))
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddYears(200));
        Assert.Equal(7, _checkpoints.LoadLatest(text => Assert.Fail(text))!.State.Step);
    }

    public static TheoryData<string> Damages => ["truncated", "empty", "flipped in the tensors", "flipped in the metadata", "missing"];

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_latest_gives_way_to_the_previous_and_that_is_said(string damage)
    {
        SaveTwoAndDamage(damage);
        var warnings = new List<string>();
        Assert.Equal(1, _checkpoints.LoadLatest(warnings.Add)!.State.Step);
        Assert.Contains("latest.safetensors", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Contains("the previous checkpoint is used", warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_latest_does_not_replace_the_previous_one()
    {
        SaveTwoAndDamage("truncated");
        _checkpoints.LoadLatest(_ => { });
        _checkpoints.SaveLatest(At(step: 3));
        Assert.Equal(3, CheckpointFile.Read(_checkpoints.LatestPath).State.Step);
        Assert.Equal(1, CheckpointFile.Read(_checkpoints.PreviousPath).State.Step);
    }

    [Fact]
    public void Two_damaged_ones_are_an_error_that_names_both()
    {
        SaveTwoAndDamage("truncated");
        File.WriteAllText(_checkpoints.PreviousPath, "");
        var error = Assert.Throws<TrainingException>(() => _checkpoints.LoadLatest(_ => { }));
        Assert.Contains("latest.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains("latest.prev.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("best")]
    [InlineData("epoch-0001")]
    public void Where_the_latest_are_damaged_an_intact_one_is_offered_with_what_to_say(string name)
    {
        SaveTwoAndDamage("truncated");
        File.WriteAllText(_checkpoints.PreviousPath, "");
        if (name == "best") _checkpoints.SaveBest(At(step: 4));
        _checkpoints.SaveEpoch(At(step: 3), epoch: 1);
        var error = Assert.Throws<TrainingException>(() => _checkpoints.LoadLatest(_ => { }));
        var step = name == "best" ? 4 : 3;
        Assert.EndsWith(
            $"'{name}' is intact (after epoch 1, step {step}): go on from it with --resume --checkpoint {name}", error.Message, StringComparison.Ordinal);
        Assert.Equal(step, _checkpoints.Load(name, text => Assert.Fail(text))!.State.Step);
        _checkpoints.SaveLatest(At(step: 6));
        Assert.Equal(6, _checkpoints.LoadLatest(text => Assert.Fail(text))!.State.Step);
        Assert.Empty(File.ReadAllBytes(_checkpoints.PreviousPath));
    }

    [Fact]
    public void Without_an_intact_one_nothing_is_offered()
    {
        SaveTwoAndDamage("truncated");
        File.WriteAllText(_checkpoints.PreviousPath, "");
        File.WriteAllText(_checkpoints.BestPath, "damaged");
        Assert.EndsWith(
            "Start anew in another folder", Assert.Throws<TrainingException>(() => _checkpoints.LoadLatest(_ => { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_latest_that_is_a_link_to_nowhere_is_no_new_run()
    {
        _checkpoints.SaveBest(At(step: 4));
        File.CreateSymbolicLink(_checkpoints.LatestPath, "nowhere.safetensors");
        var error = Assert.Throws<TrainingException>(() => _checkpoints.LoadLatest(_ => { }));
        Assert.Contains("latest.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains("'best' is intact", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_died_between_its_first_best_and_its_first_latest_goes_on_from_the_best()
    {
        _checkpoints.SaveBest(At(step: 4));
        var warnings = new List<string>();
        Assert.Equal(4, _checkpoints.LoadLatest(warnings.Add)!.State.Step);
        Assert.Contains("there is no latest checkpoint; the best is used", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_that_is_not_there_is_answered_with_those_that_are()
    {
        _checkpoints.SaveLatest(At(step: 1));
        var error = Assert.Throws<TrainingException>(() => _checkpoints.Load("epoch-0007", text => Assert.Fail(text)));
        Assert.EndsWith("there is no checkpoint 'epoch-0007'; there are latest", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_without_a_run_are_no_checkpoint()
    {
        WeightFile.Write(_folder.Path("w.safetensors"), At(1).Tensors);
        var error = Assert.Throws<ModelFormatException>(() => CheckpointFile.Read(_folder.Path("w.safetensors")));
        Assert.EndsWith("w.safetensors: holds weights, but no checkpoint of a run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_not_saved()
    {
        _checkpoints.SaveLatest(At(step: 1));
        var broken = At(step: 2);
        broken.Tensors[0].Tensor.Floats[1] = float.NaN;
        var error = Assert.Throws<TrainingException>(() => _checkpoints.SaveLatest(broken));
        Assert.Contains("'fc.weight' holds NaN", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, _checkpoints.LoadLatest(text => Assert.Fail(text))!.State.Step);
    }

    internal static Checkpoint At(long step, int elements = 6)
    {
        var facts = new RunFacts
        {
            Model = "tiny", Classes = ["ant", "bée \"x\""], Recipe = "train:\n  epochs: 3\n",
            Seed = ulong.MaxValue, BatchSize = 4, Accumulate = 1, Samples = 18,
        };
        var state = new RunState
        {
            Epoch = 1, Batch = 2, Step = step, Batches = 7, Samples = 8, LossSum = 0.1 + 0.2, Hits = 3,
            BestTop1 = 1.0 / 3, BestEpoch = 1, Seconds = 12.5, BadImages = ["bee/ü.png"],
            Scores = [new(1, 0.5, 1.25)],
        };
        HostTensor Filled(float x) => HostTensor.Filled(new Shape(elements), x);
        return new(facts, state, [("fc.weight", Filled(step)), ("ema/fc.weight", Filled(10 * step)), ("momentum/fc.weight", Filled(-1))]);
    }

    private void SaveTwoAndDamage(string damage)
    {
        _checkpoints.SaveLatest(At(step: 1));
        _checkpoints.SaveLatest(At(step: 2));
        var bytes = File.ReadAllBytes(_checkpoints.LatestPath);
        switch (damage)
        {
            case "truncated": bytes = bytes[..^10]; break;
            case "empty": bytes = []; break;
            case "flipped in the tensors": bytes[^3] ^= 1; break;
            case "flipped in the metadata": bytes[bytes.AsSpan().IndexOf("tiny"u8)] ^= 1; break;
            default: File.Delete(_checkpoints.LatestPath); return;
        }

        File.WriteAllBytes(_checkpoints.LatestPath, bytes);
    }
}
