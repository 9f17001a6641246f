using Fovea.Execution;
using Fovea.Passes;
using Fovea.Training.Batches;
using Fovea.Training.Evaluation;
using Fovea.Training.Logging;
using Fovea.Training.Metrics;
using Fovea.Training.Steps;
using Fovea.Training.Weights;

namespace Fovea.Training;

/// <summary>Evaluates a model of which most is frozen: what that makes of each image is computed the first time, and kept in memory.</summary>
internal sealed class FrozenEvaluation : IDisposable
{
    private readonly TrainerOptions _options;
    private readonly TrainingGraphOptions _step;
    private readonly Evaluator _evaluator;
    private IBatchSource? _features;

    private FrozenEvaluation(TrainerOptions options, TrainingGraphOptions step)
    {
        (_options, _step) = (options, step);
        _evaluator = new(options.Backend, count => Divide(count)!.After(), options.Classes, precision: step.Precision);
    }

    /// <summary>Such an evaluation, where the step trains from features, and those to evaluate have room too; otherwise null.</summary>
    /// <param name="options">The run.</param>
    /// <param name="step">What the step does.</param>
    /// <param name="room">How many bytes there are for features.</param>
    internal static FrozenEvaluation? Of(TrainerOptions options, TrainingGraphOptions step, long room)
    {
        if (!step.FromFeatures || options.Fold || options.Validation is not { Batches: > 0 } images) return null;
        var evaluation = new FrozenEvaluation(options, step);
        if (evaluation.Divide(1) is { } division && images.Samples * division.Length * sizeof(float) <= room) return evaluation;
        evaluation.Dispose();
        return null;
    }

    /// <summary>The metrics of the weights of a session.</summary>
    /// <param name="session">Where the variables of the run live.</param>
    /// <param name="progress">Told of each batch when it is done.</param>
    /// <param name="stop">Asked between batches.</param>
    internal EvaluationMetrics Run(ISession session, Action<EvaluationBatchReport> progress, CancellationToken stop)
    {
        _features ??= Features(session, stop);
        return _evaluator.Run(session.Weights(_options.Model(1)), _features, progress, stop);
    }

    /// <inheritdoc/>
    public void Dispose() => _evaluator.Dispose();

    private FrozenFeatures? Divide(int count) => FrozenFeatures.Of(_options.Model(count), TrainingGraph.Images, _step.Frozen);

    private Kept Features(ISession session, CancellationToken stop)
    {
        var (images, batches) = (_options.Validation!, new List<Batch>());
        using var plans = new BatchPlans<IExecutable>(
            Math.Min(images.BatchSize, images.Samples), count => session.Compile(Divide(count)!.Before().In(_step.Precision)));
        foreach (var batch in images.Epoch(0, stop: stop))
        {
            stop.ThrowIfCancellationRequested();
            var plan = plans.For(batch.Count);
            batch.Images.Span.CopyTo(plan.Floats(TrainingGraph.Images));
            plan.Run();
            batches.Add(batch with
            {
                Images = plan.Result(FrozenFeatures.Output).ToArray(), Labels = batch.Labels.ToArray(), Samples = batch.Samples.ToArray(),
            });
        }

        return new(images, batches);
    }

    /// <summary>Batches with features in the place of images.</summary>
    private sealed class Kept(IBatchSource images, IReadOnlyList<Batch> batches) : IBatchSource
    {
        public int Samples => images.Samples;

        public int BatchSize => images.BatchSize;

        public int Batches => batches.Count;

        public IReadOnlyList<string> BadImages => images.BadImages;

        public IEnumerable<Batch> Epoch(int epoch, int first = 0, CancellationToken stop = default) => batches.Skip(first);
    }
}
