using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Training.Batches;
using Fovea.Training.Metrics;
using Fovea.Training.Optimizers;
using Fovea.Training.Schedules;
using Fovea.Training.State;

namespace Fovea.Training.Steps;

/// <summary>Runs batches through compiled training graphs that share the variables of one session.</summary>
/// <remarks>Not safe for use from several threads at once.</remarks>
public sealed class TrainingStep : IDisposable
{
    private readonly BatchPlans<StepPlan> _plans;
    private readonly StepPlan? _update;
    private readonly int _accumulate;
    private readonly Teacher? _teacher;

    /// <summary>Compiles the graphs for full batches; variables that the session does not know yet are initialised.</summary>
    /// <param name="session">Where the variables live. It stays the caller's.</param>
    /// <param name="model">The inference graph for a batch size.</param>
    /// <param name="options">What the graphs do.</param>
    /// <param name="batchSize">The size of full batches.</param>
    /// <param name="accumulate">Batches that make one update; at least 1.</param>
    /// <param name="teacher">What the loss compares with, where it wants a teacher.</param>
    public TrainingStep(
        ISession session, Func<int, Graph> model, TrainingGraphOptions options, int batchSize, int accumulate = 1, Teacher? teacher = null)
    {
        (_accumulate, _teacher) = (accumulate, teacher);
        StepGraph Build(int count) => accumulate > 1 ? TrainingGraph.BuildAccumulation(model(count), options) : TrainingGraph.Build(model(count), options);
        _plans = new(batchSize, count => new StepPlan(session, Build(count), options.Seed));
        try
        {
            _plans.For(batchSize);
            if (accumulate > 1) _update = new StepPlan(session, TrainingGraph.BuildUpdate(Build(1), options), options.Seed);
        }
        catch
        {
            _plans.Dispose();
            throw;
        }
    }

    /// <summary>Takes one batch, and updates the model when it is the last of those that make an update.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="state">Where the run stands; its counters of batches and steps move on.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="momentum">What the schedule sets for the momentum where the options say that it does; null for the rule's own.</param>
    /// <param name="progress">How far the run is, for numbers that loss and update are given.</param>
    /// <exception cref="ArgumentException">The images are of another size than the model's.</exception>
    public StepResult Run(Batch batch, RunState state, double rate, double? momentum = null, RunProgress progress = default)
    {
        var plan = _plans.For(batch.Count);
        Fill(plan, batch);
        if (plan.TeacherLogits is { Length: > 0 } logits) _teacher!(batch, logits);
        var moment = new StepMoment(state.Step + 1, rate, momentum, progress);
        plan.Feed(moment, draw: _update is null ? state.Step + 1 : state.Batches + 1);
        plan.Run();
        state.Batches++;
        state.PendingBatches++;
        state.PendingSamples += batch.Count;
        var hits = MetricsCounter.Hits(plan.Logits, batch.Labels.Span);
        var updates = state.PendingBatches >= _accumulate;
        return new(plan.Loss, hits, batch.Count, updates, updates ? Update(plan, state, moment) : null);
    }

    /// <summary>Updates the model with the gradients of fewer batches than usual, because the epoch is over.</summary>
    /// <param name="state">Where the run stands; it has pending batches.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="momentum">As in <see cref="Run"/>.</param>
    /// <param name="progress">As in <see cref="Run"/>.</param>
    /// <returns>The norm of the gradient before clipping; null when it is not computed.</returns>
    public double? Close(RunState state, double rate, double? momentum = null, RunProgress progress = default) => Update(
        _update ?? throw new InvalidOperationException("no gradients are accumulated; every batch is an update"), state,
        new(state.Step + 1, rate, momentum, progress));

    /// <inheritdoc/>
    public void Dispose()
    {
        _plans.Dispose();
        _update?.Dispose();
    }

    private static void Fill(StepPlan plan, Batch batch)
    {
        if (batch.Images.Length != plan.Images.Length || batch.Labels.Length != batch.Count)
            throw new ArgumentException(
                $"a batch of {batch.Count} has {batch.Images.Length} numbers of images and {batch.Labels.Length} labels; "
                + $"the model wants {plan.Images.Length} and {batch.Count}");
        batch.Images.Span.CopyTo(plan.Images);
        if (plan.HasShares) FillShares(plan.Shares, batch);
        else if (batch.Targets.IsEmpty) batch.Labels.Span.CopyTo(plan.Target);
        else throw new ArgumentException("a batch has shares of classes as its target; wanted a model trained with SoftTargets");
    }

    private static void FillShares(Span<float> shares, Batch batch)
    {
        if (batch.Targets.IsEmpty)
        {
            shares.Clear();
            for (var row = 0; row < batch.Count; row++) shares[(row * (shares.Length / batch.Count)) + batch.Labels.Span[row]] = 1;
        }
        else if (batch.Targets.Length == shares.Length)
        {
            batch.Targets.Span.CopyTo(shares);
        }
        else
        {
            throw new ArgumentException($"a batch of {batch.Count} has {batch.Targets.Length} shares of classes; the model wants {shares.Length}");
        }
    }

    /// <summary>Ends a step, and returns the norm of its gradient if that is computed.</summary>
    private double? Update(StepPlan plan, RunState state, StepMoment moment)
    {
        if (_update is not null)
        {
            _update.Feed(moment, draw: moment.Step);
            _update.GradientScale = 1f / state.PendingSamples;
            _update.Run();
            plan = _update;
        }

        state.Step++;
        (state.PendingBatches, state.PendingSamples) = (0, 0);
        return plan.GradientNorm;
    }
}
