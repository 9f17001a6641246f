using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;
using Fovea.Training.Batches;
using Fovea.Training.Steps;

namespace Fovea.Training.Evaluation;

/// <summary>Evaluates weights of a model on a data set, batch by batch, in a session of its own.</summary>
/// <remarks>Plans are compiled once and kept. Not safe for use from several threads at once.</remarks>
public sealed class Evaluator : IDisposable
{
    private readonly ISession _session;
    private readonly Func<int, Graph> _model;
    private readonly IReadOnlyList<string> _classes;
    private readonly FoldWeights _fold;
    private readonly Func<Graph, Graph> _lower;
    private BatchPlans<IExecutable>? _plans;
    private int _batchSize;
    private IReadOnlyList<(string Name, HostTensor Tensor)> _weights = [];

    /// <summary>An evaluator; nothing is compiled yet.</summary>
    /// <param name="backend">What runs the model.</param>
    /// <param name="model">The inference graph for a batch size.</param>
    /// <param name="classes">The names of the classes, by number.</param>
    /// <param name="fold">Makes a faster model of the same function; null to run the model as it is.</param>
    /// <param name="lower">Chooses the precision of the values of the graph; null for float32.</param>
    public Evaluator(IBackend backend, Func<int, Graph> model, IReadOnlyList<string> classes, FoldWeights? fold = null, Func<Graph, Graph>? lower = null)
    {
        (_model, _classes) = (model, classes);
        _fold = fold ?? ((graph, weights) => (graph, weights));
        _lower = lower ?? (graph => graph);
        _session = backend.Open();
    }

    /// <summary>The metrics of given weights on all images of a source, the last batch included even if it is short.</summary>
    /// <param name="weights">Parameters and state of the model.</param>
    /// <param name="data">The images; its epoch 0 is run.</param>
    /// <param name="progress">Receives the number of batches done after each; null for none.</param>
    /// <param name="stop">Asked between batches.</param>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    /// <exception cref="TrainingException">There are no images, or a logit is not finite.</exception>
    public EvaluationMetrics Run(
        IReadOnlyList<(string Name, HostTensor Tensor)> weights, IBatchSource data, Action<int>? progress = null, CancellationToken stop = default)
    {
        if (data.Batches == 0) throw new TrainingException("there are no images to evaluate; wanted at least one");
        Prepare(weights, Math.Min(data.BatchSize, data.Samples));
        var counter = new MetricsCounter(_classes);
        var done = 0;
        foreach (var batch in data.Epoch(0))
        {
            stop.ThrowIfCancellationRequested();
            var plan = _plans!.For(batch.Count);
            var images = plan.Floats(TrainingGraph.Images);
            if (batch.Images.Length != images.Length)
                throw new ArgumentException($"a batch of {batch.Count} has {batch.Images.Length} numbers of images; the model wants {images.Length}");
            batch.Images.Span.CopyTo(images);
            plan.Run();
            counter.Add(plan.Result(TrainingGraph.Logits), batch.Labels.Span);
            progress?.Invoke(++done);
        }

        return counter.Result();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _plans?.Dispose();
        _session.Dispose();
    }

    private void Prepare(IReadOnlyList<(string Name, HostTensor Tensor)> weights, int batchSize)
    {
        if (_plans is null || batchSize != _batchSize)
        {
            _plans?.Dispose();
            _plans = new(batchSize, Compile);
            _batchSize = batchSize;
        }

        _weights = weights;
        _plans.For(batchSize);
        foreach (var (name, tensor) in _fold(_model(1), weights).Weights) _session.Write(name, tensor);
    }

    private IExecutable Compile(int count) => _session.Compile(_lower(_fold(_model(count), _weights).Graph));
}
