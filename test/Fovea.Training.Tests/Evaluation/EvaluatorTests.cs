using Fovea.Execution;
using Fovea.Tensors;
using Fovea.Training.Batches;
using Fovea.Training.Evaluation;
using Fovea.Training.Weights;

namespace Fovea.Training.Tests.Evaluation;

public class EvaluatorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(11)]
    [InlineData(20)]
    public void Metrics_do_not_depend_on_the_size_of_the_batches(int batchSize)
    {
        using var evaluator = new Evaluator(new ReferenceBackend(), batch => TinyModel.Net(batch), Runs.Classes);
        var expected = evaluator.Run(Weights(1), new MemoryBatches(11, 11, shuffles: false), stop: TestContext.Current.CancellationToken);
        var actual = evaluator.Run(Weights(1), new MemoryBatches(11, batchSize, shuffles: false), stop: TestContext.Current.CancellationToken);
        Assert.Equal((expected.Samples, expected.Top1, expected.Loss), (actual.Samples, actual.Top1, actual.Loss));
    }

    [Fact]
    public void Weights_can_change_between_evaluations()
    {
        var images = new MemoryBatches(6, 4, shuffles: false);
        using var evaluator = new Evaluator(new ReferenceBackend(), batch => TinyModel.Net(batch), Runs.Classes);
        var first = evaluator.Run(Weights(1), images, stop: TestContext.Current.CancellationToken).Loss;
        var second = evaluator.Run(Weights(2), images, stop: TestContext.Current.CancellationToken).Loss;
        using var fresh = new Evaluator(new ReferenceBackend(), batch => TinyModel.Net(batch), Runs.Classes);
        Assert.NotEqual(first, second);
        Assert.Equal(fresh.Run(Weights(2), images, stop: TestContext.Current.CancellationToken).Loss, second);
    }

    [Fact]
    public void The_folded_form_gives_the_same_metrics()
    {
        var images = new MemoryBatches(6, 4, shuffles: false);
        using var plain = new Evaluator(new ReferenceBackend(), batch => TinyModel.Net(batch), Runs.Classes);
        using var folded = new Evaluator(new ReferenceBackend(), batch => TinyModel.Net(batch), Runs.Classes, fold: true);
        foreach (var seed in (ulong[])[1, 2])
        {
            var expected = plain.Run(Weights(seed), images, stop: TestContext.Current.CancellationToken).Loss;
            var actual = folded.Run(Weights(seed), images, stop: TestContext.Current.CancellationToken).Loss;
            Assert.Equal(expected, actual, 1e-6);
        }
    }

    [Fact]
    public void Views_of_an_image_count_once_with_their_mean_logits()
    {
        var images = new MemoryBatches(12, 6, shuffles: false);
        using var evaluator = new Evaluator(new ReferenceBackend(), batch => TinyModel.Net(batch), Runs.Classes);
        var stop = TestContext.Current.CancellationToken;

        // Two equal views change nothing; two others give the loss of the mean of their logits.
        var once = evaluator.Run(Weights(1), new Viewed(images, 1, pair => [pair[0]]), stop: stop);
        var twice = evaluator.Run(Weights(1), new Viewed(images, 2, pair => [pair[0], pair[0]]), stop: stop);
        var both = evaluator.Run(Weights(1), new Viewed(images, 2, pair => [pair[0], pair[1]]), stop: stop);
        Assert.Equal((6, once.Top1, once.Loss), (twice.Samples, twice.Top1, twice.Loss));
        Assert.Equal(6, both.Samples);
        Assert.NotEqual(once.Loss, both.Loss);
        Assert.Equal(both.Loss, evaluator.Run(Weights(1), new Viewed(images, 2, pair => [pair[1], pair[0]]), stop: stop).Loss, 1e-6);
    }

    /// <summary>Takes images by twos, and makes rows of each two, with the label of the first.</summary>
    private sealed class Viewed(MemoryBatches images, int views, Func<float[][], float[][]> make) : IBatchSource
    {
        public int Samples => 6 * views;

        public int BatchSize => 3 * views;

        public int Batches => 2;

        public IReadOnlyList<string> BadImages => [];

        public IEnumerable<Batch> Epoch(int epoch, int first = 0, CancellationToken stop = default)
        {
            foreach (var batch in images.Epoch(epoch, first, stop))
            {
                var rows = batch.Images.ToArray().Chunk(batch.Images.Length / batch.Count).ToArray();
                var made = rows.Chunk(2).SelectMany(make).SelectMany(row => row).ToArray();
                var labels = batch.Labels.ToArray().Chunk(2).SelectMany(pair => Enumerable.Repeat(pair[0], views)).ToArray();
                yield return new(labels.Length, made, labels, default, views);
            }
        }
    }

    private static IReadOnlyList<(string Name, HostTensor Tensor)> Weights(ulong seed)
    {
        using var session = new ReferenceBackend().Open();
        var graph = TinyModel.Net(1);
        using var plan = session.Compile(graph, seed);
        return session.Weights(graph);
    }
}
