using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Data.Sets;
using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Ops;
using Fovea.Recipes;
using Fovea.Recipes.Ablations;
using Fovea.Runs;
using Fovea.Training;
using Fovea.Training.Checkpoints;
using Fovea.Training.Logging;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>The runs of a grid as run folders.</summary>
/// <param name="data">The data, for the runs to note.</param>
/// <param name="output">The folder of the grid.</param>
/// <param name="find">Reads what there is to know of the data.</param>
/// <param name="report">Where their course is told.</param>
internal sealed class AblationRuns(RunData data, string output, Func<DataSet> find, Report report)
{
    private bool _hasIntroduced;

    /// <summary>What there is of a run: finished, begun, or nothing.</summary>
    /// <param name="run">The run.</param>
    /// <param name="resolved">Its recipe with what its model says of preprocessing.</param>
    /// <exception cref="UsageException">Its folder holds a run by another recipe, or on other data.</exception>
    internal AblationRunState StateOf(AblationRun run, TrainRecipe resolved)
    {
        if (RunFolder.CheckpointsOf(FolderOf(run)).LoadLatest(report.Warning) is not { } checkpoint) return AblationRunState.New;
        var theirs = RecipeReader.Parse(checkpoint.Facts.Recipe, $"{checkpoint.Path} (recipe)");
        if (resolved.Train.Precision == Precision.Auto) resolved = resolved with { Train = resolved.Train with { Precision = theirs.Train.Precision } };
        if (RecipeDifference.Between(theirs, resolved) is [var difference, ..])
            throw new UsageException(
                $"{Printable.Of(FolderOf(run))}: holds a run by another recipe ({difference}); wanted another --out, or that folder removed");

        if (RunRecipe.DataOf(FolderOf(run)) is { } known && known != data)
            throw new UsageException($"{Printable.Of(FolderOf(run))}: holds a run on {Printable.Of(known.Place)}; wanted the same --data, or another --out");
        return checkpoint.State.Epoch >= resolved.Train.Epochs ? AblationRunState.Finished : AblationRunState.Begun;
    }

    /// <summary>Trains a run to its end, and tells what it has come to.</summary>
    /// <param name="run">The run.</param>
    /// <param name="underWay">Given what saves the run if it does not stop although it is asked to.</param>
    /// <param name="stop">Asks to stop.</param>
    /// <exception cref="OperationCanceledException">It was asked to stop, and is saved.</exception>
    internal AblationOutcome Train(AblationRun run, Action<ConsoleRun> underWay, CancellationToken stop)
    {
        // Model, data and machine are told once.
        using (var training = _hasIntroduced ? report.Hushed(Open) : Open())
        {
            _hasIntroduced = true;
            underWay(training);
            if (training.Train(stop) == TrainingEnd.Interrupted) throw new OperationCanceledException(stop);
        }

        return OutcomeOf(run);

        ConsoleRun Open() => new(run.Recipe, new(data.Place, FolderOf(run), Resume: true) { Find = find, Noted = data }, report, stop: stop);
    }

    /// <summary>What a finished run has come to.</summary>
    internal AblationOutcome OutcomeOf(AblationRun run)
    {
        var checkpoint = RunFolder.CheckpointsOf(FolderOf(run)).LoadLatest(report.Warning)!;
        var (state, epochs) = (checkpoint.State, Epochs(FolderOf(run)));
        double? Macro(int epoch) => epochs.LastOrDefault(numbers => numbers.Epoch == epoch)?.Macro;
        var parameters = GraphParser.Parse(checkpoint.Facts.Graph).Variables.Where(value => value.Variable!.Kind == VariableKind.Parameter);
        return new()
        {
            Epochs = state.Epoch,
            LastTop1 = state.Scores is [.., var last] && last.Epoch == state.Epoch ? last.Top1 : null,
            BestTop1 = state.BestEpoch > 0 ? state.BestTop1 : null,
            BestEpoch = state.BestEpoch,
            LastMacro = Macro(state.Epoch),
            BestMacro = Macro(state.BestEpoch),
            Seconds = state.Seconds,
            Parameters = parameters.Sum(value => (long)value.Shape.Elements),
        };
    }

    /// <summary>The table of a run; nothing where it is gone.</summary>
    private static IReadOnlyList<EpochNumbers> Epochs(string folder)
    {
        try
        {
            return CsvLog.Read(Path.Combine(folder, "metrics.csv"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string FolderOf(AblationRun run) => Path.Combine(output, run.Folder);
}

/// <summary>What there is of a run.</summary>
internal enum AblationRunState
{
    /// <summary>Nothing.</summary>
    New,

    /// <summary>A checkpoint to go on from.</summary>
    Begun,

    /// <summary>All of its epochs.</summary>
    Finished,
}
