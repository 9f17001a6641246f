using Fovea.Execution;
using Fovea.Training.Checkpoints;
using Fovea.Training.Logging;
using Fovea.Training.Recipes;
using Fovea.Training.State;
using Fovea.Training.Weights;

namespace Fovea.Training;

/// <summary>Saves a run where it stands between two changes: variables and state change, and are saved, under one lock.</summary>
internal sealed class RunSaves(TrainerOptions options, ISession session, RunState state, Stopwatches watch)
{
    private readonly TrainOptions _train = options.Recipe.Train;

    /// <summary>What was held back is what was held back when the run began: the rest it has been trained on.</summary>
    private readonly RunFacts _facts = options.From is { } from ? options.Facts with { HeldBack = from.Facts.HeldBack } : options.Facts;

    private readonly Lock _turn = new();
    private double _saved;

    /// <summary>Whether variables and state belong to the same moment, so that a checkpoint can be made of them.</summary>
    internal bool IsWhole { get; private set; } = true;

    /// <summary>Whether the run has been saved for good, or disposed of: nothing changes any more.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>Changes variables or state. Where that fails, the run is not whole any more.</summary>
    /// <exception cref="OperationCanceledException">The run is closed.</exception>
    internal T Change<T>(Func<T> change)
    {
        lock (_turn)
        {
            if (IsClosed) throw new OperationCanceledException("the run has been saved and closed");
            IsWhole = false;
            var result = change();
            IsWhole = true;
            return result;
        }
    }

    /// <summary>Saves after an update, where the recipe has it so.</summary>
    internal void SaveIfDue()
    {
        if (options.Checkpoints is null) return;
        var isDue = (_train.CheckpointEverySteps > 0 && state.Step % _train.CheckpointEverySteps == 0)
            || (_train.CheckpointEveryMinutes > 0 && watch.Now - _saved >= 60 * _train.CheckpointEveryMinutes);
        if (isDue) Change(() => Write());
    }

    /// <summary>Ends the present epoch and saves.</summary>
    internal void SaveEpoch(EpochReport report) => Change(() =>
    {
        (state.BestTop1, state.BestEpoch) = (report.BestTop1, report.BestEpoch);
        if (report.Validation is { } found) state.Scores = [.. state.Scores, new(state.Epoch + 1, found.Top1, found.Loss)];
        state.NextEpoch();
        return Write(report.IsBest, keep: _train.CheckpointEvery > 0 && state.Epoch % _train.CheckpointEvery == 0);
    });

    /// <summary>Leaves of a finished run the checkpoints that its recipe keeps.</summary>
    /// <param name="warn">Told of what cannot be deleted.</param>
    internal void Finish(Action<string> warn)
    {
        if (options.Checkpoints is not { } folder || _train.Keep.Contains(KeptCheckpoint.Previous)) return;
        try
        {
            folder.DeletePrevious();
        }
        catch (IOException e)
        {
            warn(e.Message);
        }
    }

    /// <summary>Saves the run where it stands, unless it is closed or in the middle of a step.</summary>
    /// <returns>Whether a checkpoint was written.</returns>
    internal bool TrySave()
    {
        lock (_turn) return !IsClosed && IsWhole && Write();
    }

    /// <summary>As <see cref="TrySave"/>, after a failure, which is the one to report.</summary>
    internal void TrySaveAfterFailure()
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

    /// <summary>As <see cref="TrySave"/>; where a checkpoint was written, nothing changes after it.</summary>
    internal bool SaveAndClose()
    {
        lock (_turn)
        {
            var isSaved = TrySave();
            IsClosed |= isSaved;
            return isSaved;
        }
    }

    /// <summary>Waits for a change that is under way; there is none after it.</summary>
    internal void Close()
    {
        lock (_turn) IsClosed = true;
    }

    /// <summary>The best one comes before the latest, so that a run that dies between the two finds it again.</summary>
    /// <returns>Whether the run keeps checkpoints.</returns>
    private bool Write(bool best = false, bool keep = false)
    {
        if (options.Checkpoints is not { } folder) return false;
        state.Seconds += watch.Uncounted();
        state.BadImages = options.Train.BadImages;
        var checkpoint = new Checkpoint(_facts, state, [.. session.Kept().Select(name => (name, session.Read(name)))]);
        if (best) SaveBest(folder, checkpoint);
        if (keep) folder.SaveEpoch(checkpoint, state.Epoch);
        folder.SaveLatest(checkpoint);
        _saved = watch.Now;
        watch.Begin();
        return true;
    }

    private void SaveBest(CheckpointFolder folder, Checkpoint checkpoint)
    {
        if (_train.Keep.Contains(KeptCheckpoint.BestState)) folder.SaveBest(checkpoint);
        else if (_train.Keep.Contains(KeptCheckpoint.Best)) folder.SaveBest(checkpoint.WeightsAlone());
        else folder.DeleteBest();
    }
}
