using Fovea.Data.Sampling;
using Fovea.Options;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;
using Fovea.Training.Schedules;

namespace Fovea.Training.Recipes;

/// <summary>All options of a run. A recipe file sets some of them; the others keep their defaults.</summary>
public sealed record TrainRecipe
{
    /// <summary>Which model is trained.</summary>
    public ModelChoice Model { get; init; } = new();

    /// <summary>Which images it sees, and how they become its input.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>How often an epoch takes the images of each class; default <see cref="UniformSampler"/>.</summary>
    public Sampler Sampler { get; init; } = new UniformSampler();

    /// <summary>What happens to training images beside that.</summary>
    public AugmentOptions Augment { get; init; } = new();

    /// <summary>
    /// Which parameters stay as they are, and for how long; default none. Frozen parts are evaluated while the rest trains: norms by their running statistics,
    /// which do not move, without dropout and drop-path within them. They have no gradients, momenta, decay and averages.
    /// </summary>
    public FreezeOptions Freeze { get; init; } = new();

    /// <summary>How gradients change the weights; default <see cref="SgdOptions"/>.</summary>
    public OptimizerOptions Optimizer { get; init; } = new SgdOptions();

    /// <summary>How the learning rate changes; default <see cref="CosineOptions"/>.</summary>
    public ScheduleOptions Schedule { get; init; } = new CosineOptions();

    /// <summary>
    /// What is minimised; default <see cref="CrossEntropyOptions"/>. Whatever it is, evaluations and predictions take the softmax of the logits, as images have
    /// one class each: probabilities add up to 1. Of a loss that judges each class alone (bce, sigmoid_focal, eql, eqlv2), whose logits are log-odds, they rank
    /// the classes as the logits do, but are no calibrated probabilities of each class.
    /// </summary>
    public LossOptions Loss { get; init; } = new CrossEntropyOptions();

    /// <summary>Averages of the weights, which are evaluated in their place; default <see cref="NoAverageOptions"/>.</summary>
    public AverageOptions Average { get; init; } = new NoAverageOptions();

    /// <summary>The course of the run.</summary>
    public TrainOptions Train { get; init; } = new();

    /// <summary>Where the options were written, for messages; no option itself. Default: nowhere, as those that a program sets.</summary>
    public OptionPlaces Places { get; private init; } = OptionPlaces.None;

    /// <summary>How averages are kept, be it by <see cref="Average"/> or in short by <see cref="TrainOptions.EmaDecay"/>; null for none.</summary>
    public AverageOptions? Averages =>
        Average is not NoAverageOptions ? Average : Train.EmaDecay > 0 ? new EmaOptions { Decay = Train.EmaDecay } : null;

    /// <summary>The same options, written at known places.</summary>
    /// <param name="places">Where they were written.</param>
    public TrainRecipe WrittenAt(OptionPlaces places) => this with { Places = places };

    /// <summary>Everything that is out of range; empty when the recipe can be used.</summary>
    /// <param name="unread">
    /// The paths of options that are known to be wrong, as one that could not be read: neither they nor what follows from their values is told. Default none.
    /// </param>
    public IReadOnlyList<OptionProblem> Validate(IReadOnlySet<string>? unread = null)
    {
        var problems = new List<OptionProblem>();
        var checks = new OptionChecks(problems, "", unread);
        Model.Check(checks.In("model"));
        Data.Check(checks.In("data"));
        Sampler.Check(checks.In("sampler"));
        Augment.Check(checks.In("augment"));
        Freeze.Check(checks.In("freeze"));
        Optimizer.Check(checks.In("optimizer"));
        Schedule.Check(checks.In("schedule"));
        Loss.Check(checks.In("loss"));
        Average.Check(checks.In("average"));
        Train.Check(checks.In("train"));
        CheckSchedule(checks.In("schedule"), checks.In("train"));
        if (Train.EmaDecay > 0 && Average is not NoAverageOptions)
            checks.In("train").Fail(nameof(Train.EmaDecay), FormattableString.Invariant($"{Train.EmaDecay} beside average"), "either of them");
        if (Freeze.Names.Count > 0 && Optimizer.Around.OfType<RepOptOptions>().Any())
            checks.In("freeze").Fail(nameof(Freeze.Names), "some beside repopt", "none: its kernels begin as what a whole training makes of them");
        if (problems.Count > 0 || unread is { Count: > 0 }) return problems;
        CheckScaledRate(checks.In("optimizer"));
        CheckClipping(checks.In("train"));
        CheckMomentum(checks.In("schedule"));
        CheckFloor(checks.In("schedule"));
        return problems;
    }

    private void CheckSchedule(OptionChecks checks, OptionChecks train)
    {
        if (Schedule.WarmupEpochs > Train.Epochs && Train.Steps == 0 && !train.IsWrong(nameof(Train.Epochs)))
            checks.Fail(
                nameof(Schedule.WarmupEpochs), FormattableString.Invariant($"{Schedule.WarmupEpochs}"),
                $"at most train.epochs, which is {Train.Epochs}: a shorter warm-up, or more epochs");
        if (Schedule.FollowsScores && Train.ValidateEvery == 0 && !train.IsWrong(nameof(Train.ValidateEvery)))
            checks.Fail("kind", Schedule.Kind, "train.validate_every above 0, since this schedule follows evaluations");
    }

    private void CheckFloor(OptionChecks checks)
    {
        if (Train.BatchSize == 0 && Optimizer.LinearRuleBatch > 0) return;
        var full = Optimizer.ScaledRate(Train.BatchSize * Train.Accumulate);
        if (Schedule.Floor <= full) return;
        var scaled = Optimizer.LinearRuleBatch > 0 ? " times batch_size · accumulate / linear_rule_batch" : "";
        checks.Fail(
            "min_learning_rate", FormattableString.Invariant($"{Schedule.Floor}"),
            FormattableString.Invariant($"at most {full:G6}, which is optimizer.learning_rate{scaled}, since the rate falls from there"));
    }

    private void CheckMomentum(OptionChecks checks)
    {
        if (Schedule.Drives.Contains(ScheduleOptions.Momentum) && !Optimizer.TakesMomentum())
            checks.Fail("cycle_momentum", "true", $"false, since optimizer {Optimizer.Kind} has no momentum that a schedule could set");
    }

    private void CheckClipping(OptionChecks checks)
    {
        if (Optimizer.Around.FirstOrDefault(wrapper => wrapper.WantsPlainGradients) is not { } wrapper) return;
        foreach (var (name, bound) in new[]
                 {
                     (nameof(Train.ClipGradientNorm), Train.ClipGradientNorm), (nameof(Train.ClipGradientValue), Train.ClipGradientValue),
                     (nameof(Train.ClipGradientAdaptive), Train.ClipGradientAdaptive),
                 })
            if (bound > 0)
                checks.Fail(name, FormattableString.Invariant($"{bound}"), $"0, since clipped gradients break the equivalence of {wrapper.Kind}");
    }

    private void CheckScaledRate(OptionChecks checks)
    {
        var rate = Optimizer.ScaledRate(Math.Max(1, Train.BatchSize) * Train.Accumulate);
        if (rate is >= 1e-37 and <= 1e37) return;
        checks.Fail(
            nameof(Optimizer.LearningRate),
            FormattableString.Invariant($"{Optimizer.LearningRate}, times batch_size · accumulate / linear_rule_batch {rate:G6}"),
            "a product in the range of float32");
    }
}
