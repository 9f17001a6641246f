using Fovea.Options;

namespace Fovea.Training.Schedules;

/// <summary>How the learning rate changes from step to step; <c>kind</c> says by which rule. Every rule may start with a warm-up, and be restarted.</summary>
/// <remarks>A rule is one record: its options, their ranges and <see cref="Rate"/>. Its row in <see cref="Kinds"/> makes it known to recipes.</remarks>
public abstract record ScheduleOptions : IAlternative
{
    /// <summary>The name of the optimiser's momentum among the numbers that a rule may set.</summary>
    public const string Momentum = "momentum";

    /// <summary>The largest length, in units.</summary>
    protected const double MostUnits = 1e9;

    private const double LeastUnits = 1e-6;

    /// <summary>The default of each rule; its <see cref="Kind"/> is what a recipe names.</summary>
    public static IReadOnlyList<ScheduleOptions> Kinds { get; } =
    [
        new CosineOptions(), new StepOptions(), new ConstantOptions(), new LinearOptions(), new PolynomialOptions(), new ExponentialOptions(),
        new SigmoidOptions(), new TanhOptions(), new InverseSqrtOptions(), new OneCycleOptions(), new CyclicOptions(), new PlateauOptions(),
        new RandomOptions(),
    ];

    /// <summary>The name of the rule in a recipe.</summary>
    public abstract string Kind { get; }

    /// <summary>
    /// How long the rate rises to the full one, in epochs, fractions allowed, at most train.epochs; rounded to whole steps. Default 0.
    /// </summary>
    public double WarmupEpochs { get; init; }

    /// <summary>The same in steps, in place of <see cref="WarmupEpochs"/>; default 0.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>The rate of the first step; 0 to 1e30. Left out (null, the default), each kind of warm-up starts where it says.</summary>
    public double? WarmupLearningRate { get; init; }

    /// <summary>How it rises.</summary>
    public WarmupOptions Warmup { get; init; } = new LinearWarmupOptions();

    /// <summary>
    /// Whether the rule's own time includes the warm-up, so that the warm-up takes the place of the rule's first part; otherwise the rule begins
    /// after it. Default false, but true for kind step, whose epochs are those of the run.
    /// </summary>
    public bool CountsWarmup { get; init; }

    /// <summary>What the lengths below count (<c>length</c>, <c>every</c>, <c>milestones</c> and the like). Default: epochs.</summary>
    public ScheduleUnit Unit { get; init; }

    /// <summary>Whether the rate changes at the start of epochs only, and not from step to step; the warm-up too. Default false.</summary>
    public bool PerEpoch { get; init; }

    /// <summary>The number of the first update, in the warm-up and in the rule: 0, the default, or 1, as in Darknet, which counts an update first.</summary>
    public int CountsFrom { get; init; }

    /// <summary>
    /// How long the rule takes, fractions allowed; it stays at its end afterwards. 0, the default, means to the end of the run; otherwise 1e-6 to 1e9.
    /// </summary>
    public double Length { get; init; }

    /// <summary>How the rule begins anew each time that its length is over; null, the default: it does not.</summary>
    public RestartOptions? Restarts { get; init; }

    /// <summary>Whether the rule follows evaluations, so that a run needs validation images; default false.</summary>
    public virtual bool FollowsScores => false;

    /// <summary>The rate that the rule falls to and not below, so that a run whose full rate is lower is refused; 0, the default, for none.</summary>
    public virtual double Floor => 0;

    /// <summary>The names of numbers beside the rate that the rule sets from step to step, such as <c>momentum</c>; default none.</summary>
    public virtual IReadOnlyList<string> Drives => [];

    /// <summary>The rate of an update.</summary>
    /// <param name="full">The rate that the options of the schedule are about: that which follows the warm-up.</param>
    /// <param name="run">Where the run stands.</param>
    public double RateAt(double full, RunProgress run)
    {
        run = Moment(run);
        var warmup = WarmupOf(run);
        if (run.Step < warmup) return Warmup.RateAt(WarmupLearningRate, full, run.Step, warmup);
        var at = Position(run, warmup);
        return Rate(Restarts is null ? full : full * Math.Pow(Restarts.Decay, at.Restarts), at);
    }

    /// <summary>Another number of an update; during the warm-up what it is at its end.</summary>
    /// <param name="name">One of <see cref="Drives"/>.</param>
    /// <param name="run">Where the run stands.</param>
    /// <exception cref="ArgumentException">The rule does not set that number.</exception>
    public double NumberAt(string name, RunProgress run)
    {
        if (!Drives.Contains(name)) throw new ArgumentException($"the schedule {Kind} does not set '{name}'", nameof(name));
        run = Moment(run);
        return Number(name, Position(run, WarmupOf(run)));
    }

    /// <inheritdoc/>
    public virtual void Check(OptionChecks checks)
    {
        checks.AtLeast(WarmupEpochs, 0, double.PositiveInfinity);
        checks.AtLeast(WarmupSteps, 0, int.MaxValue);
        if (WarmupEpochs > 0 && WarmupSteps > 0 && !checks.IsWrong(nameof(WarmupEpochs)))
            checks.Fail(nameof(WarmupSteps), $"{WarmupSteps} beside warmup_epochs", "either of them");
        if (WarmupLearningRate is { } rate) checks.AtLeast(rate, 0, OptionChecks.LargestScale, nameof(WarmupLearningRate));
        Warmup.Check(checks.In("warmup"));
        checks.AtLeast(CountsFrom, 0, 1);
        if (Length != 0) checks.Within(Length, LeastUnits, MostUnits);
        Restarts?.Check(checks.In("restarts"));
        if (Restarts is not null && Length == 0)
            checks.Fail(nameof(Length), "0 beside restarts", "how long a cycle takes, above 0");
    }

    /// <summary>The rule: the rate of an update that follows the warm-up.</summary>
    /// <param name="full">The rate at the rule's beginning, lowered already by restarts.</param>
    /// <param name="at">Where the rule stands.</param>
    protected abstract double Rate(double full, SchedulePosition at);

    /// <summary>A number that the rule sets beside the rate.</summary>
    /// <param name="name">One of <see cref="Drives"/>.</param>
    /// <param name="at">Where the rule stands.</param>
    protected virtual double Number(string name, SchedulePosition at) => throw new ArgumentException($"'{name}' is not set", nameof(name));

    /// <summary>The updates of the warm-up.</summary>
    /// <param name="run">The run.</param>
    public long WarmupOf(RunProgress run) =>
        Math.Min(run.Steps, WarmupSteps > 0 ? WarmupSteps : (long)Math.Round(Math.Min(WarmupEpochs, run.Epochs) * run.StepsPerEpoch));

    private RunProgress Moment(RunProgress run) => run with { Step = CountsFrom + run.Step - (PerEpoch ? run.Step % run.StepsPerEpoch : 0) };

    private SchedulePosition Position(RunProgress run, long warmup)
    {
        var start = CountsWarmup ? 0 : warmup;
        double unit = Unit == ScheduleUnit.Epochs ? run.StepsPerEpoch : 1;
        var steps = Length > 0 ? Length * unit : Math.Max(1, run.Steps - start);
        var at = new SchedulePosition(Math.Max(0, run.Step - start), steps, unit, Restarts: 0, warmup, run);
        return Restarts?.Find(at) ?? at;
    }
}
