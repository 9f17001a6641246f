using Fovea.Data.Augment;
using Fovea.Options;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Training.Tests.Recipes;

public class TrainRecipeTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(new TrainRecipe().Validate());

    [Fact]
    public void Every_kind_is_valid_as_it_comes_but_steps_want_to_know_when() =>
        Assert.Equal(
            ["step"],
            ScheduleOptions.Kinds.Select(schedule => (schedule.Kind, new TrainRecipe { Schedule = schedule }.Validate().Count))
                .Concat(LossOptions.Kinds.Select(loss => (loss.Kind, new TrainRecipe { Loss = loss }.Validate().Count)))
                .Concat(OptimizerOptions.Kinds.Select(optimizer => (optimizer.Kind, new TrainRecipe { Optimizer = optimizer }.Validate().Count)))
                .Where(pair => pair.Item2 > 0).Select(pair => pair.Kind));

    [Fact]
    public void All_problems_are_told_at_once_with_path_value_and_what_was_wanted()
    {
        var recipe = new TrainRecipe
        {
            Optimizer = new SgdOptions { LearningRate = 0, Momentum = 1.5 },
            Schedule = new CosineOptions { WarmupEpochs = 20 },
            Train = new TrainOptions { BatchSize = -1 },
            Data = new DataOptions { Std = [1, 0, 1] },
        };
        Assert.Equal(
            [
                "data.std: [1, 0, 1]; wanted fractions of white, 0.001 to 2",
                "optimizer.learning_rate: 0; wanted above 0",
                "optimizer.momentum: 1.5; wanted at least 0 and below 1",
                "train.batch_size: -1; wanted at least 0",
                "schedule.warmup_epochs: 20; wanted at most train.epochs, which is 10: a shorter warm-up, or more epochs",
            ],
            recipe.Validate().Select(problem => problem.ToString()));
    }

    [Fact]
    public void What_follows_from_a_value_that_is_told_is_not_told()
    {
        var recipe = new TrainRecipe
        {
            Schedule = new TanhOptions { WarmupEpochs = 5, Lower = 200 },
            Train = new TrainOptions { Epochs = -1, ValidateEvery = -1, EarlyStop = 3 },
            Freeze = new() { Names = ["stem"], Thaw = [new() { After = -3, Names = ["a"] }, new() { After = -4, Names = ["b"] }] },
            Data = new() { Progressive = [new() { Until = 0.5, ImageSize = 32 }, new() { Until = 0.5, ImageSize = 64 }] },
        };
        Assert.Equal(
            ["data.progressive[1].until", "freeze.thaw[0].after", "freeze.thaw[1].after", "schedule.lower", "train.epochs", "train.validate_every"],
            recipe.Validate().Select(problem => problem.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_follows_from_an_option_that_could_not_be_read_is_not_told()
    {
        var recipe = new TrainRecipe { Schedule = new CosineOptions { WarmupEpochs = 20 }, Train = new() { BatchSize = -1 } };
        Assert.Equal(["train.batch_size"], recipe.Validate(new HashSet<string> { "train.epochs" }).Select(problem => problem.Path));
    }

    [Fact]
    public void Numbers_that_are_none_are_out_of_range() =>
        Assert.Equal(
            ["loss.label_smoothing", "train.ema_decay"],
            new TrainRecipe { Loss = new CrossEntropyOptions { LabelSmoothing = double.NaN }, Train = new() { EmaDecay = double.NaN } }
                .Validate().Select(problem => problem.Path));

    private static readonly Dictionary<string, TrainRecipe> s_outOfRange = new()
    {
        ["train.batch_size: 2147483647; wanted at least 0 and at most 65536"] = new() { Train = new() { BatchSize = int.MaxValue } },
        ["train.epochs: 2147483647; wanted at least 1 and at most 1000000"] = new() { Train = new() { Epochs = int.MaxValue } },
        ["train.accumulate: 2147483647; wanted at least 1 and at most 10000"] = new() { Train = new() { Accumulate = int.MaxValue } },
        ["train.accumulate: -1; wanted at least 1"] = new() { Train = new() { Accumulate = -1 } },
        ["train.clip_gradient_norm: 1E-50; wanted above 0, from 1E-30 to 1E+30"] = new() { Train = new() { ClipGradientNorm = 1e-50 } },
        ["train.clip_gradient_norm: Infinity; wanted above 0, from 1E-30 to 1E+30"] = new() { Train = new() { ClipGradientNorm = double.PositiveInfinity } },
        ["train.ema_decay: 0.9999999999, which is 1 in float32; wanted at least 0 and below 1"] = new() { Train = new() { EmaDecay = 0.9999999999 } },
        ["train.ema_decay: 0.9 beside average; wanted either of them"] = new() { Train = new() { EmaDecay = 0.9 }, Average = new SwaOptions() },
        ["average.every: 0; wanted at least 1"] = new() { Average = new SwaOptions { Every = 0 } },
        ["optimizer.layer_decay: 0; wanted above 0"] = new() { Optimizer = new SgdOptions { LayerDecay = 0 } },
        ["optimizer.no_decay: an empty name; wanted names of parameters, as stem.*"] = new() { Optimizer = new SgdOptions { NoDecay = ["a", ""] } },
        ["train.checkpoint_every_minutes: NaN; wanted at least 0"] = new() { Train = new() { CheckpointEveryMinutes = double.NaN } },
        ["train.checkpoint_every_minutes: Infinity; wanted at least 0 and at most 1000000"] =
            new() { Train = new() { CheckpointEveryMinutes = double.PositiveInfinity } },
        ["optimizer.learning_rate: NaN; wanted above 0"] = new() { Optimizer = new SgdOptions { LearningRate = double.NaN } },
        ["optimizer.learning_rate: -0.1; wanted above 0"] = new() { Optimizer = new SgdOptions { LearningRate = -0.1 } },
        ["optimizer.learning_rate: Infinity; wanted above 0, from 1E-30 to 1E+30"] =
            new() { Optimizer = new SgdOptions { LearningRate = double.PositiveInfinity } },
        ["optimizer.learning_rate: 1E+39; wanted above 0, from 1E-30 to 1E+30"] = new() { Optimizer = new SgdOptions { LearningRate = 1e39 } },
        ["optimizer.learning_rate: 1E-320; wanted above 0, from 1E-30 to 1E+30"] = new() { Optimizer = new SgdOptions { LearningRate = 1e-320 } },
        ["optimizer.learning_rate: 1E+30, times batch_size · accumulate / linear_rule_batch 6.5536E+38; wanted a product in the range of float32"] =
            new() { Optimizer = new SgdOptions { LearningRate = 1e30, LinearRuleBatch = 1 }, Train = new() { BatchSize = 65536, Accumulate = 10000 } },
        ["optimizer.linear_rule_batch: -1; wanted at least 0"] = new() { Optimizer = new SgdOptions { LinearRuleBatch = -1 } },
        ["optimizer.weight_decay: 1E+39; wanted at least 0 and at most 1000"] = new() { Optimizer = new SgdOptions { WeightDecay = 1e39 } },
        ["optimizer.momentum: 0.99999999999, which is 1 in float32; wanted at least 0 and below 1"] =
            new() { Optimizer = new SgdOptions { Momentum = 0.99999999999 } },
        ["optimizer.momentum: 1; wanted at least 0 and below 1"] = new() { Optimizer = new SgdOptions { Momentum = 1 } },
        ["optimizer.epsilon: 1E-46; wanted above 0, from 1E-30 to 1"] = new() { Optimizer = new AdamWOptions { Epsilon = 1e-46 } },
        ["optimizer.beta2: -0.5; wanted at least 0 and below 1"] = new() { Optimizer = new AdamWOptions { Beta2 = -0.5 } },
        ["schedule.warmup_epochs: -1; wanted at least 0"] = new() { Schedule = new CosineOptions { WarmupEpochs = -1 } },
        ["schedule.warmup_epochs: Infinity; wanted at most train.epochs, which is 10: a shorter warm-up, or more epochs"] =
            new() { Schedule = new CosineOptions { WarmupEpochs = double.PositiveInfinity } },
        ["schedule.warmup_learning_rate: NaN; wanted at least 0"] = new() { Schedule = new CosineOptions { WarmupLearningRate = double.NaN } },
        ["schedule.min_learning_rate: -1; wanted at least 0"] = new() { Schedule = new CosineOptions { MinLearningRate = -1 } },
        ["schedule.gamma: NaN; wanted above 0 and at most 1"] = new() { Schedule = new StepOptions { Every = 1, Gamma = double.NaN } },
        ["schedule.warmup_steps: 5 beside warmup_epochs; wanted either of them"] =
            new() { Schedule = new CosineOptions { WarmupEpochs = 1, WarmupSteps = 5 } },
        ["schedule.warmup.power: 0; wanted above 0"] = new() { Schedule = new CosineOptions { Warmup = new PowerWarmupOptions { Power = 0 } } },
        ["schedule.length: 0 beside restarts; wanted how long a cycle takes, above 0"] = new() { Schedule = new CosineOptions { Restarts = new() } },
        ["schedule.length: 1E-09; wanted 1E-06 to 1000000000"] =
            new() { Schedule = new CosineOptions { Length = 1e-9, Restarts = new() { Multiplier = 1.0000001 } } },
        ["schedule.length: NaN; wanted 1E-06 to 1000000000"] = new() { Schedule = new CosineOptions { Length = double.NaN } },
        ["schedule.milestones: [2, 4, 4], of which [2] is 4; wanted whole numbers that increase from at least 1"] =
            new() { Schedule = new StepOptions { Milestones = [2, 4, 4] } },
        ["train.keep: [best, best], in which best stands twice; wanted each once"] =
            new() { Train = new() { Keep = [KeptCheckpoint.Best, KeptCheckpoint.Best] } },
        ["train.keep: [latest, latest, latest], in which latest stands 3 times; wanted each once"] =
            new() { Train = new() { Keep = [KeptCheckpoint.Latest, KeptCheckpoint.Latest, KeptCheckpoint.Latest] } },
        ["schedule.restarts.multiplier: 0.5; wanted 1 to 1000"] =
            new() { Schedule = new CosineOptions { Length = 1, Restarts = new() { Multiplier = 0.5 } } },
        ["schedule.scales: [0.5]; wanted none, or 2 factors above 0, at most 1000, one for each milestone"] =
            new() { Schedule = new StepOptions { Milestones = [1, 2], Scales = [0.5] } },
        ["schedule.rising_share: 1; wanted above 0 and below 1"] = new() { Schedule = new OneCycleOptions { RisingShare = 1 } },
        ["schedule.max_momentum: 0.8; wanted at least 0.85 and below 1"] = new() { Schedule = new OneCycleOptions { MaxMomentum = 0.8 } },
        ["optimizer.around[2].kind: lookahead once more; wanted each kind once"] =
            new() { Optimizer = new SgdOptions { Around = [new LookaheadOptions(), new SamOptions(), new LookaheadOptions { Every = 10 }] } },
        ["schedule.upper: -8; wanted above lower, -7"] = new() { Schedule = new TanhOptions { Upper = -8 } },
        ["schedule.kind: plateau; wanted train.validate_every above 0, since this schedule follows evaluations"] =
            new() { Schedule = new PlateauOptions(), Train = new() { ValidateEvery = 0 } },
        ["loss.label_smoothing: 1; wanted at least 0 and below 1"] = new() { Loss = new BceOptions { LabelSmoothing = 1 } },
        ["loss.class_weights: [1, -1], of which [1] is -1; wanted a number from 0 to 1E+06 for each class"] =
            new() { Loss = new CrossEntropyOptions { ClassWeights = [1, -1] } },
        ["loss.class_weights: nothing but zeros; wanted a number above 0 for some class"] =
            new() { Loss = new CrossEntropyOptions { ClassWeights = [0, 0] } },
        ["loss.auxiliary_weight: -1; wanted at least 0"] = new() { Loss = new CrossEntropyOptions { AuxiliaryWeight = -1 } },
        ["loss.labels.gamma: -1; wanted at least 0"] = new() { Loss = new KdOptions { Labels = new FocalOptions { Gamma = -1 } } },
        ["loss.labels.kind: dist; wanted a loss without a teacher"] = new() { Loss = new KdOptions { Labels = new DistOptions() } },
        ["loss.labels.custom_l2: 1; wanted loss.custom_l2 in its place"] =
            new() { Loss = new KdOptions { Labels = new CrossEntropyOptions { CustomL2 = 1 } } },
        ["data.workers: 2147483647; wanted 0 to 1024"] = new() { Data = new() { Workers = int.MaxValue } },
        ["data.cache_mebibytes: 2147483647; wanted at least 0 and at most 1048576"] = new() { Data = new() { CacheMebibytes = int.MaxValue } },
        ["augment.transforms[1].padding: 2147483647; wanted at least 0 and at most 1024"] =
            new() { Augment = new() { Transforms = [new HorizontalFlip(), new RandomCrop { Padding = int.MaxValue }] } },
        ["augment.transforms[0].min_scale: 1E-300; wanted 1E-06 to 1"] =
            new() { Augment = new() { Transforms = [new RandomResizedCrop { MinScale = 1e-300 }] } },
        ["augment.transforms[0].max_ratio: Infinity; wanted 0.75 to 100"] =
            new() { Augment = new() { Transforms = [new RandomResizedCrop { MaxRatio = double.PositiveInfinity }] } },
        ["model.depth: 2147483647; wanted at least 0 and at most 10000"] = new() { Model = new() { Depth = int.MaxValue } },
        ["model.width_factor: 1000000000; wanted at least 0 and at most 1024"] = new() { Model = new() { WidthFactor = 1_000_000_000 } },
        ["model.num_blocks: [1, 1000000000, 1, 1], of which [1] is 1000000000; wanted four whole numbers from 1 to 1000"] =
            new() { Model = new() { NumBlocks = [1, 1_000_000_000, 1, 1] } },
        ["model.width_multiplier: [1, 1, 1]; wanted four numbers from 0.01 to 64"] = new() { Model = new() { WidthMultiplier = [1, 1, 1] } },
        ["model.width_multiplier: [1, NaN, 1, 1], of which [1] is NaN; wanted four numbers from 0.01 to 64"] =
            new() { Model = new() { WidthMultiplier = [1, double.NaN, 1, 1] } },
    };

    public static TheoryData<string> OutOfRange => [.. s_outOfRange.Keys];

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void A_number_out_of_range_is_named_with_value_and_range(string problem) =>
        Assert.Equal([problem], s_outOfRange[problem].Validate().Select(found => found.ToString()));

    public static TheoryData<ScheduleOptions> Falling =>
    [
        new CosineOptions { MinLearningRate = 0.2 }, new LinearOptions { MinLearningRate = 0.2 }, new PolynomialOptions { MinLearningRate = 0.2 },
        new ExponentialOptions { MinLearningRate = 0.2 }, new SigmoidOptions { MinLearningRate = 0.2 }, new TanhOptions { MinLearningRate = 0.2 },
        new PlateauOptions { MinLearningRate = 0.2 },
    ];

    [Theory]
    [MemberData(nameof(Falling))]
    public void A_rate_that_falls_to_more_than_the_full_one_is_refused(ScheduleOptions schedule)
    {
        TrainRecipe With(double rate, int rule = 0, int batch = 128) => new()
        {
            Schedule = schedule, Optimizer = new SgdOptions { LearningRate = rate, LinearRuleBatch = rule }, Train = new() { BatchSize = batch },
        };
        Assert.Equal(
            ["schedule.min_learning_rate: 0.2; wanted at most 0.1, which is optimizer.learning_rate, since the rate falls from there"],
            With(0.1).Validate().Select(found => found.ToString()));
        Assert.Contains(
            "at most 0.05, which is optimizer.learning_rate times batch_size · accumulate / linear_rule_batch",
            Assert.Single(With(0.1, rule: 256).Validate()).Wanted, StringComparison.Ordinal);
        Assert.Empty(With(0.2).Validate());
        Assert.Empty(With(0.1, rule: 32).Validate());
        Assert.Empty(With(0.1, rule: 32, batch: 0).Validate());
    }

    [Fact]
    public void Every_schedule_with_a_least_rate_falls_to_it()
    {
        var least = ScheduleOptions.Kinds.Where(schedule => schedule.GetType().GetProperty("MinLearningRate") is not null).Select(schedule => schedule.Kind);
        Assert.Equal(Falling.Select(row => row.Data.Kind).Order(), least.Order());
    }

    [Theory]
    [InlineData("LearningRate", "learning_rate")]
    [InlineData("Beta1", "beta1")]
    [InlineData("Decay1d", "decay_1d")]
    [InlineData("Kind", "kind")]
    public void Properties_are_spelt_in_snake_case(string property, string key) => Assert.Equal(key, OptionNames.SnakeCase(property));

    [Fact]
    [Trait("row", "S0-13")]
    [Trait("row", "S1-06")]
    public void The_linear_rule_scales_the_rate_by_the_images_of_an_update()
    {
        Assert.Equal(0.1, new SgdOptions { LearningRate = 0.1 }.ScaledRate(512));
        Assert.Equal(0.2, new SgdOptions { LearningRate = 0.1, LinearRuleBatch = 256 }.ScaledRate(512));
    }
}
