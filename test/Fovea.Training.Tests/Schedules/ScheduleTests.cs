using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;
using Fovea.Training.State;
using Fovea.Training.Steps;

namespace Fovea.Training.Tests.Schedules;

/// <summary>Rates by the formulas of their sources; the fixtures of timm, PyTorch and pytorch-cifar-tricks are compared elsewhere.</summary>
public class ScheduleTests
{
    private const double Full = 0.1;

    /// <summary>Halves the rate in each epoch: a schedule that a program brings along.</summary>
    private sealed record Halving : ScheduleOptions
    {
        public override string Kind => "halving";

        protected override double Rate(double full, SchedulePosition at) => full * Math.Pow(0.5, Math.Floor(at.Time));
    }

    private static double[] Rates(ScheduleOptions schedule, int epochs, int stepsPerEpoch = 1, double full = Full) =>
        [.. Enumerable.Range(0, epochs * stepsPerEpoch).Select(step => schedule.RateAt(full, new(step, stepsPerEpoch, epochs)))];

    private static void AssertRates(IEnumerable<double> expected, double[] found)
    {
        var wanted = expected.ToArray();
        Assert.Equal(wanted.Length, found.Length);
        for (var i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], found[i], 1e-12);
    }

    [Fact]
    [Trait("row", "S0-13")]
    public void Warm_up_and_cosine_are_those_of_the_PyTorch_peer()
    {
        const int n = 390;
        const int total = 10 * n;
        var found = Rates(new CosineOptions { WarmupEpochs = 1 }, epochs: 10, n);
        for (var s = 0; s < total; s++)
        {
            var expected = Full * (s < n ? (double)(s + 1) / n : .5 * (1 + Math.Cos(Math.PI * (s - n) / (total - n))));
            Assert.Equal(expected, found[s], 1e-15);
        }
    }

    [Fact]
    public void A_run_of_nothing_but_warm_up_ends_at_the_full_rate() =>
        Assert.Equal(Full, Rates(new CosineOptions { WarmupEpochs = 3 }, epochs: 3, stepsPerEpoch: 5)[14], 1e-15);

    [Fact]
    public void Steps_fall_at_the_start_of_epochs_not_of_steps()
    {
        var found = Rates(new StepOptions { Every = 2, Gamma = 0.5 }, epochs: 6, stepsPerEpoch: 3);
        Assert.Equal([Full, Full, Full / 2, Full / 2, Full / 4], new[] { 0, 5, 6, 11, 12 }.Select(s => found[s]));
    }

    /// <summary>EfficientNets are trained with falls every 2.4 epochs.</summary>
    [Fact]
    public void Steps_may_fall_within_epochs()
    {
        var found = Rates(new StepOptions { Every = 2.5, Gamma = 0.5 }, epochs: 6, stepsPerEpoch: 4);
        Assert.Equal([Full, Full, Full / 2, Full / 2, Full / 4], new[] { 0, 9, 10, 19, 20 }.Select(s => found[s]));
    }

    [Fact]
    [Trait("row", "S4-05")]
    public void Steps_may_count_updates_and_have_a_factor_each_as_Darknet_has_them()
    {
        var schedule = new StepOptions { Unit = ScheduleUnit.Steps, Milestones = [2, 4], Scales = [0.5, 0.1] };
        AssertRates([Full, Full, Full / 2, Full / 2, Full / 20, Full / 20], Rates(schedule, epochs: 3, stepsPerEpoch: 2));
    }

    [Fact]
    public void A_schedule_per_epoch_stays_the_same_within_each()
    {
        var schedule = new CosineOptions { WarmupEpochs = 1, WarmupLearningRate = 0, PerEpoch = true };
        var once = Rates(schedule, epochs: 4);
        AssertRates(once.SelectMany(rate => Enumerable.Repeat(rate, 3)), Rates(schedule, epochs: 4, stepsPerEpoch: 3));
        Assert.Equal([0, Full], once.Take(2));
    }

    [Fact]
    public void Each_kind_of_warm_up_rises_by_its_rule()
    {
        double[] Rising(WarmupOptions warmup, double? first) =>
            [.. Rates(new ConstantOptions { WarmupSteps = 4, WarmupLearningRate = first, Warmup = warmup }, epochs: 1, stepsPerEpoch: 6)];
        AssertRates([0.025, 0.05, 0.075, 0.1, 0.1, 0.1], Rising(new LinearWarmupOptions(), null));
        AssertRates([0, 0.025, 0.05, 0.075, 0.1, 0.1], Rising(new LinearWarmupOptions(), 0));
        AssertRates([0.01, 0.01, 0.01, 0.01, 0.1, 0.1], Rising(new ConstantWarmupOptions(), 0.01));
        AssertRates([0.1 / 3, 0.1 / 3, 0.1 / 3, 0.1 / 3, 0.1, 0.1], Rising(new ConstantWarmupOptions(), null));
        AssertRates([0.001, 0.001 * Math.Sqrt(10), 0.01, 0.01 * Math.Sqrt(10), 0.1, 0.1], Rising(new ExponentialWarmupOptions(), 0.001));
        AssertRates([0, 0.1 / 256, 0.1 / 16, 0.1 * 81 / 256, 0.1, 0.1], Rising(new PowerWarmupOptions(), null));
    }

    [Fact]
    [Trait("row", "S4-05")]
    public void Darknets_policies_follow_from_their_formulas()
    {
        const int max = 20;
        var steps = Enumerable.Range(0, max).ToArray();
        ScheduleOptions Of(ScheduleOptions schedule) => schedule with { Unit = ScheduleUnit.Steps };
        AssertRates(steps.Select(i => Full * Math.Pow(1 - ((double)i / max), 4)), Rates(Of(new PolynomialOptions { Power = 4 }), 1, max));
        AssertRates(steps.Select(i => Full * Math.Pow(0.9, i)), Rates(Of(new ExponentialOptions { Gamma = 0.9 }), 1, max));
        AssertRates(
            steps.Select(i => Full / (1 + Math.Exp(0.3 * (i - 8)))), Rates(Of(new SigmoidOptions { Gamma = 0.3, Center = 8 }), 1, max));
        AssertRates(steps.Select(i => Full * Math.Pow(0.5, i / 6)), Rates(Of(new StepOptions { Every = 6, Gamma = 0.5 }), 1, max));
        var burned = Rates(Of(new StepOptions { Milestones = [10], WarmupSteps = 4, Warmup = new PowerWarmupOptions() }), 1, max);
        AssertRates(steps.Select(i => i < 4 ? Full * Math.Pow(i / 4.0, 4) : i < 10 ? Full : Full / 10), burned);
        var random = Rates(Of(new RandomOptions { Seed = 3 }), 1, max);
        Assert.All(random, rate => Assert.InRange(rate, 0, Full));
        Assert.Equal(max, random.Distinct().Count());
        Assert.Equal(random, Rates(Of(new RandomOptions { Seed = 3 }), 1, max));
    }

    /// <summary>get_current_rate of AlexeyAB/darknet, whose update t, from 0, has the number t + 1.</summary>
    [Fact]
    [Trait("row", "S4-05")]
    public void Updates_are_counted_from_one_as_Darknet_does()
    {
        const int max = 12;
        var numbers = Enumerable.Range(1, max).ToArray();
        ScheduleOptions Of(ScheduleOptions schedule) => schedule with { Unit = ScheduleUnit.Steps, CountsFrom = 1, CountsWarmup = true };
        AssertRates(
            numbers.Select(i => i < 4 ? Full * Math.Pow(i / 4.0, 4) : Full * Math.Pow(1 - ((double)i / max), 2)),
            Rates(Of(new PolynomialOptions { Power = 2, WarmupSteps = 4, Warmup = new PowerWarmupOptions() }), 1, max));
        AssertRates(
            numbers.Select(i => i < 5 ? Full : Full / 10), Rates(Of(new StepOptions { Milestones = [5] }), 1, max));
        AssertRates(
            numbers.Select(i => Cycle(i, 3, 2)),
            Rates(Of(new CosineOptions { Length = 3, MinLearningRate = 1e-3, Restarts = new() { Multiplier = 2, EndsLate = true } }), 1, max));
        AssertRates(
            numbers.Select(i => Cycle(i, 3, 1)),
            Rates(Of(new CosineOptions { Length = 3, MinLearningRate = 1e-3, Restarts = new() { EndsLate = true } }), 1, max));

        static double Cycle(int number, int length, int multiplier)
        {
            var start = 0;
            for (; start + length < number; length *= multiplier) start += length;
            return 1e-3 + (0.5 * (Full - 1e-3) * (1 + Math.Cos((number - start) * Math.PI / length)));
        }
    }

    [Fact]
    [Trait("row", "S1-02")]
    public void MindCVs_cosine_stays_at_its_end_and_its_cycles_get_lower()
    {
        var plain = Rates(new CosineOptions { WarmupEpochs = 1, Length = 3, MinLearningRate = 1e-3 }, epochs: 6);
        AssertRates([1e-3, 1e-3], plain[4..]);
        var cycles = Rates(new CosineOptions { Length = 2, Restarts = new() { Cycles = 2, Decay = 0.5 }, MinLearningRate = 1e-3 }, epochs: 6);
        AssertRates([Full, 0.0505, Full / 2, 0.0255, 1e-3, 1e-3], cycles);
    }

    [Fact]
    [Trait("row", "S1-02")]
    public void Any_rule_may_be_restarted()
    {
        AssertRates([0.1, 0.05, 0.1, 0.05, 0.1, 0.05], Rates(new LinearOptions { Length = 2, Restarts = new() }, epochs: 6));
        AssertRates([0.1, 0.05, 0.1, 0.05, 0.025, 0.0125], Rates(new Halving { Length = 2, Restarts = new() { Multiplier = 2 } }, epochs: 6));
    }

    /// <summary>The cycle that a moment lies in, and how much of it is over.</summary>
    private sealed record Counting : ScheduleOptions
    {
        public override string Kind => "counting";

        protected override double Rate(double full, SchedulePosition at) => at.Restarts + at.Share;
    }

    [Theory]
    [InlineData(2, 2, 0)]
    [InlineData(3, 1.5, 0)]
    [InlineData(0.25, 1.25, 0)]
    [InlineData(0.3, 1.01, 0)]
    [InlineData(0.07, 1.0000001, 0)]
    [InlineData(2, 1000, 0)]
    [InlineData(0.25, 1.25, 5)]
    [InlineData(3, 2, 3)]
    public void The_cycle_of_a_moment_is_that_which_counting_finds(double length, double multiplier, int cycles)
    {
        const int stepsPerEpoch = 8;
        var schedule = new Counting { Length = length, Restarts = new() { Multiplier = multiplier, Cycles = cycles } };
        var found = Rates(schedule, epochs: 30, stepsPerEpoch);
        for (var step = 0; step < found.Length; step++)
        {
            var (left, steps, cycle) = ((double)step, length * stepsPerEpoch, 0);
            for (; left >= steps && (cycles == 0 || cycle < cycles - 1); cycle++) (left, steps) = (left - steps, steps * multiplier);
            Assert.Equal(cycle + Math.Min(1, left / steps), found[step], 1e-9 * (1 + cycle));
        }
    }

    [Fact]
    public void Cycles_without_number_are_found_without_counting_them()
    {
        var schedule = new Counting { Length = 1e-6, Restarts = new() { Multiplier = 1.0000001 } };
        var run = new RunProgress(999_999, 1000, 1000);
        var expected = Math.Log(1 + (run.Step / 1e-3 * 1e-7)) / Math.Log(1.0000001);
        Assert.InRange(schedule.RateAt(Full, run), expected - 1, expected + 1);
        Assert.InRange(new CosineOptions { Length = 1e-6, Restarts = new() { Multiplier = 1 + 1e-15 } }.RateAt(Full, run), 0, Full);
    }

    [Fact]
    public void Inverse_square_root_goes_on_from_the_warm_up_as_the_transformers()
    {
        var found = Rates(new InverseSqrtOptions { WarmupSteps = 4 }, epochs: 1, stepsPerEpoch: 20);
        for (var s = 4; s < 20; s++) Assert.Equal(Full * Math.Sqrt(4.0 / s), found[s], 1e-12);
    }

    [Fact]
    public void Triangles_may_get_lower()
    {
        var halving = new CyclicOptions { Up = 2, Mode = CyclicMode.Halving };
        AssertRates([0, 0.05, 0.1, 0.05, 0, 0.025, 0.05, 0.025], Rates(halving, epochs: 8));
        AssertRates([0, 0.045, 0.081, 0.03645], Rates(halving with { Mode = CyclicMode.Exponential, Gamma = 0.9 }, epochs: 4));
    }

    [Fact]
    public void One_cycle_in_three_phases_falls_as_long_as_it_rose()
    {
        var found = Rates(new OneCycleOptions { ThreePhases = true, RisingShare = 0.4, Annealing = Annealing.Linear, InitialDivisor = 10 }, epochs: 10);
        AssertRates([0.01, 0.04, 0.07, 0.1, 0.07, 0.04, 0.01], found[..7]);
        Assert.Equal(1e-6, found[^1], 1e-12);
    }

    [Fact]
    public void A_plateau_lowers_the_rate_by_what_evaluations_found()
    {
        var schedule = new PlateauOptions { Patience = 1, Gamma = 0.5, Cooldown = 1, MinLearningRate = 0.03, Metric = PlateauMetric.Loss };
        double After(params double[] losses) =>
            schedule.RateAt(Full, new RunProgress(losses.Length, 1, 20, [.. losses.Select((loss, i) => new EpochScore(i + 1, 0, loss))]));
        Assert.Equal(Full, After());
        Assert.Equal(Full, After(2, 2));
        Assert.Equal(Full / 2, After(2, 2, 2));
        Assert.Equal(Full / 2, After(2, 2, 2, 2, 2));
        Assert.Equal(0.03, After(2, 2, 2, 2, 2, 2));
        Assert.Equal(Full, After(2, 2, 1, 1, 0.5));
    }

    [Fact]
    public void A_number_that_the_rule_does_not_set_is_refused()
    {
        Assert.Equal(["momentum"], new OneCycleOptions().Drives);
        Assert.Empty(new OneCycleOptions { CycleMomentum = false }.Drives);
        Assert.Throws<ArgumentException>(() => new CosineOptions().NumberAt("momentum", new(0, 1, 1)));
    }

    [Fact]
    public void A_schedule_of_a_program_trains()
    {
        using var trainer = new Trainer(Runs.Options(Runs.Recipe() with { Schedule = new Halving() }));
        var log = new RecordingLog();
        trainer.Run(log, TestContext.Current.CancellationToken);
        Assert.Equal([0.1, 0.05], log.Epochs.Select(epoch => epoch.LearningRate));
    }

    [Fact]
    public void A_plateau_wants_validation_images()
    {
        var options = Runs.Options(Runs.Recipe() with { Schedule = new PlateauOptions() }) with { Validation = null };
        Assert.Equal(
            "schedule.kind plateau follows evaluations; there are no validation images", Assert.Throws<TrainingException>(() => new Trainer(options)).Message);
    }

    [Fact]
    public void A_schedule_sets_the_momentum_of_the_optimiser_from_step_to_step()
    {
        StepGraph Step(ScheduleOptions schedule) => TrainingGraph.Build(TinyModel.Net(4), TrainingGraphOptions.Of(new() { Schedule = schedule }, []));
        var number = Step(new OneCycleOptions()).Numbers.Single(number => number.Name == "momentum");
        Assert.Equal(0.75, number.At(new(1, 0.1, 0.75)), 1e-12);
        Assert.DoesNotContain(Step(new CosineOptions()).Numbers, found => found.Name == "momentum");
    }

    [Fact]
    public void A_momentum_that_is_always_the_same_trains_as_that_of_the_option()
    {
        var schedule = new OneCycleOptions { BaseMomentum = 0.875, MaxMomentum = 0.875 };
        var recipe = Runs.Recipe(optimizer: new SgdOptions { Momentum = 0.875, Nesterov = true });
        var set = Losses(recipe with { Schedule = schedule });
        Assert.Equal(Losses(recipe with { Schedule = schedule with { CycleMomentum = false } }), set);
        Assert.NotEqual(Losses(recipe with { Schedule = schedule with { BaseMomentum = 0.5 } }), set);
    }

    [Fact]
    public void A_momentum_is_not_set_where_the_optimiser_has_none()
    {
        var recipe = new TrainRecipe { Schedule = new OneCycleOptions(), Optimizer = new SgdOptions { Momentum = 0 } };
        Assert.Equal(
            ["schedule.cycle_momentum: true; wanted false, since optimizer sgd has no momentum that a schedule could set"],
            recipe.Validate().Select(problem => problem.ToString()));
        Assert.Empty((recipe with { Schedule = new OneCycleOptions { CycleMomentum = false } }).Validate());
    }

    private static double[] Losses(TrainRecipe recipe)
    {
        using var trainer = new Trainer(Runs.Options(recipe));
        var log = new RecordingLog();
        trainer.Run(log, TestContext.Current.CancellationToken);
        return [.. log.Steps.Select(step => (double)step.Loss)];
    }
}
