using Fovea.Auto;
using Fovea.Data.Augment;
using Fovea.Recipes;
using Fovea.Training.Checks;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;
using Fovea.Sources;

namespace Fovea.Package.Tests.Auto;

public class AutoRecipeTests
{
    private static readonly Machine s_machine = new() { Cores = 2, MemoryBytes = 8L << 30, OperationsPerSecond = 2e11 };

    /// <summary>Sorts of data that come: name, classes, images of each, shorter side.</summary>
    public static TheoryData<string, int, int, int> Sorts => new()
    {
        { "5 × 100 small", 5, 100, 32 },
        { "10 × 1000 small", 10, 1000, 32 },
        { "10 × 5000 small", 10, 5000, 32 },
        { "2 × 500 large photos", 2, 500, 3000 },
        { "24 × 250 signs", 24, 250, 64 },
        { "24 × 21 signs", 24, 21, 64 },
        { "10 × 2 images", 10, 2, 200 },
        { "167 × 1 images", 167, 1, 375 },
        { "1000 × 20 photos", 1000, 20, 375 },
        { "1000 × 1280 photos", 1000, 1280, 375 },
        { "3 × 50 of one pixel", 3, 50, 1 },
        { "2 × 2 images", 2, 2, 64 },
    };

    [Theory]
    [MemberData(nameof(Sorts))]
    public void Each_sort_of_data_gets_a_recipe_that_no_check_complains_of(string sort, int classes, int images, int side)
    {
        foreach (var time in (TimeSpan?[])[null, TimeSpan.FromMinutes(2), TimeSpan.FromHours(5)])
        {
            var data = Data(classes, images, side);
            var choice = AutoRecipe.For(data, s_machine, new() { Time = time });
            Assert.Empty(choice.Recipe.Validate());
            Assert.True(choice.Reasons.Count >= 8, sort);
            Assert.All(choice.Reasons, reason => Assert.DoesNotContain('\n', reason.Text));
            // What is written is an ordinary recipe, which reads the same.
            var text = RecipeWriter.Write(choice.Recipe);
            Assert.Equal(text, RecipeWriter.Write(RecipeReader.Parse(text, "chosen")));
            Assert.All(RunCheck.All, check => Assert.Null(check.Before(Planned(choice.Recipe, data))));
        }
    }

    [Fact]
    public void The_same_data_machine_and_options_give_the_same_recipe()
    {
        string Chosen() => RecipeWriter.Write(AutoRecipe.For(Data(5, 100, 32), s_machine, new() { Time = TimeSpan.FromMinutes(3) }).Recipe);
        Assert.Equal(Chosen(), Chosen());
    }

    [Fact]
    public void A_classifier_that_trains_alone_learns_from_features_that_are_kept()
    {
        AutoOptions options = new() { Model = new() { Name = "resnet50" }, ImageSize = 224 };
        var whole = AutoRecipe.For(Data(5, 100, 300), s_machine, options);
        var alone = AutoRecipe.For(Data(5, 100, 300), s_machine, options with { IsClassifierAlone = true });

        Assert.Equal([FreezeOptions.Backbone], alone.Recipe.Freeze.Names);
        Assert.Empty(alone.Recipe.Augment.Transforms);
        Assert.Empty(alone.Recipe.Augment.Mixing);
        Assert.NotEmpty(whole.Recipe.Augment.Transforms);
        Assert.Empty(whole.Recipe.Freeze.Names);
        Assert.Empty(alone.Recipe.Validate());
        Assert.True(alone.Recipe.Train.Epochs >= 30);
        Assert.Equal(alone.Recipe.Train.Epochs / 10, alone.Recipe.Train.ValidateEvery);
        // The fewer images there are, the nearer to zero its weights are held: 50 / 450 here.
        Assert.Equal(0.1111, Assert.IsType<SgdOptions>(alone.Recipe.Optimizer).WeightDecay);
        // All images once forward, beside as many forward and backward in each epoch.
        Assert.InRange(alone.Estimate / (whole.Estimate / whole.Recipe.Train.Epochs), 0, 1);
    }

    [Fact]
    public void One_class_is_an_error_that_says_what_was_wanted()
    {
        Assert.Equal(
            "the data have 1 class, 'c0'; wanted at least 2, in a folder each",
            Assert.Throws<RecipeException>(() => AutoRecipe.For(Data(1, 100, 32), s_machine)).Message);
        var empty = Data(2, 100, 32) with { ClassCounts = [100, 0] };
        Assert.Equal(
            "fewer than two classes have training images; wanted some of each class",
            Assert.Throws<RecipeException>(() => AutoRecipe.For(empty, s_machine)).Message);
    }

    [Fact]
    public void Small_images_keep_their_size_and_large_ones_are_made_no_larger_than_they_are()
    {
        int SizeOf(int side, TimeSpan? time = null) => AutoRecipe.For(Data(10, 1000, side), s_machine, new() { Time = time }).Recipe.Data.ImageSize;
        Assert.Equal((32, 28, 32), (SizeOf(32), SizeOf(28), SizeOf(1)));
        Assert.InRange(SizeOf(64, TimeSpan.FromHours(100)), 48, 64);
        Assert.Equal(224, SizeOf(4000, TimeSpan.FromHours(1000)));
    }

    [Fact]
    public void More_time_gives_a_larger_net_or_more_epochs_and_never_takes_longer_than_it_may()
    {
        var last = (Net: 0.0, Work: 0.0);
        foreach (var minutes in (double[])[1, 2, 5, 15, 60, 600])
        {
            var choice = AutoRecipe.For(Data(10, 1000, 300), s_machine, new() { Time = TimeSpan.FromMinutes(minutes) });
            Assert.InRange(choice.Estimate.TotalMinutes, 0, minutes);
            Assert.True(choice.Work >= last.Net, $"{minutes} min: a smaller net");
            var work = choice.Work * choice.Recipe.Train.Epochs;
            Assert.True(work >= last.Work, $"{minutes} min: less work");
            last = (choice.Work, work);
        }
    }

    [Fact]
    public void A_slower_machine_gets_less_work_for_the_same_time()
    {
        double Work(double speed) =>
            AutoRecipe.For(Data(10, 1000, 300), s_machine with { OperationsPerSecond = speed }, new() { Time = TimeSpan.FromMinutes(5) }) is var choice
                ? choice.Work * choice.Recipe.Train.Epochs : 0;
        Assert.True(Work(2e10) < Work(2e11));
    }

    [Fact]
    public void A_batch_leaves_an_epoch_twenty_updates_and_fits_in_half_of_the_memory()
    {
        int BatchOf(int images, long memory = 8L << 30) =>
            AutoRecipe.For(Data(10, images, 32), s_machine with { MemoryBytes = memory }).Recipe.Train.BatchSize;
        Assert.Equal((8, 16, 128), (BatchOf(10), BatchOf(45), BatchOf(1000)));
        Assert.True(BatchOf(1000, memory: 64 << 20) < 128);
    }

    [Theory]
    [InlineData(100, 1000, 1, 1)]
    [InlineData(100, 0, 1, 0.5)]
    [InlineData(100, 1000, 100, 0.5)]
    [InlineData(8, 1000, 1, 1)]
    [InlineData(8, 0, 1, 0)]
    [InlineData(2, 1000, 1, 0)]
    public void A_long_tail_gets_a_loss_by_which_rare_classes_weigh_as_evaluation_has_it(double factor, int validation, double imbalance, double tau)
    {
        var data = Data(10, 1000, 32) with
        {
            ClassCounts = [.. Fovea.Data.Sources.LongTail.Sizes(1000, 10, factor)], ValidationImages = validation, ValidationImbalance = imbalance,
        };
        var choice = AutoRecipe.For(data, s_machine);
        Assert.Equal(tau, choice.Recipe.Loss is LogitAdjustmentOptions adjustment ? adjustment.Tau : 0);
        var why = choice.Reasons.Single(reason => reason.Part == "loss").Text;
        Assert.Equal(factor >= 5, why.Contains($"the largest class has {factor} times the images of the smallest", StringComparison.Ordinal));
    }

    [Fact]
    public void Images_are_mirrored_unless_their_classes_are_digits_or_have_a_left_and_a_right()
    {
        bool Mirrors(DataSummary data) => AutoRecipe.For(data, s_machine).Recipe.Augment.Transforms.Any(step => step is HorizontalFlip or AlternatingFlip);
        var data = Data(3, 500, 64);
        Assert.True(Mirrors(data));
        Assert.False(Mirrors(data with { ClassNames = ["0", "1", "2"] }));
        Assert.False(Mirrors(data with { ClassNames = ["Turn left", "turn right", "straight"] }));
        Assert.True(Mirrors(data with { ClassNames = ["left-handed", "other", "third"] }));
        Assert.False(Mirrors(data with { IsGrey = true, MedianSide = 28 }));
    }

    [Fact]
    public void Images_that_are_seen_often_are_changed_more_and_digits_are_not_turned_far()
    {
        string[] Kinds(int epochs, DataSummary data) =>
            [.. AutoRecipe.For(data, s_machine, new() { Epochs = epochs }).Recipe.Augment.Transforms.Select(step => step.Kind)];
        var data = Data(5, 100, 32);
        Assert.Equal(["random_crop", "horizontal_flip"], Kinds(29, data));
        Assert.Equal(["random_crop", "horizontal_flip", "cutout"], Kinds(99, data));
        Assert.Equal(["random_crop", "horizontal_flip", "cutout", "trivial_augment_wide"], Kinds(100, data));
        Assert.Equal(["random_crop", "cutout"], Kinds(100, data with { ClassNames = ["1", "2", "3", "4", "5"] }));
    }

    [Fact]
    public void The_schedule_is_a_cosine_with_a_warm_up()
    {
        var schedule = Assert.IsType<CosineOptions>(AutoRecipe.For(Data(10, 1000, 32), s_machine).Recipe.Schedule);
        Assert.InRange(schedule.WarmupEpochs, 0.1, 5);
    }

    [Fact]
    public void A_model_that_is_given_gets_a_size_at_which_it_sees_the_images()
    {
        int SizeOf(string model, int side) => AutoRecipe.For(Data(10, 500, side), s_machine, new() { Model = new() { Name = model } }).Recipe.Data.ImageSize;
        Assert.Equal((64, 32, 28, 32), (SizeOf("resnet18", 32), SizeOf("resnet20", 32), SizeOf("mnist_lenet", 36), SizeOf("resnet20", 300)));
        Assert.InRange(SizeOf("resnet18", 300), 48, 224);
    }

    [Fact]
    public void Weights_that_are_given_are_trained_on_at_their_size_more_gently_and_not_as_long()
    {
        TrainRecipe Of(string weights, int size) => AutoRecipe.For(
            Data(10, 500, 300), s_machine, new() { Model = new() { Name = "resnet18", Weights = weights }, ImageSize = size }).Recipe;
        var (given, fresh) = (Of("w.safetensors", 0), Of("", 224));
        Assert.Equal((224, 224), (given.Data.ImageSize, fresh.Data.ImageSize));
        Assert.True(given.Optimizer.ScaledRate(128) < fresh.Optimizer.ScaledRate(128));
        Assert.True(given.Train.Epochs < fresh.Train.Epochs);
    }

    [Fact]
    public void What_is_said_holds_and_the_rest_follows()
    {
        var options = new AutoOptions { Model = new() { Name = "resnet20" }, ImageSize = 24, BatchSize = 10, Epochs = 7, ValidationFraction = 0.25 };
        var recipe = AutoRecipe.For(Data(10, 100, 32), s_machine, options).Recipe;
        Assert.Equal(("resnet20", 24, 0.25), (recipe.Model.Name, recipe.Data.ImageSize, recipe.Data.ValidationFraction));
        Assert.Equal((10, 7), (recipe.Train.BatchSize, recipe.Train.Epochs));
        Assert.True(recipe.Schedule.WarmupEpochs <= 0.7);
    }

    [Fact]
    public void Classes_of_a_few_images_give_some_to_validation_all_the_same()
    {
        double Held(int images) => AutoRecipe.For(Data(10, images, 64), s_machine).Recipe.Data.ValidationFraction;
        Assert.Equal((0.5, 0.34, 0.2, 0.1), (Held(2), Held(3), Held(8), Held(100)));
        Assert.Equal(0.1, AutoRecipe.For(Data(10, 2, 64) with { ValidationImages = 20 }, s_machine).Recipe.Data.ValidationFraction);
    }

    [Fact]
    public void Evaluations_of_many_images_are_rarer()
    {
        int Every(int validation) => AutoRecipe.For(Data(5, 100, 32) with { ValidationImages = validation }, s_machine).Recipe.Train.ValidateEvery;
        Assert.Equal(1, Every(100));
        Assert.True(Every(10_000) > 10);
    }

    private static DataSummary Data(int classes, int images, int side) => new()
    {
        ClassNames = [.. Enumerable.Range(0, classes).Select(c => $"c{c}")],
        ClassCounts = [.. Enumerable.Repeat(images, classes)],
        MedianSide = side,
    };

    private static PlannedRun Planned(TrainRecipe recipe, DataSummary data)
    {
        var held = recipe.Data.ValidationFraction;
        var images = data.ClassCounts.Sum(count => count - (int)(count * held));
        var batch = Math.Min(recipe.Train.BatchSize, images);
        var batches = recipe.Train.DropLast ? images / batch : ((images - 1) / batch) + 1;
        return new()
        {
            Recipe = recipe,
            Images = recipe.Train.DropLast ? batches * batch : images,
            Batches = batches,
            Classes = data.ClassNames.Count,
            Model = recipe.OpenModel().Graph(1),
            TypicalSide = data.MedianSide,
        };
    }
}
