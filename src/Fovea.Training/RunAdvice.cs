using Fovea.Training.Checks;
using Fovea.Training.Logging;
using Fovea.Training.State;

namespace Fovea.Training;

/// <summary>What the checks have to say of a run, each of them once.</summary>
internal sealed class RunAdvice
{
    private readonly PlannedRun _run;
    private readonly List<RunCheck> _silent;
    private double? _firstLoss;

    /// <summary>Looks at a run that begins; one that goes on was looked at before.</summary>
    /// <exception cref="TrainingException">It cannot work at all.</exception>
    internal RunAdvice(TrainerOptions options)
    {
        _run = options.Planned;
        _silent = [.. RunCheck.All];
        if (options.From is not null) return;
        Before = Told(check => check.Before(_run));
        var fatal = Before.Where(advice => advice.IsFatal).ToList();
        if (fatal.Count > 0) throw new TrainingException(string.Join('\n', fatal));
    }

    /// <summary>What is wrong before the first step.</summary>
    internal IReadOnlyList<Advice> Before { get; } = [];

    /// <summary>Notes the loss of a batch, of which the first of a run is remembered.</summary>
    /// <param name="state">Where the run stands after it.</param>
    /// <param name="loss">The mean loss of the batch.</param>
    internal void See(RunState state, double loss)
    {
        if (state.Batches == 1) _firstLoss = loss;
    }

    /// <summary>What is wrong after an epoch.</summary>
    internal IReadOnlyList<Advice> After(EpochReport epoch) => Told(check => check.After(_run, epoch, _firstLoss));

    private List<Advice> Told(Func<RunCheck, Advice?> look)
    {
        var told = new List<Advice>();
        foreach (var check in _silent.ToArray())
        {
            if (look(check) is not { } advice) continue;
            told.Add(advice);
            _silent.Remove(check);
        }

        return told;
    }
}
