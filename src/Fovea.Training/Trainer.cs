using Fovea.Execution;
using Fovea.Training.Batches;
using Fovea.Training.Checkpoints;
using Fovea.Training.Evaluation;
using Fovea.Training.Logging;
using Fovea.Training.Metrics;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;
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
    private readonly RunFacts _facts;
    private readonly ISession _session;
    private readonly TrainingStep _step;
    private readonly Evaluator? _evaluator;
    private readonly double _fullRate;
    private readonly Stopwatches _watch;
    private readonly List<(bool IsWarning, string Text)> _notes = [];

    /// <summary>Held while variables or state change, and while they are saved.</summary>
    private readonly Lock _turn = new();

    /// <summary>Whether variables and state belong to the same moment, so that a checkpoint can be made of them.</summary>
    private bool _isWhole = true;

    /// <summary>Whether the run has been saved for good, or disposed of: nothing changes any more.</summary>
    private bool _isClosed;

    /// <summary>Whether the present epoch ends where it stands, because its images have changed.</summary>
    private bool _endsEpoch;

    private LearningRates _rates;
    private double _rate;
    private double _saved;
    private double _evaluationSeconds;

    /// <summary>Compiles the model, and takes up the checkpoint to go on from.</summary>
    /// <exception cref="RecipeException">Options are out of range.</exception>
    /// <exception cref="TrainingException">The data leave nothing to train, or the checkpoint is of another run.</exception>
    public Trainer(TrainerOptions options)
    {
        options.Check();
        options = options with { Recipe = options.Recipe.On(options.Backend) };
        (_options, _train, _facts) = (options, options.Recipe.Train, options.Facts);
        _fullRate = FullRate();
        _rates = Rates(StepsPerEpoch);
        _watch = new(options.Time);
        _session = options.Backend.Open();
        try
        {
            var fullBatch = Math.Min(_train.BatchSize, options.Train.Samples);
            _step = new(_session, options.Model, TrainingGraphOptions.Of(options.Recipe), fullBatch, _train.Accumulate, _train.EmaDecay);
            State = options.From is { } checkpoint ? Restored(checkpoint) : Begun();
            if (options.Validation is not null)
                _evaluator = new(options.Backend, options.Model, options.Classes, options.Fold, _train.Precision);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where the run stands.</summary>
    public RunState State { get; }

    /// <summary>The variables of the run: parameters, state and slots.</summary>
    public ISession Session => _session;

    /// <summary>The updates of an epoch, without the images that are known to be bad.</summary>
    private long StepsPerEpoch => Math.Max(1, ((_options.Train.Batches - 1) / _train.Accumulate) + 1);

    /// <summary>Trains until all epochs are over, until asked to stop, or until images cannot be read; then a checkpoint is written first.</summary>
    /// <param name="log">Where the course of the run is told; when it cannot be written, the run goes on without.</param>
    /// <param name="stop">Asks to stop; heeded between batches.</param>
    /// <exception cref="TrainingException">The loss is not finite. The latest checkpoint stays as it is.</exception>
    /// <exception cref="IOException">A checkpoint cannot be written. The latest one stays as it is.</exception>
    public TrainingEnd Run(ITrainingLog log, CancellationToken stop = default)
    {
        log = new CompositeLog(log);
        Tell(log);
        _watch.Uncounted();
        try
        {
            while (State.Epoch < _train.Epochs)
            {
                RunEpoch(log, stop);
                FinishEpoch(log, stop);
            }

            return TrainingEnd.Finished;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && (_isWhole || _isClosed))
        {
            TrySave();
            log.Message($"stopped in epoch {State.Epoch + 1} at step {State.Step}");
            return TrainingEnd.Interrupted;
        }
        catch (Exception e) when (_isWhole && e is not TrainingException)
        {
            SaveAfterFailure();
            throw;
        }
    }

    /// <summary>
    /// Saves the run for the last time; nothing is trained after that. Another thread may call it when the run does not end although it was asked
    /// to, because an image that is being read does not come; it waits for a step that is under way.
    /// </summary>
    /// <returns>Whether a checkpoint was written: not if the run keeps none, was saved so before, or has broken off in the middle of a step.</returns>
    /// <exception cref="IOException">The checkpoint cannot be written. The latest one stays as it is.</exception>
    public bool SaveAndClose()
    {
        lock (_turn)
        {
            var isSaved = TrySave();
            _isClosed |= isSaved;
            return isSaved;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_turn)
        {
            _isClosed = true;
            _step?.Dispose();
            _evaluator?.Dispose();
            _session.Dispose();
        }
    }

    private void RunEpoch(ITrainingLog log, CancellationToken stop)
    {
        _watch.Begin();
        var result = default(StepResult);
        if (!_endsEpoch)
        {
            foreach (var batch in _options.Train.Epoch(State.Epoch, State.Batch, stop))
            {
                stop.ThrowIfCancellationRequested();
                _watch.Arrived();
                result = Step(batch);
                _watch.Done(batch.Count);
                if (result.Updated) Follow(log, result);
            }
        }

        if (State.PendingBatches > 0) Follow(log, Close(result));
        _endsEpoch = false;
    }

    /// <summary>What follows an update.</summary>
    private void Follow(ITrainingLog log, StepResult result)
    {
        if (State.Step % _train.LogEvery == 0) Report(log, result);
        if (IsSaveDue()) Save();
    }

    private void FinishEpoch(ITrainingLog log, CancellationToken stop)
    {
        var metrics = Evaluate(stop);
        var isBest = metrics is not null && metrics.Top1 > State.BestTop1;
        var (bestTop1, bestEpoch) = isBest ? (metrics!.Top1, State.Epoch + 1) : (State.BestTop1, State.BestEpoch);
        State.Seconds += _watch.Uncounted();
        log.Epoch(new(State.Epoch + 1, _train.Epochs, State.Step, _rate, State.MeanLoss, State.Top1, State.Seconds, metrics, isBest, bestTop1, bestEpoch));
        lock (_turn)
        {
            BeginChange();
            (State.BestTop1, State.BestEpoch) = (bestTop1, bestEpoch);
            State.NextEpoch();
            Write(isBest, keep: _train.CheckpointEvery > 0 && State.Epoch % _train.CheckpointEvery == 0);
            _isWhole = true;
        }
    }

    private StepResult Step(Batch batch)
    {
        lock (_turn)
        {
            BeginChange();
            _rate = Rate();
            var result = _step.Run(batch, State, _rate);
            if (!double.IsFinite(result.Loss)) throw NotFinite(result.Loss);
            Count(result);
            _isWhole = true;
            return result;
        }
    }

    /// <summary>The update of gradients that wait when the epoch is over.</summary>
    private StepResult Close(StepResult last)
    {
        lock (_turn)
        {
            BeginChange();
            _rate = Rate();
            var norm = _step.Close(State, _rate);
            _isWhole = true;
            return last with { Updated = true, GradientNorm = norm };
        }
    }

    private void BeginChange()
    {
        if (_isClosed) throw new OperationCanceledException("the run has been saved and closed");
        _isWhole = false;
    }

    private void Count(StepResult result)
    {
        State.Batch++;
        State.Samples += result.Samples;
        State.LossSum += result.Loss * result.Samples;
        State.Hits += result.Hits;
    }

    /// <summary>The rate of the update that the next batch belongs to: what a run over the images that are not known to be bad would have there.</summary>
    private double Rate()
    {
        var steps = StepsPerEpoch;
        if (steps != _rates.StepsPerEpoch) _rates = Rates(steps);
        return _rates.At((State.Epoch * steps) + (State.Batch / _train.Accumulate));
    }

    private LearningRates Rates(long stepsPerEpoch) => new(_options.Recipe.Schedule, _fullRate, _train.Epochs, stepsPerEpoch);

    private EvaluationMetrics? Evaluate(CancellationToken stop)
    {
        var epoch = State.Epoch + 1;
        var due = epoch == _train.Epochs || (_train.ValidateEvery > 0 && epoch % _train.ValidateEvery == 0);
        if (_evaluator is null || !due) return null;
        var start = _watch.Now;
        var metrics = _evaluator.Run(_session.Weights(_options.Model(1)), _options.Validation!, stop: stop);
        _evaluationSeconds = _watch.Now - start;
        return metrics;
    }

    private void Report(ITrainingLog log, StepResult result)
    {
        log.Step(new(
            State.Epoch + 1, _train.Epochs, State.Batch, _options.Train.Batches, State.Step, result.Loss, State.MeanLoss, State.Top1, _rate,
            result.GradientNorm, _watch.BatchSeconds, _watch.ReaderSeconds, _watch.ImagesPerSecond, Remaining()));
        _watch.Reset();
    }

    private TimeSpan Remaining()
    {
        var epochs = _train.Epochs - State.Epoch;
        var batches = ((long)epochs * _options.Train.Batches) - State.Batch;
        var evaluations = _train.ValidateEvery > 0 ? (double)epochs / _train.ValidateEvery : 1;
        var seconds = (batches * _watch.BatchSeconds) + (evaluations * _evaluationSeconds);
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }

    private bool IsSaveDue() =>
        _options.Checkpoints is not null
        && ((_train.CheckpointEverySteps > 0 && State.Step % _train.CheckpointEverySteps == 0)
            || (_train.CheckpointEveryMinutes > 0 && _watch.Now - _saved >= 60 * _train.CheckpointEveryMinutes));

    private void Save()
    {
        lock (_turn)
        {
            BeginChange();
            Write();
            _isWhole = true;
        }
    }

    /// <summary>Saves the run where it stands, unless it is closed or in the middle of a step.</summary>
    private bool TrySave()
    {
        lock (_turn)
        {
            if (_isClosed || !_isWhole || _options.Checkpoints is null) return false;
            Write();
            return true;
        }
    }

    /// <summary>The best one comes before the latest, so that a run that dies between the two finds it again.</summary>
    private void Write(bool best = false, bool keep = false)
    {
        if (_options.Checkpoints is not { } folder) return;
        State.Seconds += _watch.Uncounted();
        State.BadImages = _options.Train.BadImages;
        var checkpoint = new Checkpoint(_facts, State, [.. _session.Variables.Select(name => (name, _session.Read(name)))]);
        if (best) folder.SaveBest(checkpoint);
        if (keep) folder.SaveEpoch(checkpoint, State.Epoch);
        folder.SaveLatest(checkpoint);
        _saved = _watch.Now;
        _watch.Begin();
    }

    private void SaveAfterFailure()
    {
        try
        {
            TrySave();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TrainingException)
        {
            // The failure that led here is the one to report.
        }
    }

    private RunState Restored(Checkpoint checkpoint)
    {
        CheckpointFit.Check(checkpoint, _facts);
        _endsEpoch = !CheckpointFit.HasSameImages(checkpoint, _facts, _options.Train.Batches, _options.AtNextEpoch, text => _notes.Add((true, text)));
        CheckpointFit.Restore(_session, checkpoint);
        var state = checkpoint.State;
        _notes.Add((false, $"resumed in epoch {state.Epoch + 1} of {_train.Epochs} after {state.Batch} batches, at step {state.Step}"));
        return state;
    }

    private RunState Begun()
    {
        _session.Load(_options.Weights);
        return new();
    }

    private double FullRate()
    {
        var optimizer = _options.Recipe.Optimizer;
        var effective = _train.BatchSize * _train.Accumulate;
        var rate = optimizer.ScaledRate(effective);
        if (optimizer.LinearRuleBatch > 0)
            _notes.Add((false, FormattableString.Invariant($"learning rate {optimizer.LearningRate} × {effective} / {optimizer.LinearRuleBatch} = {rate}")));
        return rate;
    }

    private void Tell(ITrainingLog log)
    {
        foreach (var (isWarning, text) in _notes)
        {
            if (isWarning) log.Warning(text);
            else log.Message(text);
        }

        _notes.Clear();
    }

    private TrainingException NotFinite(double loss)
    {
        var saved = _options.Checkpoints is { HasLatest: true } folder ? $". The latest checkpoint is as it was: {folder.LatestPath}" : "";
        var where = FormattableString.Invariant($"epoch {State.Epoch + 1}, batch {State.Batch + 1}, step {State.Step}");
        return new(
            FormattableString.Invariant($"{where}: the loss is {loss} at learning rate {_rate}; wanted a finite number. ")
            + $"Try a smaller optimizer.learning_rate, a longer schedule.warmup_epochs, or train.clip_gradient_norm{saved}");
    }
}
