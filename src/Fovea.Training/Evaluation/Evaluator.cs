using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Batches;
using Fovea.Training.Logging;
using Fovea.Training.Metrics;
using Fovea.Training.Recipes;
using Fovea.Training.State;
using Fovea.Training.Steps;

namespace Fovea.Training.Evaluation;

/// <summary>Evaluates weights of a model on a data set, batch by batch, in a session of its own.</summary>
/// <remarks>Plans are compiled once and kept. Not safe for use from several threads at once.</remarks>
public sealed class Evaluator : IDisposable
{
    private readonly ISession _session;
    private readonly Func<int, Graph> _model;
    private readonly IReadOnlyList<string> _classes;
    private readonly bool _fold;
    private readonly Precision _precision;
    private BatchPlans<IExecutable>? _plans;
    private int _batchSize;

    /// <summary>An evaluator; nothing is compiled yet.</summary>
    /// <param name="backend">What runs the model.</param>
    /// <param name="model">The inference graph for a batch size.</param>
    /// <param name="classes">The names of the classes, by number.</param>
    /// <param name="fold">Whether the form that is shipped (<see cref="Deploy"/>) is run: faster, the same up to the rounding of its weights.</param>
    /// <param name="precision">The arithmetic.</param>
    public Evaluator(IBackend backend, Func<int, Graph> model, IReadOnlyList<string> classes, bool fold = false, Precision precision = Precision.Fp32)
    {
        (_model, _classes, _fold, _precision) = (model, classes, fold, precision);
        _session = backend.Open();
    }

    /// <summary>The metrics of given weights on all images of a source, the last batch included even if it is short.</summary>
    /// <param name="weights">Parameters and state of the model.</param>
    /// <param name="data">The images; its epoch 0 is run.</param>
    /// <param name="progress">Told of each batch when it is done; null for nobody.</param>
    /// <param name="stop">Asked between batches.</param>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    /// <exception cref="TrainingException">There are no images, or a logit is not finite.</exception>
    public EvaluationMetrics Run(
        IReadOnlyList<(string Name, HostTensor Tensor)> weights, IBatchSource data, Action<EvaluationBatchReport>? progress = null, CancellationToken stop = default)
    {
        if (data.Batches == 0) throw new TrainingException("there are no images to evaluate; wanted at least one");
        Prepare(weights, Math.Min(data.BatchSize, data.Samples));
        var counter = new MetricsCounter(_classes);
        var (done, watch) = (0, new Stopwatches(TimeProvider.System));
        foreach (var batch in data.Epoch(0, stop: stop))
        {
            stop.ThrowIfCancellationRequested();
            watch.Arrived();
            var plan = _plans!.For(batch.Count);
            var images = plan.Floats(TrainingGraph.Images);
            if (batch.Images.Length != images.Length)
                throw new ArgumentException($"a batch of {batch.Count} has {batch.Images.Length} numbers of images; the model wants {images.Length}");
            batch.Images.Span.CopyTo(images);
            plan.Run();
            Count(counter, plan.Result(TrainingGraph.Logits), batch);
            watch.Done(batch.Count);
            done++;
            progress?.Invoke(new(done, Math.Max(done, data.Batches), counter.LastLoss, counter.LastRanks, watch.Last.Seconds, watch.Last.Reader));
        }

        return counter.Result();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _plans?.Dispose();
        _session.Dispose();
    }

    /// <summary>Counts each image once: of several views, the mean logits.</summary>
    private void Count(MetricsCounter counter, ReadOnlySpan<float> logits, Batch batch)
    {
        if (batch.Views == 1)
        {
            counter.Add(logits, batch.Labels.Span, batch.Samples.Span);
            return;
        }

        if (batch.Count % batch.Views != 0) throw new ArgumentException($"a batch of {batch.Count} holds no whole number of {batch.Views} views");
        var mean = new float[batch.Count / batch.Views * _classes.Count];
        var labels = new int[batch.Count / batch.Views];
        var samples = new int[batch.Samples.Length / batch.Views];
        for (var image = 0; image < labels.Length; image++)
        {
            labels[image] = batch.Labels.Span[image * batch.Views];
            if (samples.Length > 0) samples[image] = batch.Samples.Span[image * batch.Views];
            for (var c = 0; c < _classes.Count; c++)
            {
                var sum = 0.0;
                for (var view = 0; view < batch.Views; view++) sum += logits[(((image * batch.Views) + view) * _classes.Count) + c];
                mean[(image * _classes.Count) + c] = (float)(sum / batch.Views);
            }
        }

        counter.Add(mean, labels, samples);
    }

    private void Prepare(IReadOnlyList<(string Name, HostTensor Tensor)> weights, int batchSize)
    {
        if (_plans is null || batchSize != _batchSize)
        {
            _plans?.Dispose();
            _plans = new(batchSize, Compile);
            _batchSize = batchSize;
        }

        _plans.For(batchSize);
        foreach (var (name, tensor) in _fold ? Folded(weights) : weights) _session.Write(name, tensor);
    }

    private IEnumerable<(string Name, HostTensor Tensor)> Folded(IReadOnlyList<(string Name, HostTensor Tensor)> weights) =>
        Deploy.Fold(_model(1), weights.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal))
            .Weights.Select(entry => (entry.Key, entry.Value));

    private IExecutable Compile(int count) => _session.Compile((_fold ? Deploy.Structure(_model(count)) : _model(count)).In(_precision));
}
