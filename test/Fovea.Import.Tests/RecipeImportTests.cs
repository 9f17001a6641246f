using Fovea.Data.Augment;
using Fovea.Import.Foreign;
using Fovea.Recipes;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Import.Tests;

public sealed class RecipeImportTests
{
    public static TheoryData<string> Names() => [.. Samples.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void File_is_recognised_by_what_it_holds(string name) => Assert.Equal(Samples.All[name].System, Imported(name).System.Name);

    /// <summary>Counted by hand, not by the tree that the importer walks.</summary>
    [Theory]
    [InlineData("mindcv", 30)]
    [InlineData("paddle", 63)]
    [InlineData("paddle20", 33)]
    [InlineData("repvgg", 18)]
    [InlineData("cifar-tricks", 16)]
    [InlineData("timm", 22)]
    [InlineData("darknet", 19)]
    public void Every_key_of_a_file_stands_in_the_list_exactly_once(string name, int keys)
    {
        var lines = Imported(name).Lines.Where(line => !line.IsDefault).ToList();
        Assert.Equal(keys, lines.Select(line => line.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(keys, lines.Count);
        Assert.All(lines, line => Assert.True(line.Text.Length > 0 && int.Parse(line.Place, null) > 0, line.ToString()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Text_of_a_recipe_is_read_as_that_recipe(string name)
    {
        var imported = Imported(name);
        Assert.Equal(RecipeWriter.Write(imported.Recipe!), RecipeWriter.Write(RecipeReader.Parse(imported.Text, "imported")));
    }

    [Fact]
    public void MindCv_becomes_a_recipe_with_the_defaults_of_MindCv()
    {
        var recipe = Imported("mindcv").Recipe!;
        Assert.Equal("mobilenetv2_100", recipe.Model.Name);
        Assert.Equal((30, 32, true, 42UL), (recipe.Train.Epochs, recipe.Train.BatchSize, recipe.Train.DropLast, recipe.Train.Seed));
        Assert.Equal((112, 0.875), (recipe.Data.ImageSize, recipe.Data.CropFraction));
        var schedule = Assert.IsType<CosineOptions>(recipe.Schedule);
        Assert.Equal((3, 0.0005, 27, 1e-6), (schedule.WarmupEpochs, schedule.WarmupLearningRate!.Value, schedule.Length, schedule.MinLearningRate));
        var sgd = Assert.IsType<SgdOptions>(recipe.Optimizer);
        Assert.Equal((0.05, 4e-5, 0.9, true), (sgd.LearningRate, sgd.WeightDecay, sgd.Momentum, sgd.Decay1d));
        Assert.Equal([0.5, 0.5], recipe.Augment.Mixing.Select(mix => mix.Probability));
        Assert.Equal(["random_resized_crop", "horizontal_flip", "rand_augment", "random_erasing"], recipe.Augment.Transforms.Select(step => step.Kind));
    }

    [Fact]
    public void MindCv_without_a_policy_jitters_colours_by_default()
    {
        var recipe = Parse(Samples.MindCv.Replace("auto_augment: randaug-m9-mstd0.5-inc1\n", "", StringComparison.Ordinal)).Recipe!;
        Assert.Contains("color_jitter", recipe.Augment.Transforms.Select(step => step.Kind));
    }

    [Fact]
    public void Batches_of_a_card_and_of_all_cards_are_told_apart()
    {
        var ofCard = Imported("mindcv", cards: 8);
        Assert.Equal((32, 8), (ofCard.Recipe!.Train.BatchSize, ofCard.Recipe.Train.Accumulate));
        Assert.Contains("32 images of a card · 8 cards = 256 images of an update", Text(ofCard, "batch_size"), StringComparison.Ordinal);
        var ofAll = Imported("paddle20", cards: 4);
        Assert.Equal((64, 4), (ofAll.Recipe!.Train.BatchSize, ofAll.Recipe.Train.Accumulate));
        Assert.Contains("256 images of all cards together / 4 cards", Text(ofAll, "TRAIN.batch_size"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_rate_rule_is_told_with_its_figures()
    {
        Assert.Contains("real base lr: 0.1 · 512 images / 256 = 0.2", Text(Imported("repvgg", cards: 8), "TRAIN.BASE_LR"), StringComparison.Ordinal);
        Assert.Contains("0.001 · √(128 images / 512) = 0.0005", Text(Imported("timm"), "lr_base"), StringComparison.Ordinal);
    }

    [Fact]
    public void PaddleClas_becomes_a_recipe()
    {
        var recipe = Imported("paddle").Recipe!;
        Assert.Equal(("resnet50d", 20, 2, 2), (recipe.Model.Name, recipe.Train.Epochs, recipe.Train.ValidateEvery, recipe.Train.Accumulate));
        Assert.Equal((224, 0.875), (recipe.Data.ImageSize, recipe.Data.CropFraction));
        var step = Assert.IsType<StepOptions>(recipe.Schedule);
        Assert.Equal([5, 10], step.Milestones);
        Assert.Equal([0.1, 0.2], step.Scales.Select(scale => Math.Round(scale, 9)));
        Assert.Equal((0.2, 2.0, false), (recipe.Optimizer.LearningRate, step.WarmupEpochs, step.CountsWarmup));
        Assert.Equal([0.5, 0.25], recipe.Augment.Mixing.Select(mix => mix.Probability));
        Assert.Equal(0.999, Assert.IsType<EmaOptions>(recipe.Average).Decay);
    }

    [Fact]
    public void Training_images_of_another_size_stay_smaller_to_the_end()
    {
        var recipe = Parse(Samples.Paddle.Replace("RandCropImage: {size: 224", "RandCropImage: {size: 160", StringComparison.Ordinal)).Recipe!;
        Assert.Equal(224, recipe.Data.ImageSize);
        Assert.Equal([(1, 160)], recipe.Data.Progressive.Select(stage => (stage.Until, stage.ImageSize)));
    }

    [Fact]
    public void Other_systems_become_recipes()
    {
        var old = Imported("paddle20").Recipe!;
        Assert.Equal(("dla60", 0.1, 4.0), (old.Model.Name, old.Optimizer.LearningRate, old.Schedule.WarmupEpochs));
        var repvgg = Imported("repvgg").Recipe!;
        Assert.Equal(("repvgg_a0", 256, 2, 112), (repvgg.Model.Name, repvgg.Optimizer.LinearRuleBatch, repvgg.Train.Accumulate, repvgg.Data.ImageSize));
        Assert.Equal(["*identity.weight"], repvgg.Optimizer.AlsoDecay);
        var tricks = Imported("cifar-tricks").Recipe!;
        Assert.Equal("cifar_resnet18", tricks.Model.Name);
        Assert.Equal(["sam"], tricks.Optimizer.Around.Select(around => around.Kind));
        Assert.IsType<Mixup>(Assert.Single(tricks.Augment.Mixing));
        var timm = Imported("timm").Recipe!;
        Assert.Equal(("resnet50", 32, 30.0, 0.0005), (timm.Model.Name, timm.Train.Epochs, timm.Schedule.Length, timm.Optimizer.LearningRate));
        Assert.Equal("bce", timm.Loss.Kind);
    }

    [Fact]
    public void Darknet_becomes_a_recipe_of_its_text_alone()
    {
        var imported = Imported("darknet");
        var recipe = imported.Recipe!;
        Assert.Equal((4, 2, 40L), (recipe.Train.BatchSize, recipe.Train.Accumulate, (long)recipe.Train.Steps!));
        var step = Assert.IsType<StepOptions>(recipe.Schedule);
        Assert.Equal([20, 30], step.Milestones);
        Assert.Equal([0.1, 0.5], step.Scales);
        Assert.EndsWith("darknet.yaml", recipe.Model.Source, StringComparison.Ordinal);
        Assert.Contains("0.1 · 4 / 3", Text(imported, "net.label_smooth_eps"), StringComparison.Ordinal);
        Assert.Equal(ImportOutcome.Impossible, imported.Lines.Single(line => line.Key == "layers, apart.0 convolutional learning_rate").Outcome);
    }

    [Fact]
    public void A_change_of_the_foreign_tree_walks_maps_and_lists_and_wins()
    {
        var options = new ImportOptions
        {
            Changes =
            [
                RecipeOverride.Parse("DataLoader.Train.dataset.transform_ops.1.RandCropImage.size=192"), RecipeOverride.Parse("Optimizer.lr.warmup_epoch=0"),
            ],
        };
        var imported = RecipeImport.Parse(Samples.Paddle, "p.yaml", options);
        Assert.Equal((192, 0.0), (imported.Recipe!.Data.Progressive[0].ImageSize, imported.Recipe.Schedule.WarmupEpochs));
        Assert.Equal("--set Optimizer.lr.warmup_epoch=0", imported.Lines.Single(line => line.Key == "Optimizer.lr.warmup_epoch").Place);
    }

    [Theory]
    [InlineData("mindcv", "epoch_size: 30", "epochsize: 30", "mindcv.yaml:16:1: unknown key 'epochsize'; did you mean 'epoch_size'?")]
    [InlineData("mindcv", "lr: 0.05", "lr: fast", "lr is 'fast'; wanted a number")]
    [InlineData("mindcv", "scheduler: cosine_decay", "scheduler: cosine", "scheduler is 'cosine'; wanted one of cosine_decay")]
    [InlineData("paddle", "sh: 1.0/3.0", "sh: __import__('os')", "sh is '__import__('os')'; wanted a number")]
    [InlineData("paddle", "RandFlipImage: {flip_code: 1}", "RandFlipImage: {flipcode: 1}", "unknown key 'flipcode' in DataLoader.Train.dataset.transform_ops[2].RandFlipImage; did you mean 'flip_code'?")]
    [InlineData("repvgg", "BASE_LR: 0.1", "BASE_LEARNING: 0.1", "unknown key 'BASE_LEARNING' in TRAIN")]
    [InlineData("cifar-tricks", "bs: 128", "bs: 12.5", "bs is '12.5'; wanted a whole number")]
    public void What_is_wrong_is_told_with_its_place(string name, string right, string wrong, string message) =>
        Assert.Contains(message, Problems(Samples.All[name].Text.Replace(right, wrong, StringComparison.Ordinal), $"{name}.yaml"), StringComparison.Ordinal);

    [Theory]
    [InlineData("mindcv", "mobilenet_v2_100", "volo_d1", "model: the catalogue has no model 'volo_d1'")]
    [InlineData("paddle", "CELoss: {weight: 1.0, epsilon: 0.1}", "TripletLoss: {margin: 0.5}", "there is no loss 'TripletLoss'")]
    [InlineData("paddle", "name: Piecewise, decay_epochs", "name: Unheard, decay_epochs", "there is no schedule 'Unheard'")]
    public void What_is_missing_here_refuses_the_file_and_leaves_the_list_whole(string name, string present, string missing, string message)
    {
        var imported = Parse(Samples.All[name].Text.Replace(present, missing, StringComparison.Ordinal));
        Assert.Null(imported.Recipe);
        Assert.Contains(message, Assert.Single(imported.Refusals), StringComparison.Ordinal);
        Assert.Contains(imported.Lines, line => line.Outcome == ImportOutcome.Impossible);
    }

    [Theory]
    [InlineData("model: {name: resnet18}\ntrain: {epochs: 3}\n")]
    [InlineData("a: 1\nb: 2\nc: 3\n")]
    public void What_is_ours_or_nobodys_is_no_foreign_file(string text) =>
        Assert.Contains("is a file of no system that is known here", Assert.Throws<RecipeException>(() => Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Hostile_texts_are_refused_with_a_line()
    {
        var bomb = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + string.Concat(Enumerable.Range(0, 9).Select(i =>
            $"{(char)('b' + i)}: &{(char)('b' + i)} [{string.Join(", ", Enumerable.Repeat($"*{(char)('a' + i)}", 10))}]\n")) + Samples.MindCv;
        Refused(bomb, "names that make more than");
        Refused("a: &a [*a]\n" + Samples.MindCv, "which nothing before it is called");
        Refused("a: " + new string('[', 100_000) + "\n" + Samples.MindCv, "levels deep");
        Refused(string.Concat(Enumerable.Range(0, 90_000).Select(i => $"k{i}: 1\n")) + Samples.MindCv, "no system that is known");
        Refused(new string(' ', (1 << 20) + 1), "at most");

        static void Refused(string text, string message)
        {
            var line = Assert.Throws<RecipeException>(() => Parse(text)).Message;
            Assert.Contains(message, line, StringComparison.Ordinal);
        }
    }

    private static ImportedRecipe Imported(string name, int cards = 1) => RecipeImport.Parse(Samples.All[name].Text, $"{name}.yaml", new() { Cards = cards });

    private static ImportedRecipe Parse(string text) => RecipeImport.Parse(text, "x.yaml");

    private static string Problems(string text, string file) => Assert.Throws<RecipeException>(() => RecipeImport.Parse(text, file)).Message;

    private static string Text(ImportedRecipe imported, string key) => imported.Lines.Single(line => line.Key == key && !line.IsDefault).Text;
}
