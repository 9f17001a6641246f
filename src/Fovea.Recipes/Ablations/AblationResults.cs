namespace Fovea.Recipes.Ablations;

/// <summary>What the runs of a grid have come to so far.</summary>
public sealed class AblationResults
{
    private readonly Dictionary<AblationRun, AblationOutcome> _outcomes = [];

    /// <summary>Nothing yet.</summary>
    /// <param name="grid">The grid.</param>
    public AblationResults(AblationGrid grid) => Grid = grid;

    /// <summary>The grid.</summary>
    public AblationGrid Grid { get; }

    /// <summary>What has become of a run; null where it is still to come, or was interrupted.</summary>
    public AblationOutcome? Of(AblationRun run) => _outcomes.GetValueOrDefault(run);

    /// <summary>The runs that have failed.</summary>
    public int Failures => _outcomes.Values.Count(outcome => outcome.Failure is not null);

    /// <summary>What a row has come to.</summary>
    public AblationSummary Of(AblationRow row) => new(
        row, [.. Grid.Runs.Where(run => run.Row == row).Select(Of).OfType<AblationOutcome>().Where(outcome => outcome.Failure is null)]);

    /// <summary>
    /// About how long runs take that are still to come: by the time of an epoch in the finished runs of the same row, or else in all; null while none is
    /// finished.
    /// </summary>
    /// <param name="runs">The runs.</param>
    public TimeSpan? TimeOf(IEnumerable<AblationRun> runs)
    {
        AblationOutcome[] finished = [.. _outcomes.Values.Where(IsTimed)];
        if (finished.Length == 0) return null;
        var seconds = runs.Sum(run => run.Recipe.Train.Epochs * (SecondsPerEpoch(Of(run.Row).Outcomes.Where(IsTimed)) ?? SecondsPerEpoch(finished)!.Value));
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }

    /// <summary>Does all runs in their order; one that fails is noted, and the others go on.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="train">Does a run, or tells of one that was done before; what it throws, but for a cancellation, is the failure of the run.</param>
    /// <param name="changed">Told after each run; null for nobody.</param>
    /// <param name="stop">Asks to stop; heeded between runs, and by <paramref name="train"/> within them.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set; what was done is done.</exception>
    public static AblationResults Run(
        AblationGrid grid, Func<AblationRun, AblationOutcome> train, Action<AblationRun, AblationResults>? changed = null, CancellationToken stop = default)
    {
        var results = new AblationResults(grid);
        foreach (var run in grid.Runs)
        {
            stop.ThrowIfCancellationRequested();
            results.Add(run, Outcome(train, run));
            changed?.Invoke(run, results);
        }

        return results;
    }

    /// <summary>Keeps what has become of a run.</summary>
    public void Add(AblationRun run, AblationOutcome outcome) => _outcomes[run] = outcome;

    private static bool IsTimed(AblationOutcome outcome) => outcome is { Failure: null, Epochs: > 0 };

    private static double? SecondsPerEpoch(IEnumerable<AblationOutcome> outcomes)
    {
        var epochs = outcomes.Sum(outcome => (long)outcome.Epochs);
        return epochs == 0 ? null : outcomes.Sum(outcome => outcome.Seconds) / epochs;
    }

    private static AblationOutcome Outcome(Func<AblationRun, AblationOutcome> train, AblationRun run)
    {
        try
        {
            return train(run);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new() { Failure = e.Message };
        }
    }
}
