using System.Globalization;
using Fovea.Models;
using Fovea.Training.Checks;
using Fovea.Training.Logging;
using Fovea.Training.Metrics;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Training.Tests.Checks;

public class RunCheckTests
{
    private static readonly SgdOptions s_fast = new() { LearningRate = 0.5 };

    [Fact]
    public void Every_check_is_in_the_list_once_and_has_a_name_of_its_own()
    {
        var types = typeof(RunCheck).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(RunCheck)));
        Assert.Equal(types.Select(type => type.Name).Order(), RunCheck.All.Select(check => check.GetType().Name).Order());
        Assert.Equal(RunCheck.All.Count, RunCheck.All.Select(check => check.Name).Distinct().Count());
    }

    [Fact]
    public void A_run_that_is_well_planned_is_told_nothing() => Assert.Empty(Told(Run(images: 50_000)));

    [Theory]
    [InlineData(450, 256, 1, "train.batch_size", "16")]
    [InlineData(450, 32, 1, "train.batch_size", "16")]
    [InlineData(100, 64, 1, "train.batch_size", "8")]
    [InlineData(2_560, 128, 8, "train.accumulate", "1")]
    public void Fewer_than_twenty_updates_an_epoch_are_told_with_the_batch_that_makes_them(int images, int batch, int accumulate, string key, string value)
    {
        var advice = Assert.Single(Told(Run(images, batch, accumulate)));
        Assert.Equal(("few_updates_an_epoch", key, value, false), (advice.Check, advice.Key, advice.Value, advice.IsFatal));
        Assert.EndsWith($"updates an epoch of {images} images, too few to learn from; try {key}={value}", advice.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50_000, 128)]
    [InlineData(60, 8)]
    [InlineData(4, 4)]
    public void Batches_that_could_hardly_be_smaller_are_not_complained_of(int images, int batch) => Assert.Empty(Told(Run(images, batch)));

    [Fact]
    public void A_batch_larger_than_the_set_is_told_once()
    {
        var advice = Assert.Single(Told(Run(images: 200, batch: 256)));
        Assert.Equal(("batch_larger_than_set", "train.batch_size", "8"), (advice.Check, advice.Key, advice.Value));
        Assert.Equal(
            "batches of 256 are larger than the set of 200 training images, so that an epoch is one update; try train.batch_size=8", advice.ToString());
    }

    [Fact]
    public void Milestones_beyond_the_end_never_let_the_rate_fall()
    {
        var advice = Assert.Single(Told(Run(schedule: new StepOptions { Milestones = [30, 60, 80] }, epochs: 20)));
        Assert.Equal(("rate_that_never_falls", "schedule.milestones", "[10, 15]"), (advice.Check, advice.Key, advice.Value));
        Assert.Contains("never falls in the 20 epochs of the run: schedule.milestones are [30, 60, 80]", advice.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_schedules_that_never_fall_are_told_what_to_set()
    {
        (string Key, string Value) Of(ScheduleOptions schedule, int epochs = 10) =>
            Assert.Single(Told(Run(schedule: schedule, epochs: epochs))) is var advice ? (advice.Key, advice.Value) : default;
        Assert.Equal(("schedule", "cosine"), Of(new ConstantOptions()));
        Assert.Equal(("schedule.length", "0"), Of(new CosineOptions { Length = 200 }));
        Assert.Equal(("schedule.every", "3.33"), Of(new StepOptions { Every = 30 }));
        Assert.Equal(("schedule.per_epoch", "false"), Of(new CosineOptions { PerEpoch = true }, epochs: 1));
    }

    [Fact]
    public void Schedules_that_fall_or_need_not_are_told_nothing()
    {
        Assert.Empty(Told(Run(schedule: new StepOptions { Milestones = [5] }, epochs: 10)));
        Assert.Empty(Told(Run(schedule: new CosineOptions(), epochs: 1)));
        Assert.Empty(Told(Run(schedule: new PlateauOptions())));
        var averaged = Run(schedule: new ConstantOptions());
        Assert.Empty(Told(averaged with { Recipe = averaged.Recipe with { Average = new SwaOptions() } }));
    }

    [Theory]
    [InlineData(9, 0, "schedule.warmup_epochs", "1")]
    [InlineData(0, 5_000, "schedule.warmup_steps", "391")]
    public void A_warm_up_longer_than_the_run_is_told(double epochs, int steps, string key, string value)
    {
        var told = Told(Run(schedule: new CosineOptions { WarmupEpochs = epochs, WarmupSteps = steps }));
        var advice = Assert.Single(told, advice => advice.Check == "warmup_longer_than_run");
        Assert.Equal((key, value), (advice.Key, advice.Value));
    }

    [Fact]
    public void An_average_slower_than_the_run_is_told()
    {
        var run = Run();
        var slow = run with { Recipe = run.Recipe with { Average = new EmaOptions { Decay = 0.9999, Warmup = EmaWarmup.None } } };
        Assert.Equal(("average_that_remembers_the_start", "average.decay"), Assert.Single(Told(slow)) is var advice ? (advice.Check, advice.Key) : default);
        Assert.Empty(Told(run with { Recipe = run.Recipe with { Average = new EmaOptions() } }));
    }

    [Theory]
    [InlineData("ema", 3_910, 1, "average.after", "0")]
    [InlineData("swa", 3_910, 1, "average.after", "2932")]
    [InlineData("swa", 1_000_000, 1, "average.after", "2932")]
    [InlineData("swa", 3_000, 600, "average.every", "91")]
    [InlineData("swa", 3_909, 1, null, null)]
    [InlineData("ema", 3_909, 1, null, null)]
    [InlineData("swa", 3_000, 455, null, null)]
    public void An_average_that_begins_after_the_run_or_takes_one_set_of_weights_is_told(string kind, int after, int every, string? key, string? value)
    {
        var run = Run();
        AverageOptions average = kind == "ema" ? new EmaOptions { After = after } : new SwaOptions { After = after, Every = every };
        var advice = new AverageAfterRun().Before(run with { Recipe = run.Recipe with { Average = average } });
        Assert.Equal((key, value), (advice?.Key, advice?.Value));
    }

    [Theory]
    [InlineData(0, "10", 10, "freeze.thaw[0].after", "5")]
    [InlineData(0, "2,12", 10, "freeze.thaw[1].after", "5")]
    [InlineData(0, "7,12", 10, "freeze.thaw[1].after", "8")]
    [InlineData(30, "9,12", 10, "train.epochs", "31")]
    [InlineData(10, "", 10, "freeze.epochs", "5")]
    [InlineData(20, "7", 10, "freeze.epochs", "8")]
    [InlineData(5, "", 1, "freeze.epochs", "0")]
    [InlineData(9, "2,4", 10, null, null)]
    [InlineData(0, "", 10, null, null)]
    public void Frozen_parts_that_would_thaw_after_the_run_are_told(int epochs, string stages, int run, string? key, string? value)
    {
        var planned = Run(epochs: run);
        var thaw = stages.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(after => new ThawStage { After = int.Parse(after, CultureInfo.InvariantCulture), Names = ["layer3"] });
        var recipe = planned.Recipe with { Freeze = new() { Names = [FreezeOptions.Backbone], Epochs = epochs, Thaw = [.. thaw] } };
        Assert.Empty(recipe.Validate());
        var advice = new ThawAfterRun().Before(planned with { Recipe = recipe });
        Assert.Equal((key, value), (advice?.Key, advice?.Value));
    }

    [Fact]
    public void An_input_far_larger_than_the_images_is_told_unless_weights_want_it()
    {
        var run = Run(model: "resnet18", size: 224) with { TypicalSide = 40 };
        var advice = Assert.Single(Told(run));
        Assert.Equal(("input_larger_than_images", "data.image_size", "48"), (advice.Check, advice.Key, advice.Value));
        Assert.Contains("224×224 is 5.6 times as large", advice.Problem, StringComparison.Ordinal);
        Assert.Empty(Told(run with { HasWeights = true }));
        Assert.Empty(Told(run with { TypicalSide = 112 }));
    }

    [Theory]
    [InlineData("resnet18", 32, true)]
    [InlineData("resnet18", 64, false)]
    [InlineData("resnet20", 32, false)]
    [InlineData("airbench94_w32", 32, false)]
    [InlineData("mobilenetv2_100", 32, true)]
    public void A_net_that_halves_its_input_to_nothing_is_told_a_larger_one(string model, int size, bool isTold)
    {
        var told = Told(Run(model: model, size: size));
        Assert.Equal(isTold ? [("net_larger_than_input", "data.image_size", "64")] : [], told.Select(advice => (advice.Check, advice.Key, advice.Value)));
    }

    [Theory]
    [InlineData(2_561, 128, 0, "train.drop_last", "true", false)]
    [InlineData(2_560, 1, 0, "train.batch_size", "16", true)]
    [InlineData(2_560, 128, 1, "train.ghost_batch", "0", true)]
    public void Norms_of_a_single_number_are_told_and_refused_where_all_are(int images, int batch, int ghost, string key, string value, bool isFatal)
    {
        var run = Run(images, batch, model: "resnet18", size: 32);
        run = run with { Recipe = run.Recipe with { Train = run.Recipe.Train with { GhostBatch = ghost } } };
        var advice = Assert.Single(Told(run), advice => advice.Check == "norm_of_one_number");
        Assert.Equal((key, value, isFatal), (advice.Key, advice.Value, advice.IsFatal));
        Assert.DoesNotContain(Told(Run(images, batch, model: "resnet20")), advice => advice.Check == "norm_of_one_number");
    }

    [Fact]
    public void A_loss_above_its_start_for_an_epoch_is_told_a_lower_rate()
    {
        var check = new LossAboveItsStart();
        var advice = check.After(Run(optimizer: s_fast), Epoch(1, loss: 3), firstLoss: 2.3);
        Assert.Equal(("optimizer.learning_rate", "0.05"), (advice!.Key, advice.Value));
        Assert.Equal("the loss of epoch 1, 3 in the mean, is above that of the first batch, 2.3", advice.Problem);
        Assert.Null(check.After(Run(), Epoch(1, loss: 2.4), firstLoss: 2.3));
        Assert.Null(check.After(Run(), Epoch(1, loss: 3), firstLoss: null));
    }

    [Fact]
    public void A_validation_loss_far_above_chance_is_told_when_the_run_has_settled()
    {
        var check = new ValidationLossAboveChance();
        var advice = check.After(Run(optimizer: s_fast), Epoch(3, loss: 1, validation: 12_767), firstLoss: 2.3);
        Assert.Equal(("optimizer.learning_rate", "0.05"), (advice!.Key, advice.Value));
        Assert.Contains("1.277E+04, is far above 2.303, that of guessing among 10 classes", advice.Problem, StringComparison.Ordinal);
        Assert.Equal("train.batch_size", check.After(Run(images: 450, batch: 256), Epoch(3, loss: 1, validation: 100), firstLoss: 2.3)!.Key);
        Assert.Null(check.After(Run(), Epoch(1, loss: 1, validation: 100), firstLoss: 2.3));
        Assert.Null(check.After(Run(), Epoch(9, loss: 0.1, validation: 3), firstLoss: 2.3));
        Assert.Null(check.After(Run(), Epoch(9, loss: 0.1), firstLoss: 2.3));
    }

    private static List<Advice> Told(PlannedRun run) => [.. RunCheck.All.Select(check => check.Before(run)).OfType<Advice>()];

    private static PlannedRun Run(
        int images = 50_000, int batch = 128, int accumulate = 1, ScheduleOptions? schedule = null, int epochs = 10, string model = "resnet20", int size = 32,
        OptimizerOptions? optimizer = null) => new()
    {
        Recipe = new()
        {
            Optimizer = optimizer ?? new SgdOptions(),
            Schedule = schedule ?? new CosineOptions(),
            Train = new() { Epochs = epochs, BatchSize = batch, Accumulate = accumulate },
        },
        Images = images,
        Batches = ((images - 1) / batch) + 1,
        Classes = 10,
        Model = ModelCatalog.Build(model, new() { Classes = 10, ImageSize = size }),
    };

    private static EpochReport Epoch(int number, double loss, double? validation = null) => new(
        number, 10, 100, 0.1, loss, 0.5, 1, validation is { } found ? Metrics(found) : null, IsBest: false, -1, 0);

    private static EvaluationMetrics Metrics(double loss) => new()
    {
        Samples = 10, Loss = loss, Top1 = 0.5, Top5 = null, Macro = 0.5, Micro = 0.5, PerClass = [], Confusion = new(1),
    };
}
