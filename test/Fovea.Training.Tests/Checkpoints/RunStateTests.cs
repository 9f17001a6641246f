using Fovea.Formats;
using Fovea.Formats.Weights;
using Fovea.Training.Checkpoints;
using Fovea.Training.State;

namespace Fovea.Training.Tests.Checkpoints;

/// <summary>Checkpoints with a good checksum whose numbers no run can have.</summary>
public sealed class RunStateTests : IDisposable
{
    private static readonly Dictionary<string, Action<RunState>> s_wrong = new()
    {
        ["epoch -1"] = state => state.Epoch = -1,
        ["epoch 2147483647"] = state => state.Epoch = int.MaxValue,
        ["batch -1"] = state => state.Batch = -1,
        ["batches 2"] = state => state.Batches = 2,
        ["batches 2147483648"] = state => state.Batches = 1L << 31,
        ["step -1"] = state => state.Step = -1,
        ["step 8"] = state => state.Step = 8,
        ["step 4611686018427387904"] = state => state.Step = 1L << 62,
        ["pending_batches 1"] = state => state.PendingBatches = 1,
        ["pending_samples 3"] = state => state.PendingSamples = 3,
        ["samples 9"] = state => state.Samples = 9,
        ["samples 1"] = state => state.Samples = 1,
        ["hits 9"] = state => state.Hits = 9,
        ["hits -1"] = state => state.Hits = -1,
        ["best_top1 1.5"] = state => state.BestTop1 = 1.5,
        ["best_top1 -2"] = state => (state.BestTop1, state.BestEpoch) = (-2, 0),
        ["best_epoch 3"] = state => state.BestEpoch = 3,
        ["best_epoch -1"] = state => state.BestEpoch = -1,
        ["seconds -1"] = state => state.Seconds = -1,
        ["scores: their number 3"] = state => state.Scores = [new(1, 0, 0), new(2, 0, 0), new(3, 0, 0)],
        ["scores: an epoch 0"] = state => state.Scores = [new(0, 0, 0)],
        ["scores: an epoch 1"] = state => state.Scores = [new(1, 0, 0), new(1, 0, 0)],
        ["scores: a top1 2"] = state => state.Scores = [new(1, 2, 0)],
    };

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.Path("x.safetensors");

    public static TheoryData<string> Wrong => [.. s_wrong.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_state_that_no_run_can_have_is_refused_by_name_value_and_range(string what)
    {
        var checkpoint = CheckpointFolderTests.At(step: 5);
        s_wrong[what](checkpoint.State);
        Refuses($"{Path}: its state has {what}; wanted ", checkpoint);
    }

    [Theory]
    [InlineData("\"loss_sum\":0.30000000000000004", "\"loss_sum\":1e400", "its state has loss_sum Infinity; wanted a number from ")]
    [InlineData(
        "\"best_top1\":0.3333333333333333", "\"best_top1\":\"NaN\"", "its state cannot be read: $.best_top1 at '…", "\"best_top1\":\"NaN\"': ",
        "System.Double")]
    [InlineData("\"epoch\":1", "\"epoch\":1.5", "its state cannot be read: $.epoch at '{\"epoch\":1.5': ", "System.Int32")]
    [InlineData("\"epoch\":1", "\"epoch\":2147483648", "its state cannot be read: $.epoch at '{\"epoch\":2147483648': ", "System.Int32")]
    [InlineData("\"epoch\":1", "\"epoch\":null", "its state cannot be read: $.epoch at '{\"epoch\":null': ", "System.Int32")]
    [InlineData("\"epoch\":1,", "", "its state cannot be read: ", "missing", "'epoch'")]
    [InlineData("\"epoch\":1", "\"epoch\":1,\"epoch\":1", "its state cannot be read: $.epoch at '{\"epoch\":1,\"", "Duplicate property 'epoch'")]
    [InlineData("\"epoch\":1", "\"epochs\":7,\"epoch\":1", "its state cannot be read: $.epochs at '{\"epochs\":': ", "'epochs'")]
    [InlineData("[\"bee/ü.png\"]", "[null]", "its state has null in bad_images; wanted a list of names")]
    [InlineData("[\"bee/ü.png\"]", "null", "its state cannot be read: $", "null")]
    [InlineData("{\"epoch\"", "[{\"epoch\"", "its state cannot be read: $ at '[': ")]
    public void A_state_whose_text_is_wrong_is_refused(string text, string wrong, string problem, params string[] more)
    {
        var facts = CheckpointFolderTests.At(step: 5).Facts;
        var state = RunStateText.Write(CheckpointFolderTests.At(step: 5).State).Replace("\\u00FC", "ü", StringComparison.Ordinal);
        Assert.Contains(text, state, StringComparison.Ordinal);
        var metadata = CheckpointMetadata.Write(facts, CheckpointFolderTests.At(step: 5).State);
        metadata["fovea.state"] = state.Replace(text, wrong, StringComparison.Ordinal);
        var error = Assert.Throws<FormatException>(() => CheckpointMetadata.Read(metadata));
        Assert.StartsWith(problem, error.Message, StringComparison.Ordinal);
        Assert.All(more, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_state_from_before_scores_were_kept_has_none()
    {
        var (facts, state) = (CheckpointFolderTests.At(step: 5).Facts, CheckpointFolderTests.At(step: 5).State);
        var text = RunStateText.Write(state);
        var before = text[..text.IndexOf(",\"scores\"", StringComparison.Ordinal)] + "}";
        Assert.Empty(RunStateText.Read(before, facts).Scores);
    }

    [Fact]
    public void State_is_the_same_json_as_ever()
    {
        const string text = """{"epoch":1,"batch":2,"batches":7,"step":5,"pending_batches":0,"pending_samples":0,"samples":8,"""
            + """ "loss_sum":0.30000000000000004,"hits":3,"best_top1":0.3333333333333333,"best_epoch":1,"seconds":12.5,"bad_images":["bee/\u00FC.png"],"""
            + """ "scores":[{"epoch":1,"top1":0.5,"loss":1.25}]}""";
        var (facts, state) = (CheckpointFolderTests.At(step: 5).Facts, CheckpointFolderTests.At(step: 5).State);
        Assert.Equal(text.Replace(" ", "", StringComparison.Ordinal), RunStateText.Write(state));
        Assert.Equivalent(state, RunStateText.Read(text, facts), strict: true);
    }

    [Theory]
    [InlineData("fovea.seed", "-1", "its fovea.seed is '-1'; wanted a whole number from 0 to 18446744073709551615")]
    [InlineData("fovea.batch_size", "0", "its fovea.batch_size is '0'; wanted a whole number from 1 to 2147483647")]
    [InlineData("fovea.accumulate", "99999999999", "its fovea.accumulate is '99999999999'; wanted a whole number from 1 to 2147483647")]
    [InlineData("fovea.samples", "many", "its fovea.samples is 'many'; wanted a whole number from 1 to 2147483647")]
    [InlineData("fovea.classes", "[]", "has no classes; wanted at least one")]
    [InlineData("fovea.classes", "[\"a\",\"a\"]", "has the class 'a' twice")]
    [InlineData("fovea.classes", "{", "the class names cannot be read: $ at '{': ")]
    [InlineData("fovea.classes", "[\"a\",null]", "the class names cannot be read: one of them is null")]
    [InlineData("fovea.kind", "checkpoint 2", "is of the kind 'checkpoint 2', written by version ")]
    public void Facts_that_no_run_can_have_are_refused(string key, string value, string problem)
    {
        var metadata = CheckpointMetadata.Write(CheckpointFolderTests.At(step: 5).Facts, CheckpointFolderTests.At(step: 5).State);
        metadata[key] = value;
        Assert.StartsWith(problem, Assert.Throws<FormatException>(() => CheckpointMetadata.Read(metadata)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_not_finite_are_refused_with_their_name()
    {
        var checkpoint = CheckpointFolderTests.At(step: 5);
        var metadata = CheckpointMetadata.Write(checkpoint.Facts, checkpoint.State);
        checkpoint.Tensors[0].Tensor.Floats[3] = float.NaN;
        metadata[CheckpointMetadata.Checksum] = Formats.Checksums.ContentSum.Of(metadata, checkpoint.Tensors);
        WeightFile.Write(Path, checkpoint.Tensors, metadata);
        var error = Assert.Throws<ModelFormatException>(() => CheckpointFile.Read(Path));
        Assert.StartsWith($"{Path}: fc.weight: holds NaN at element 3 of ", error.Message, StringComparison.Ordinal);
    }

    private void Refuses(string message, Checkpoint checkpoint)
    {
        CheckpointFile.Write(Path, checkpoint);
        var error = Assert.Throws<ModelFormatException>(() => CheckpointFile.Read(Path));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }
}
