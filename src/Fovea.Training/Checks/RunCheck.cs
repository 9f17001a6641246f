using System.Globalization;
using Fovea.Options;
using Fovea.Training.Logging;

namespace Fovea.Training.Checks;

/// <summary>One thing that keeps runs from learning: how it is recognised, and what to set in its place. A row in <see cref="All"/> makes it known.</summary>
public abstract record RunCheck
{
    /// <summary>All checks, in the order in which their advice is told.</summary>
    public static IReadOnlyList<RunCheck> All { get; } =
    [
        new BatchLargerThanSet(), new FewUpdatesAnEpoch(), new WarmupLongerThanRun(), new RateThatNeverFalls(), new AverageThatRemembersTheStart(),
        new AverageAfterRun(), new ThawAfterRun(),
        new InputLargerThanImages(), new NetLargerThanInput(), new NormOfOneNumber(),
        new LossAboveItsStart(), new ValidationLossAboveChance(),
    ];

    /// <summary>What the check is called, in lower case with underscores.</summary>
    public string Name => OptionNames.SnakeCase(GetType().Name);

    /// <summary>Looks at a run before its first step.</summary>
    /// <param name="run">The run.</param>
    /// <returns>What is wrong; null, the default, where nothing is.</returns>
    public virtual Advice? Before(PlannedRun run) => null;

    /// <summary>Looks at a run after an epoch.</summary>
    /// <param name="run">The run.</param>
    /// <param name="epoch">What came of the epoch.</param>
    /// <param name="firstLoss">The loss of the first batch of the run; null where that was before a resumption.</param>
    /// <returns>What is wrong; null, the default, where nothing is.</returns>
    public virtual Advice? After(PlannedRun run, EpochReport epoch, double? firstLoss) => null;

    /// <summary>The advice of this check.</summary>
    /// <param name="problem">What is, with values.</param>
    /// <param name="key">The option to change.</param>
    /// <param name="value">What to set it to.</param>
    protected Advice Advise(string problem, string key, FormattableString value) => new(Name, problem, key, FormattableString.Invariant(value));

    /// <summary>The advice of a tenth of the learning rate, where a loss says that it is too high.</summary>
    /// <param name="problem">What is, with values.</param>
    /// <param name="run">The run.</param>
    protected Advice AdviseLowerRate(string problem, PlannedRun run) =>
        Advise(problem, "optimizer.learning_rate", $"{run.Recipe.Optimizer.LearningRate / 10:G3}");

    /// <summary>A number for people, in any culture.</summary>
    protected static string Text(double number) => number.ToString("G4", CultureInfo.InvariantCulture);
}
