using Fovea.Options;
using Fovea.Training.Optimizers;

namespace Fovea.Training.Recipes;

/// <summary>All options of a run. A recipe file sets some of them; the others keep their defaults.</summary>
public sealed record TrainRecipe
{
    /// <summary>Which model is trained.</summary>
    public ModelChoice Model { get; init; } = new();

    /// <summary>Which images it sees, and how they become its input.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>What happens to training images beside that.</summary>
    public AugmentOptions Augment { get; init; } = new();

    /// <summary>How gradients change the weights; default <see cref="SgdOptions"/>.</summary>
    public OptimizerOptions Optimizer { get; init; } = new SgdOptions();

    /// <summary>How the learning rate changes: <see cref="CosineOptions"/> (default), <see cref="StepOptions"/> or <see cref="ConstantOptions"/>.</summary>
    public ScheduleOptions Schedule { get; init; } = new CosineOptions();

    /// <summary>What is minimised.</summary>
    public LossOptions Loss { get; init; } = new();

    /// <summary>Averages of the weights, which are evaluated in their place; default <see cref="NoAverageOptions"/>.</summary>
    public AverageOptions Average { get; init; } = new NoAverageOptions();

    /// <summary>The course of the run.</summary>
    public TrainOptions Train { get; init; } = new();

    /// <summary>How averages are kept, be it by <see cref="Average"/> or in short by <see cref="TrainOptions.EmaDecay"/>; null for none.</summary>
    public AverageOptions? Averages =>
        Average is not NoAverageOptions ? Average : Train.EmaDecay > 0 ? new EmaOptions { Decay = Train.EmaDecay } : null;

    /// <summary>Everything that is out of range; empty when the recipe can be used.</summary>
    public IReadOnlyList<OptionProblem> Validate()
    {
        var problems = new List<OptionProblem>();
        var checks = new OptionChecks(problems, "");
        Model.Check(checks.In("model"));
        Data.Check(checks.In("data"));
        Augment.Check(checks.In("augment"));
        Optimizer.Check(checks.In("optimizer"));
        Schedule.Check(checks.In("schedule"));
        CheckWarmup(checks.In("schedule"));
        Loss.Check(checks.In("loss"));
        Average.Check(checks.In("average"));
        Train.Check(checks.In("train"));
        if (Train.EmaDecay > 0 && Average is not NoAverageOptions)
            checks.In("train").Fail(nameof(Train.EmaDecay), FormattableString.Invariant($"{Train.EmaDecay} beside average"), "either of them");
        if (problems.Count == 0) CheckScaledRate(checks.In("optimizer"));
        return problems;
    }

    private void CheckWarmup(OptionChecks checks)
    {
        if (!(Schedule.WarmupEpochs > Train.Epochs)) return;
        checks.Fail(
            nameof(Schedule.WarmupEpochs), FormattableString.Invariant($"{Schedule.WarmupEpochs}"), $"at most train.epochs, which is {Train.Epochs}");
    }

    private void CheckScaledRate(OptionChecks checks)
    {
        var rate = Optimizer.ScaledRate(Train.BatchSize * Train.Accumulate);
        if (rate is >= 1e-37 and <= 1e37) return;
        checks.Fail(
            nameof(Optimizer.LearningRate),
            FormattableString.Invariant($"{Optimizer.LearningRate}, times batch_size · accumulate / linear_rule_batch {rate:G6}"),
            "a product in the range of float32");
    }
}
