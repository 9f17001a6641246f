using Fovea.Execution;
using Fovea.Naming;
using Fovea.Training.Batches;
using Fovea.Training.Checkpoints;
using Fovea.Training.Evaluation;
using Fovea.Training.Initializers;
using Fovea.Training.Logging;
using Fovea.Training.Metrics;
using Fovea.Training.Recipes;
using Fovea.Training.State;
using Fovea.Training.Steps;
using Fovea.Training.Weights;

namespace Fovea.Training;

/// <summary>Trains a model by a recipe, from its beginning or from where its latest checkpoint stands.</summary>
/// <remarks>
/// A resumed run does, bit for bit, what an unbroken run would have done. Not safe for use from several threads at once, but for
/// <see cref="SaveAndClose"/>.
/// </remarks>
public sealed class Trainer : IDisposable
{
    private readonly TrainerOptions _options;
    private readonly TrainOptions _train;
    private readonly Stopwatches _watch;
    private readonly ISession _session;
    private readonly TrainingStep _step;
    private readonly TrainingStages _stages;
    private readonly Evaluator? _evaluator;
    private readonly RunRate _rate;
    private readonly RunReports _reports;
    private readonly RunSaves _saves;
    private readonly RunAdvice _advice;
    private readonly List<Action<ITrainingLog>> _notes = [];

    /// <summary>What the step is compiled for.</summary>
    private TrainingStage _stage;

    /// <summary>What it is given.</summary>
    private StageBatches _batches;

    private NormEstimator? _norms;

    /// <summary>Evaluates from features while a stage trains from them; null where it does not.</summary>
    private FrozenEvaluation? _frozen;

    /// <summary>Whether the present epoch ends where it stands, because its images have changed.</summary>
    private bool _endsEpoch;

    /// <summary>Compiles the model, and takes up the checkpoint to go on from.</summary>
    /// <exception cref="RecipeException">Options are out of range.</exception>
    /// <exception cref="TrainingException">
    /// The data leave nothing to train, the run cannot work so (<see cref="Checks.RunCheck"/>), or the checkpoint is of another run.
    /// </exception>
    public Trainer(TrainerOptions options)
    {
        options.Check();
        options = options with { Recipe = options.Recipe.On(options.Backend) };
        (_options, _train, _watch) = (options, options.Recipe.Train, new(options.Time));
        _rate = new(options.Recipe, options.Train);
        if (_rate.Note is { } note) _notes.Add(log => log.Message(note));
        _advice = new(options);
        foreach (var advice in _advice.Before) _notes.Add(log => log.Advice(advice));
        _stages = new(options);
        _session = options.Backend.Open();
        try
        {
            var epoch = options.From is { } from ? _stages.EpochOf(from) : 0;
            (_stage, _batches) = (_stages.At(epoch), _stages.BatchesOf(epoch));
            if (epoch < _train.Epochs && _stages.DescribeSize(_stage) is { } size) _notes.Add(log => log.Message($"epoch {epoch + 1}: {size}"));
            var fullBatch = Math.Min(_train.BatchSize, options.Train.Samples);
            _step = new(_session, _stages.ModelOf(_stage), _batches.Step, fullBatch, _train.Accumulate, options.Teacher, options.Exchange);
            State = options.From is { } checkpoint ? Restored(checkpoint) : Begun();
            if (options.Validation is not null)
                _evaluator = new(options.Backend, options.Model, options.Classes, options.Fold, _train.Precision);
            (_norms, _frozen) = (Norms(), FrozenEvaluation.Of(options, _batches.Step, _batches.RoomLeft));
            (_reports, _saves) = (new(options, State, _watch), new(options, _session, State, _watch));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where the run stands.</summary>
    public RunState State { get; }

    /// <summary>Whether nothing is left to train: all epochs are over, or <see cref="TrainOptions.EarlyStop"/> of them brought nothing better.</summary>
    public bool IsOver => State.Epoch >= _train.Epochs || HasStalled;

    /// <summary>The variables of the run: parameters, state and slots.</summary>
    public ISession Session => _session;

    /// <summary>Trains until the run is over, until asked to stop, or until images cannot be read; then a checkpoint is written first.</summary>
    /// <param name="log">Where the course of the run is told; when it cannot be written, the run goes on without.</param>
    /// <param name="stop">Asks to stop; heeded between batches.</param>
    /// <exception cref="TrainingException">The loss is not finite. The latest checkpoint stays as it is.</exception>
    /// <exception cref="IOException">A checkpoint cannot be written. The latest one stays as it is.</exception>
    public TrainingEnd Run(ITrainingLog log, CancellationToken stop = default)
    {
        log = new CompositeLog(log);
        foreach (var note in _notes) note(log);
        _notes.Clear();
        _watch.Uncounted();
        log.Begin(_reports.Overview());
        try
        {
            while (!IsOver)
            {
                RunEpoch(log, stop);
                FinishEpoch(log, stop);
            }

            if (HasStalled && State.Epoch < _train.Epochs)
                log.Message($"ended after epoch {State.Epoch}: none has been better than epoch {State.BestEpoch} (train.early_stop {_train.EarlyStop})");

            _saves.Finish(log.Warning);
            log.End(isFinished: true);
            return TrainingEnd.Finished;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && (_saves.IsWhole || _saves.IsClosed))
        {
            _saves.TrySave();
            log.Message($"stopped in epoch {State.Epoch + 1} at step {State.Step}");
            log.End(isFinished: false);
            return TrainingEnd.Interrupted;
        }
        catch (Exception e) when (_saves.IsWhole && e is not TrainingException)
        {
            _saves.TrySaveAfterFailure();
            throw;
        }
    }

    /// <summary>
    /// Saves the run for the last time; nothing is trained after that. Another thread may call it when the run does not end although it was asked
    /// to, because an image that is being read does not come; it waits for a step that is under way.
    /// </summary>
    /// <returns>Whether a checkpoint was written: not if the run keeps none, was saved so before, or has broken off in the middle of a step.</returns>
    /// <exception cref="IOException">The checkpoint cannot be written. The latest one stays as it is.</exception>
    public bool SaveAndClose() => _saves.SaveAndClose();

    /// <inheritdoc/>
    public void Dispose()
    {
        _saves?.Close();
        _step?.Dispose();
        _evaluator?.Dispose();
        _norms?.Dispose();
        _frozen?.Dispose();
        _session.Dispose();
    }

    /// <summary>Whether the run has the updates that <see cref="TrainOptions.Steps"/> says, as it may before an epoch is over.</summary>
    private bool HasAllSteps => _train.Steps > 0 && State.Step >= _train.Steps;

    private bool HasStalled => _train.EarlyStop > 0 && State.BestEpoch > 0 && State.Epoch - State.BestEpoch >= _train.EarlyStop;

    private void RunEpoch(ITrainingLog log, CancellationToken stop)
    {
        _watch.Begin();
        Enter(_stages.At(State.Epoch), log);
        var (result, isTold) = (default(StepResult), true);
        foreach (var batch in _endsEpoch || HasAllSteps ? [] : _batches.Epoch(_session, State.Epoch, State.Batch, log, stop))
        {
            stop.ThrowIfCancellationRequested();
            _watch.Arrived();
            result = Step(batch);
            _watch.Done(batch.Count);
            // The last batch may still become an update.
            isTold = result.Updated || State.Batch < _options.Train.BatchesOf(State.Epoch);
            if (isTold) log.Batch(_reports.Batch(result, _rate.Last));
            if (result.Updated) Follow(log, result);
            if (HasAllSteps) break;
        }

        if (State.PendingBatches > 0) Follow(log, result = Close(result));
        if (!isTold) log.Batch(_reports.Batch(result, _rate.Last));
        _endsEpoch = false;
    }

    /// <summary>Compiles the step anew, where the epoch has images of another size or other frozen parts.</summary>
    private void Enter(TrainingStage stage, ITrainingLog log)
    {
        if (stage == _stage) return;
        foreach (var change in _stages.Changes(_stage, stage)) log.Message($"epoch {State.Epoch + 1}: {change}");
        _stage = _saves.Change(() =>
        {
            var known = _session.Variables.ToHashSet(StringComparer.Ordinal);
            _batches = _stages.BatchesOf(State.Epoch);
            _step.Change(_stages.ModelOf(stage), _batches.Step);
            _session.StartAverages(except: known);
            return stage;
        });
        _norms?.Dispose();
        _frozen?.Dispose();
        (_norms, _frozen) = (Norms(), FrozenEvaluation.Of(_options, _batches.Step, _batches.RoomLeft));
    }

    /// <summary>What estimates the statistics of norms for averages; null where nothing has to.</summary>
    private NormEstimator? Norms() =>
        _options.Recipe.Averages?.NormBatchesAt(long.MaxValue) > 0 && NormEstimator.HasNorms(_options.Model(1), _stages.FrozenOf(_stage))
            ? new(_options.Backend, _stages.LastModel, _train.Precision, _stages.FrozenOf(_stage))
            : null;

    private StepResult Step(Batch batch) => _saves.Change(() =>
    {
        var result = _step.Run(batch, State, _rate.Next(State), _rate.Momentum(State), _rate.At(State));
        if (!double.IsFinite(result.Loss)) throw NotFinite(result.Loss);
        State.Count(result.Samples, result.Hits, result.Loss);
        _advice.See(State, result.Loss);
        return result;
    });

    /// <summary>The update of gradients that wait when the epoch is over.</summary>
    private StepResult Close(StepResult last) =>
        _saves.Change(() => last with { Updated = true, GradientNorm = _step.Close(State, _rate.Next(State), _rate.Momentum(State), _rate.At(State)) });

    /// <summary>What follows an update.</summary>
    private void Follow(ITrainingLog log, StepResult result)
    {
        if (State.Step % _train.LogEvery == 0)
        {
            log.Step(_reports.Step(result, _rate.Last));
            _watch.Reset();
        }

        _saves.SaveIfDue();
    }

    private void FinishEpoch(ITrainingLog log, CancellationToken stop)
    {
        var metrics = Evaluate(log, stop);
        State.Seconds += _watch.Uncounted();
        var report = _reports.Epoch(metrics, isBest: metrics is not null && metrics.Top1 > State.BestTop1, _rate.Last);
        log.Epoch(report);
        foreach (var advice in _advice.After(report)) log.Advice(advice);
        _saves.SaveEpoch(report);
    }

    private EvaluationMetrics? Evaluate(ITrainingLog log, CancellationToken stop)
    {
        var epoch = State.Epoch + 1;
        if (epoch < _train.Epochs && (_train.ValidateEvery == 0 || epoch % _train.ValidateEvery != 0)) return null;
        EstimateNorms(stop);
        if (_evaluator is null) return null;
        var start = _watch.Now;
        var metrics = _frozen?.Run(_session, report => log.EvaluationBatch(report), stop)
            ?? _evaluator.Run(_session.Weights(_options.Model(1)), _options.Validation!, report => log.EvaluationBatch(report), stop);
        _watch.EvaluationSeconds = _watch.Now - start;
        return metrics;
    }

    /// <summary>
    /// Gives averages of weights statistics of norms that are theirs, from the batches with which the epoch began; where training images grow, from those with
    /// which the last epoch begins, since it is images of its size that averages are for.
    /// </summary>
    private void EstimateNorms(CancellationToken stop)
    {
        if (_norms is null || _options.Recipe.Averages!.NormBatchesAt(State.Step) is not (> 0 and var count)) return;
        var batches = _options.Train.Epoch(_stages.EpochOfStatistics(State.Epoch), stop: stop).Take(count);
        var estimated = _norms.Run(_session.Weights(_options.Model(1)), batches, Math.Min(_train.BatchSize, _options.Train.Samples), stop);
        _saves.Change(() =>
        {
            foreach (var (name, tensor) in estimated) _session.Write(SlotNames.Average + name, tensor);
            return true;
        });
    }

    private RunState Restored(Checkpoint checkpoint)
    {
        var facts = _options.Facts;
        CheckpointFit.Check(checkpoint, facts);
        _endsEpoch = !CheckpointFit.HasSameImages(
            checkpoint, facts, _options.Train.BatchesOf(checkpoint.State.Epoch), _options.AtNextEpoch, text => _notes.Add(log => log.Warning(text)));
        CheckpointFit.Restore(_session, checkpoint);
        var state = checkpoint.State;
        var text = $"resumed in epoch {state.Epoch + 1} of {_train.Epochs} after {Amount.Of(state.Batch, "batch")}, at step {state.Step}";
        _notes.Add(log => log.Message(text));
        return state;
    }

    private RunState Begun()
    {
        var recipe = _options.Recipe;
        var start = new InitContext(_options.Model(1), _train.Seed, _options.ClassCounts);
        _session.Load([.. InitialValues.Of(recipe.Model.Init, start), .. _options.Weights]);
        if (recipe.Model.Whiten) _session.Load([Whitening.Of(_stages.ModelOf(_stage)(1), _session.Read, _options.Train.Epoch(0))]);
        recipe.Optimizer.Begin(new()
        {
            Session = _session, Model = _options.Model(1), Seed = _train.Seed, HasWeights = _options.Weights.Count > 0 || recipe.Model.Whiten,
            Read = path => WeightPlace.Read(path, text => _notes.Add(log => log.Warning(text))),
        });
        _session.StartAverages();
        if (_stages.Introduction is { } frozen) _notes.Add(log => log.Message(frozen));
        return new();
    }

    private TrainingException NotFinite(double loss)
    {
        var saved = _options.Checkpoints is { HasLatest: true } folder ? $". The latest checkpoint is as it was: {folder.LatestPath}" : "";
        var where = FormattableString.Invariant($"epoch {State.Epoch + 1}, batch {State.Batch + 1}, step {State.Step}");
        return new(
            FormattableString.Invariant($"{where}: the loss is {loss} at learning rate {_rate.Last}; wanted a finite number. ")
            + $"Try a smaller optimizer.learning_rate, a longer schedule.warmup_epochs, or train.clip_gradient_norm{saved}")
        {
            IsDivergence = true,
        };
    }
}
