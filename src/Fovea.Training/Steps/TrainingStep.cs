using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Naming;
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
    private readonly ISession _session;
    private readonly List<BatchPlans<StepPlan>> _phases = [];
    private StepPlan? _update;
    private readonly int _accumulate;
    private readonly Teacher? _teacher;
    private readonly IGradientExchange? _exchange;
    private readonly int _batchSize;
    private string[] _looked = [];
    private string[] _gradients = [];

    /// <summary>Compiles the graphs for full batches; variables that the session does not know yet are initialised.</summary>
    /// <param name="session">Where the variables live. It stays the caller's.</param>
    /// <param name="model">The inference graph for a batch size.</param>
    /// <param name="options">What the graphs do.</param>
    /// <param name="batchSize">The size of full batches.</param>
    /// <param name="accumulate">Batches that make one update; at least 1.</param>
    /// <param name="teacher">What the loss compares with, where it wants a teacher.</param>
    /// <param name="exchange">What adds up the gradients of those who train together; null, the default, where one trains alone.</param>
    public TrainingStep(
        ISession session, Func<int, Graph> model, TrainingGraphOptions options, int batchSize, int accumulate = 1, Teacher? teacher = null,
        IGradientExchange? exchange = null)
    {
        (_session, _accumulate, _teacher, _exchange) = (session, accumulate, teacher, exchange);
        _batchSize = batchSize;
        try
        {
            Compile(model, options);
        }
        catch
        {
            Dispose();
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
        var moment = new StepMoment(state.Step + 1, rate, momentum, progress);
        var draw = _update is null ? state.Step + 1 : state.Batches + 1;
        var plan = RunPhase(0, batch, moment, draw);
        for (var phase = 1; phase < _phases.Count; phase++)
        {
            _exchange!.Sum(_session, _looked, batch.Count);
            RunPhase(phase, batch, moment, draw);
        }

        state.Batches++;
        state.PendingBatches++;
        state.PendingSamples += batch.Count;
        var (hits, hitsOfFive) = MetricsCounter.Hits(plan.Logits, batch.Labels.Span);
        var updates = state.PendingBatches >= _accumulate;
        return new(plan.Loss, hits, batch.Count, updates, updates ? Update(plan, state, moment) : null) { HitsOfFive = hitsOfFive };
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

    /// <summary>
    /// Goes on with other graphs, as for images of another size or other frozen parts; the plans of those before are freed first. To be called between
    /// updates. Variables stay; those that are new, as slots of what was frozen, are initialised.
    /// </summary>
    /// <param name="model">The inference graph for a batch size, with the same parameters and states.</param>
    /// <param name="options">What the graphs do from here on.</param>
    public void Change(Func<int, Graph> model, TrainingGraphOptions options)
    {
        Dispose();
        (_update, _looked, _gradients) = (null, [], []);
        _phases.Clear();
        Compile(model, options);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var plans in _phases) plans.Dispose();
        _update?.Dispose();
    }

    /// <summary>Compiles what a batch goes through, and what updates the model where that is a graph of its own.</summary>
    private void Compile(Func<int, Graph> model, TrainingGraphOptions options)
    {
        var phases = StepPhases.Of(model, options, _accumulate > 1, _exchange is not null);
        foreach (var phase in phases.OfBatch)
        {
            _phases.Add(new(_batchSize, count => new StepPlan(_session, phase(count), options.Seed)));
            _phases[^1].For(_batchSize);
        }

        if (phases.Update is { } update) _update = new StepPlan(_session, update(), options.Seed);
        string[] Slots(string prefix) => [.. _session.Variables.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        (_looked, _gradients) = (Slots(SlotNames.Looked), Slots(SlotNames.Gradient));
    }

    private StepPlan RunPhase(int phase, Batch batch, StepMoment moment, long draw)
    {
        var plan = _phases[phase].For(batch.Count);
        Fill(plan, batch);
        if (plan.TeacherLogits is { Length: > 0 } logits) _teacher!(batch, logits);
        plan.Feed(moment, draw);
        plan.Run();
        return plan;
    }

    private static void Fill(StepPlan plan, Batch batch)
    {
        if (batch.Images.Length != plan.Images.Length || batch.Labels.Length != batch.Count)
            throw new ArgumentException(
                $"a batch of {batch.Count} has {Amount.Of(batch.Images.Length, "number")} of images and {Amount.Of(batch.Labels.Length, "label")}; "
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
            _update.GradientScale = 1f / (_exchange?.Sum(_session, _gradients, state.PendingSamples) ?? state.PendingSamples);
            _update.Run();
            plan = _update;
        }

        state.Step++;
        (state.PendingBatches, state.PendingSamples) = (0, 0);
        return plan.GradientNorm;
    }
}
