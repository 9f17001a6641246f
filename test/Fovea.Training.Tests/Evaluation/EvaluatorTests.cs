using Fovea.Execution;
using Fovea.Graphs;
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
    public void A_folded_model_runs_in_place_of_the_model()
    {
        var images = new MemoryBatches(6, 4, shuffles: false);
        static (Graph, IReadOnlyList<(string, HostTensor)>) Fold(Graph graph, IReadOnlyList<(string Name, HostTensor Tensor)> weights) =>
            (TinyModel.LinearNet(graph.Variable("input").Shape.N), [("fc.weight", new(TensorType.F32(3, TinyModel.ImageElements))), ("fc.bias", HostTensor.Of(new Shape(3), [0, 1, 0]))]);
        using var evaluator = new Evaluator(new ReferenceBackend(), batch => TinyModel.Net(batch), Runs.Classes, Fold);
        var metrics = evaluator.Run(Weights(1), images, stop: TestContext.Current.CancellationToken);
        Assert.Equal(6, metrics.Confusion[0, 1] + metrics.Confusion[1, 1] + metrics.Confusion[2, 1]);
    }

    private static IReadOnlyList<(string Name, HostTensor Tensor)> Weights(ulong seed)
    {
        using var session = new ReferenceBackend().Open();
        var graph = TinyModel.Net(1);
        using var plan = session.Compile(graph, seed);
        return session.Weights(graph);
    }
}
