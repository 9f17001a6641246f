using Fovea.Execution;
using Fovea.Tensors;
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

    private static IReadOnlyList<(string Name, HostTensor Tensor)> Weights(ulong seed)
    {
        using var session = new ReferenceBackend().Open();
        var graph = TinyModel.Net(1);
        using var plan = session.Compile(graph, seed);
        return session.Weights(graph);
    }
}
