using Fovea.Execution;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Deploying;

namespace Fovea.Training.Tests.Deploying;

public sealed class DeployProofTests
{
    [Fact]
    public void Folded_model_passes_with_figures_for_every_block()
    {
        var weights = TinyWeights.Of(TinyModel.Net(4));
        var proof = DeployProof.Run(Deploy.Fold(TinyModel.Net(4, dropout: 0.2), weights), weights, new ReferenceBackend(), Images(4, 4, 3));
        Assert.True(proof.Passed);
        Assert.Equal(("reference", 11, DeployProof.DefaultTolerance, 0), (proof.Backend, proof.Images, proof.Tolerance, proof.ChangedTop1));
        Assert.Equal(["conv"], proof.Blocks.Select(block => block.Path));
        Assert.InRange(proof.Logits.Relative, 1e-12, 1e-6);
        Assert.InRange(proof.Logits.Largest, 1e-12, 1e-6);
        Assert.InRange(proof.Blocks[0].Difference.Relative, 1e-12, 1e-6);
    }

    [Fact]
    public void Wrong_folded_weight_shows_in_its_block_and_in_the_logits()
    {
        var weights = TinyWeights.Of(TinyModel.Net(2));
        var form = Deploy.Fold(TinyModel.Net(2), weights);
        form.Weights["conv.weight"].Floats[0] += 0.1f;
        var proof = DeployProof.Run(form, weights, new ReferenceBackend(), Images(2));
        Assert.False(proof.Passed);
        Assert.Equal("conv", proof.Worst!.Path);
        Assert.InRange(proof.Worst.Difference.Relative, 1e-3, 1);
        Assert.InRange(proof.Logits.Relative, 1e-3, 1);
    }

    [Fact]
    public void Weight_behind_the_blocks_shows_in_the_logits_alone()
    {
        var weights = TinyWeights.Of(TinyModel.Net(2));
        var form = Deploy.Fold(TinyModel.Net(2), weights);
        var changed = form.Weights["fc.bias"].Copy();
        changed.Floats[0] += 100;
        form = form with { Weights = new Dictionary<string, HostTensor>(form.Weights) { ["fc.bias"] = changed } };
        var proof = DeployProof.Run(form, weights, new ReferenceBackend(), Images(2));
        Assert.False(proof.Passed);
        Assert.Equal(100, proof.Logits.Largest, 1e-4);
        Assert.Equal(2, proof.ChangedTop1);
        Assert.InRange(proof.Blocks[0].Difference.Relative, 0, 1e-6);
    }

    [Fact]
    public void No_images_and_results_that_are_no_numbers_do_not_pass()
    {
        var weights = TinyWeights.Of(TinyModel.Net(2));
        var form = Deploy.Fold(TinyModel.Net(2), weights);
        Assert.False(DeployProof.Run(form, weights, new ReferenceBackend(), []).Passed);
        form.Weights["conv.weight"].Floats[0] = float.NaN;
        var proof = DeployProof.Run(form, weights, new ReferenceBackend(), Images(2));
        Assert.Equal((false, double.NaN), (proof.Passed, proof.Logits.Relative));
    }

    [Fact]
    public void Batch_that_is_no_number_of_images_or_too_large_is_refused()
    {
        var weights = TinyWeights.Of(TinyModel.Net(2));
        var form = Deploy.Fold(TinyModel.Net(2), weights);
        foreach (var length in (int[])[0, 107, 109, 3 * 108])
        {
            var failure = Assert.Throws<ArgumentException>(() => DeployProof.Run(form, weights, new ReferenceBackend(), [new float[length]]));
            Assert.Equal($"a batch has {length} numbers; wanted 1 to 2 images of 108", failure.Message);
        }
    }

    [Fact]
    public void Stop_is_heard_between_batches()
    {
        var weights = TinyWeights.Of(TinyModel.Net(2));
        var form = Deploy.Fold(TinyModel.Net(2), weights);
        Assert.Throws<OperationCanceledException>(
            () => DeployProof.Run(form, weights, new ReferenceBackend(), Images(2), stop: new CancellationToken(canceled: true)));
    }

    private static IEnumerable<ReadOnlyMemory<float>> Images(params int[] counts) =>
        counts.Select((count, i) => (ReadOnlyMemory<float>)TinyWeights.Random(TensorType.F32(count, 3, 6, 6), (ulong)i).Floats.ToArray());
}
