using Fovea.Data.Augment;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Recipes.Tests;

public class RecipeReaderTests
{
    private static string[] Problems(string text, params string[] sets) =>
        Assert.Throws<RecipeException>(() => Read(text, sets)).Message.Split('\n');

    private static TrainRecipe Read(string text, params string[] sets) =>
        RecipeReader.Parse(text, "x.yaml", [.. sets.Select(RecipeOverride.Parse)]);

    [Fact]
    public void An_empty_recipe_has_all_defaults() => Assert.Equal(RecipeWriter.Write(new TrainRecipe()), RecipeWriter.Write(Read("")));

    [Fact]
    public void A_recipe_sets_what_it_names_and_leaves_the_rest()
    {
        var recipe = Read("""
            model: {name: resnet34}
            data:
              mean: [0.5, 0.25, 1e-1]
              bad_images: quarantine
            optimizer:
              kind: adamw
              learning_rate: 3e-4
              decay_1d: true
            schedule: {kind: step, milestones: [3, 6], warmup_learning_rate: 0.01}
            train: {epochs: 9, seed: 18446744073709551615, precision: bf16}
            """);
        Assert.Equal("resnet34", recipe.Model.Name);
        Assert.Equal([0.5, 0.25, 0.1], recipe.Data.Mean);
        Assert.Equal(Fovea.Data.Batching.BadImagePolicy.Quarantine, recipe.Data.BadImages);
        Assert.Equal(new AdamWOptions { LearningRate = 3e-4, Decay1d = true }, recipe.Optimizer);
        Assert.Equal([3, 6], Assert.IsType<StepOptions>(recipe.Schedule).Milestones);
        Assert.Equal(0.01, recipe.Schedule.WarmupLearningRate);
        Assert.Equal((9, ulong.MaxValue, Precision.Bf16), (recipe.Train.Epochs, recipe.Train.Seed, recipe.Train.Precision));
        Assert.Equal(new CrossEntropyOptions(), recipe.Loss);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var recipe = Read("""
            model: {name: repvgg, num_blocks: [1, 2, 3, 1], width_multiplier: [0.5, 0.5, 0.5, 1.25], weights: "a \"quoted\" file: #1.pth"}
            schedule: {kind: constant, warmup_epochs: 0.3}
            train: {ema_decay: 0.9999, clip_gradient_norm: 0.1}
            """);
        var text = RecipeWriter.Write(recipe);
        Assert.Equal("a \"quoted\" file: #1.pth", Read(text).Model.Weights);
        Assert.Equal(text, RecipeWriter.Write(Read(text)));
    }

    [Fact]
    public void An_unknown_key_is_named_with_line_column_and_the_nearest() => Assert.Equal(
        ["x.yaml:3:3: unknown key 'learnig_rate' in optimizer of kind sgd; did you mean 'learning_rate'?"],
        Problems("optimizer:\n  kind: sgd\n  learnig_rate: 0.1\n"));

    [Fact]
    public void A_recipe_knows_where_its_options_stand_and_is_the_same_without()
    {
        var recipe = Read("optimizer:\n  no_decay: [a]\n", "loss={kind: kd, labels: {kind: focal}}");
        Assert.Equal("x.yaml:2:3", recipe.Places.Of("optimizer.no_decay"));
        Assert.Equal("x.yaml:1:1", recipe.Places.Of("optimizer.also_decay"));
        Assert.Equal("x.yaml", recipe.Places.Of("train.epochs"));
        Assert.StartsWith("--set loss=", recipe.Places.Of("loss.labels.alpha"), StringComparison.Ordinal);
        Assert.Equal("", new TrainRecipe().Places.Of("train.epochs"));
        Assert.Equal(recipe, recipe.WrittenAt(new("elsewhere.yaml", new Dictionary<string, string>())));
        Assert.Equal("x.yaml:2:3", (recipe with { Train = new() { Epochs = 3 } }).Places.Of("optimizer.no_decay"));
        Assert.DoesNotContain("places", RecipeWriter.Write(recipe), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[*.bias]", "*.bias", 14)]
    [InlineData("[*]", "*", 14)]
    [InlineData("*identity.weight", "*identity.weight", 13)]
    [InlineData("[conv.weight, *bn?.bias]", "*bn?.bias", 27)]
    [InlineData("\n    - *.bias", "*.bias", 7)]
    public void A_word_that_YAML_takes_for_an_alias_is_to_be_quoted(string value, string word, int column)
    {
        var problem = Assert.Single(Problems($"optimizer:\n  no_decay: {value}\n"));
        Assert.EndsWith(
            $":{column}: {word} without quotes is an alias by the rules of YAML; wanted \"{word}\" in quotes, or the value itself", problem,
            StringComparison.Ordinal);
        if (value.Contains('\n', StringComparison.Ordinal)) return;
        Assert.EndsWith(
            $"{word} without quotes is an alias by the rules of YAML; wanted \"{word}\" in quotes, or the value itself",
            Assert.Throws<RecipeException>(() => RecipeOverride.Parse($"optimizer.no_decay={value}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_section_gets_the_nearest() =>
        Assert.Equal(["x.yaml:1:1: unknown key 'optimiser' in the recipe; did you mean 'optimizer'?"], Problems("optimiser: {kind: sgd}\n"));

    [Fact]
    public void A_key_like_no_other_gets_all_that_there_are() =>
        Assert.Equal(["x.yaml:2:25: unknown key 'temperature' in schedule.warmup of kind power; it has power"],
            Problems("schedule:\n  warmup: {kind: power, temperature: 3}\n"));

    [Fact]
    public void A_key_of_another_kind_says_which_kinds_have_it()
    {
        Assert.Equal(
            ["x.yaml:1:11: unknown key 'decay' in average of kind none; kind ema has it: say which, as kind: ema"], Problems("average: {decay: 0.9}\n"));
        Assert.Equal(["x.yaml:1:11: unknown key 'speed' in average of kind none; it has none"], Problems("average: {speed: 0.9}\n"));
    }

    [Fact]
    public void Keys_of_a_kind_that_is_unknown_are_not_judged() => Assert.StartsWith(
        "x.yaml:1:19: optimizer.kind is 'sign_sgd'; wanted ", Assert.Single(Problems("optimizer: {kind: sign_sgd, strength: 3}\n")), StringComparison.Ordinal);

    [Fact]
    public void A_colon_without_a_blank_is_told() => Assert.Equal(
        ["--set optimizer={kind:adamw}: unknown key 'kind:adamw' in optimizer of kind sgd; wanted a blank after the colon: kind: adamw"],
        Problems("", "optimizer={kind:adamw}"));

    [Fact]
    public void Set_adds_an_item_by_one_of_its_keys()
    {
        var added = Read("", "optimizer.around[+].kind=lookahead", "optimizer.around[0].every=7").Optimizer;
        Assert.Equal([new LookaheadOptions { Every = 7 }], added.Around);
    }

    [Fact]
    public void Set_that_undoes_one_before_it_is_refused()
    {
        var error = Assert.Throws<RecipeException>(() => Read("", "optimizer.weight_decay=0.1", "optimizer=adamw"));
        Assert.Equal("--set optimizer=adamw: it undoes --set optimizer.weight_decay=0.1 before it; wanted it first", error.Message);
        Assert.Equal(0.1, Read("", "optimizer=adamw", "optimizer.weight_decay=0.1").Optimizer.WeightDecay);
        Assert.Throws<RecipeException>(() => Read("", "augment.transforms[+]=cutout", "augment.transforms=[]"));
    }

    [Theory]
    [InlineData("train:\n  epochs: ten\n", "x.yaml:2:11: train.epochs is 'ten'; wanted a whole number")]
    [InlineData("train:\n  epochs: 1.5\n", "x.yaml:2:11: train.epochs is '1.5'; wanted a whole number")]
    [InlineData("train:\n  epochs: \"3\"\n", "x.yaml:2:11: train.epochs is the text '3'; wanted a whole number")]
    [InlineData("train:\n  epochs:\n", "x.yaml:2:10: train.epochs has no value; wanted a whole number")]
    [InlineData("train:\n  epochs: [1, 2]\n", "x.yaml:2:11: train.epochs is [1, 2]; wanted a whole number")]
    [InlineData("train:\n  seed: -1\n", "x.yaml:2:9: train.seed is '-1'; wanted a whole number, not negative")]
    [InlineData("train:\n  ema_decay: .nan\n", "x.yaml:2:14: train.ema_decay is '.nan'; wanted a finite number")]
    [InlineData("train:\n  drop_last: yes\n", "x.yaml:2:14: train.drop_last is 'yes'; wanted true or false")]
    [InlineData("train:\n  precision: fp16\n", "x.yaml:2:14: train.precision is 'fp16'; wanted fp32 or bf16 or auto; did you mean 'bf16'?")]
    [InlineData("data:\n  mean: 0.5\n", "x.yaml:2:9: data.mean is '0.5'; wanted a list: each item a number, as in [0.5]")]
    [InlineData("train:\n  epochs: 3000000000\n", "x.yaml:2:11: train.epochs is '3000000000'; wanted a whole number, at most 2147483647 in size")]
    [InlineData("data:\n  bad_images: skp\n", "x.yaml:2:15: data.bad_images is 'skp'; wanted fail or skip or quarantine; did you mean 'skip'?")]
    [InlineData(
        "schedule: {warmup: {kind: linea}}\n",
        "x.yaml:1:27: schedule.warmup.kind is 'linea'; wanted linear, constant, exponential or power; did you mean 'linear'?")]
    [InlineData(
        "schedule: {warmup: linea}\n",
        "x.yaml:1:20: schedule.warmup is 'linea'; wanted linear, constant, exponential or power, or keys below it: kind, …; did you mean 'linear'?")]
    [InlineData("schedule: {restarts: 3}\n", "x.yaml:1:22: schedule.restarts is '3'; wanted keys below it: multiplier, decay, cycles, ends_late")]
    [InlineData("- a\n- b\n", "x.yaml:1:1: a recipe is a map of sections; wanted lines such as 'model:' and below it '  name: resnet18'")]
    [InlineData("train:\n  epochs: 1\n  epochs: 2\n", "x.yaml:3:3: a second 'epochs' (the first: x.yaml:2:3); wanted each key once")]
    [InlineData("train: &a {epochs: 1}\n", "x.yaml:1:8: an anchor, &a; wanted the value alone")]
    [InlineData("train: {epochs: 1}\n---\nloss: {}\n", "x.yaml:2:1: a second document; wanted one document")]
    public void A_value_of_the_wrong_kind_is_named_with_its_place(string text, string problem) => Assert.Equal([problem], Problems(text));

    [Fact]
    public void Broken_yaml_is_named_with_its_place() =>
        Assert.StartsWith("x.yaml:1:15: this is no YAML", Assert.Single(Problems("train: {epochs: 1\nloss: {\n")), StringComparison.Ordinal);

    [Fact]
    public void All_range_errors_come_at_once_with_their_places() => Assert.Equal(
        [
            "x.yaml:1:24: optimizer.momentum is 1.5; wanted at least 0 and below 1",
            "x.yaml:3:3: train.epochs is 0; wanted at least 1",
            "--set train.batch_size=-4: train.batch_size is -4; wanted at least 0",
        ],
        Problems("optimizer: {kind: sgd, momentum: 1.5}\ntrain:\n  epochs: 0\n", "train.batch_size=-4"));

    [Fact]
    public void A_kind_that_is_left_out_is_the_default_one_and_one_that_is_named_alone_has_its_defaults()
    {
        Assert.Equal(new CosineOptions { WarmupEpochs = 1 }, Read("schedule: {warmup_epochs: 1}\n").Schedule);
        Assert.Equal(new AdamWOptions(), Read("optimizer: adamw\n").Optimizer);
        Assert.Equal(new AdamWOptions { Beta1 = 0.8 }, Read("optimizer: adamw\n", "optimizer.beta1=0.8").Optimizer);
        Assert.Equal(new ConstantOptions(), Read("", "schedule=constant").Schedule);
    }

    [Fact]
    public void Set_replaces_values_and_sections()
    {
        const string Text = "optimizer: {kind: sgd, nesterov: true}\n";
        Assert.Equal(0.3, Read(Text, "optimizer.learning_rate=0.3").Optimizer.LearningRate);
        Assert.Equal(2, Read("", "train.epochs=1", "train.epochs=2").Train.Epochs);
        Assert.Equal(new AdamWOptions { Beta1 = 0.8 }, Read(Text, "optimizer={kind: adamw, beta1: 0.8}").Optimizer);
        Assert.Equal(0.5, Read("", "optimizer.momentum=0.5") is { Optimizer: SgdOptions sgd } ? sgd.Momentum : -1);
        Assert.Equal([1.0, 0.5, 0.25], Read("", "data.std=[1, 0.5, 0.25]").Data.Std);
    }

    [Theory]
    [InlineData(
        "optimizer.learnig_rate=1", "--set optimizer.learnig_rate=1: unknown key 'learnig_rate' in optimizer of kind sgd; did you mean 'learning_rate'?")]
    [InlineData("optimiser.momentum=1", "--set optimiser.momentum=1: there is no section 'optimiser'; did you mean 'optimizer'?")]
    [InlineData("train.epochs=x", "--set train.epochs=x: train.epochs is 'x'; wanted a whole number")]
    [InlineData("train.epochs", "--set train.epochs: wanted KEY=VALUE, as in optimizer.learning_rate=0.2")]
    public void A_wrong_set_is_quoted(string set, string problem) => Assert.Equal([problem], Problems("", set));

    public static TheoryData<string, string> DeepTexts => new()
    {
        { "flow", "model: " + new string('[', 100_000) },
        { "flow, closed", "model: " + new string('[', 20_000) + new string(']', 20_000) },
        { "flow maps", string.Concat(Enumerable.Repeat("{a: ", 100_000)) },
        { "flow, mixed", "a: " + string.Concat(Enumerable.Repeat("[{a: ", 50_000)) },
        { "flow, by lines", "a:\n" + string.Concat(Enumerable.Repeat(" [\n", 50_000)) },
        { "block lists", "a:\n  " + string.Concat(Enumerable.Repeat("- ", 100_000)) + "x" },
        { "block maps", string.Concat(Enumerable.Range(0, 500).Select(depth => new string(' ', depth) + "a:\n")) },
        { "keys of keys", string.Concat(Enumerable.Repeat("? ", 100_000)) },
    };

    [Theory]
    [MemberData(nameof(DeepTexts))]
    public void Deep_nesting_is_refused_and_overflows_no_stack(string what, string text)
    {
        var problem = Assert.Single(Problems(text));
        Assert.True(
            problem.Contains("a value more than 16 levels deep", StringComparison.Ordinal)
                || problem.Contains("a key that is no word", StringComparison.Ordinal),
            $"{what}: {problem}");
        Assert.StartsWith("x.yaml:", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_in_a_value_of_the_command_line_is_refused() => Assert.Contains(
        "a value more than 16 levels deep", Assert.Single(Problems("", "data.mean=" + new string('[', 100_000))), StringComparison.Ordinal);

    [Fact]
    public void Many_wrong_keys_are_counted_and_the_first_of_them_listed()
    {
        var text = "train:\n" + string.Concat(Enumerable.Range(0, 60_000).Select(i => $"  k{i}: 1\n"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var problems = Problems(text);
        Assert.Equal((21, "and 59980 more problems"), (problems.Length, problems[^1]));
        Assert.StartsWith("x.yaml:2:3: unknown key 'k0' in train", problems[0], StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400L << 20);
    }

    [Fact]
    public void Long_words_and_lists_are_cut_in_messages()
    {
        var words = Assert.Single(Problems($"{new string('k', 900)}: 1"));
        Assert.Contains($"unknown key '{new string('k', 80)}…' in the recipe; it has model, ", words, StringComparison.Ordinal);
        var numbers = Assert.Single(Problems($"data: {{mean: [{string.Join(", ", Enumerable.Repeat("0.5", 100_000))}]}}"));
        Assert.Contains("data.mean is [0.5, 0.5, ", numbers, StringComparison.Ordinal);
        Assert.InRange(numbers.Length, 100, 400);
    }

    [Fact]
    public void Text_longer_than_any_recipe_is_refused() => Assert.Equal(
        "x.yaml: is of the length 1048577; a recipe, some lines of YAML, has at most 1048576 characters",
        Assert.Single(Problems(new string('#', (1 << 20) + 1))));

    [Fact]
    public void Control_codes_in_keys_and_values_are_shown_as_escapes() => Assert.Equal(
        ["x.yaml:1:1: unknown key '\\u001b[2J' in the recipe; it has model, data, optimizer, schedule, loss, augment, train"[..40]],
        Problems("\"\\e[2J\": 1").Select(problem => problem[..40]));

    [Fact]
    public void Another_kind_comes_with_its_defaults()
    {
        const string text = "optimizer: {kind: adamw, learning_rate: 0.002, beta1: 0.5}\n"
            + "augment:\n  transforms:\n    - {kind: random_resized_crop, min_scale: 0.7, max_scale: 1}\n    - {kind: cutout, length: 3}\n";
        var recipe = RecipeReader.Parse(
            text, "x.yaml", RecipeOverride.Parse("augment.transforms[0].kind=random_affine"), RecipeOverride.Parse("optimizer.kind=lion"),
            RecipeOverride.Parse("augment.transforms[1].kind=cutout"));
        Assert.Equal(new RandomAffine(), recipe.Augment.Transforms[0]);
        Assert.Equal(new Cutout { Length = 3 }, recipe.Augment.Transforms[1]);
        Assert.Equal(new LionOptions { LearningRate = 0.002 }, recipe.Optimizer);
    }

    [Fact]
    public void Another_kind_undoes_nothing_that_was_set_before_it() => Assert.StartsWith(
        "--set optimizer.beta1=0.3: unknown key 'beta1' in optimizer of kind sgd; ",
        Assert.Throws<RecipeException>(() => RecipeReader.Parse(
            "optimizer: {kind: adamw}", "x.yaml", RecipeOverride.Parse("optimizer.beta1=0.3"), RecipeOverride.Parse("optimizer.kind=sgd"))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Epochs_that_are_no_number_judge_no_warm_up() => Assert.Equal(
        "x.yaml:1:17: train.epochs is 'many'; wanted a whole number",
        Assert.Throws<RecipeException>(() => RecipeReader.Parse("train: {epochs: many}\nschedule: {warmup_epochs: 50}", "x.yaml")).Message);
}
