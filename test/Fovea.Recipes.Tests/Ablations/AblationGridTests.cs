using Fovea.Recipes.Ablations;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Recipes.Tests.Ablations;

public class AblationGridTests
{
    private const string Four = """
        base:
          augment: {transforms: [random_crop]}
        tricks:
          cutout: augment.transforms[+]=cutout
          mixup: {augment: {mixing: [mixup]}}
          autoaugment: ["augment.transforms[+]=auto_augment"]
          random-erase:
            augment.transforms[+]: {kind: random_erasing, probability: 0.5}

        """;

    private const string Two = """
        base: {optimizer: {learning_rate: 0.1}}
        tricks:
          a: optimizer.weight_decay=0
          b: train.ema_decay=0.9

        """;

    private static AblationGrid Grid(string text, params RecipeOverride[] changes) => AblationGrid.Parse(text, "grid.yaml", changes);

    private static string[] Names(string text) => [.. Grid(text).Rows.Select(row => row.Name)];

    private static void Fails(string message, string text) => Assert.Equal(message, Assert.Throws<RecipeException>(() => Grid(text)).Message);

    /// <summary>The grid of pytorch-cifar-tricks, section 3.9.</summary>
    [Fact]
    public void Four_tricks_in_pairs_are_the_eleven_rows_of_the_published_grid() => Assert.Equal(
        [
            "base", "cutout", "mixup", "autoaugment", "random-erase", "cutout+mixup", "cutout+autoaugment", "cutout+random-erase", "mixup+autoaugment",
            "mixup+random-erase", "autoaugment+random-erase",
        ],
        Names(Four + "rows: pairs"));

    [Theory]
    [InlineData("", "base cutout mixup autoaugment random-erase")]
    [InlineData("rows: each", "base cutout mixup autoaugment random-erase")]
    [InlineData(
        "rows: without",
        "cutout+mixup+autoaugment+random-erase mixup+autoaugment+random-erase cutout+autoaugment+random-erase cutout+mixup+random-erase "
        + "cutout+mixup+autoaugment")]
    [InlineData("rows: [[], [mixup, cutout], [random-erase]]", "base cutout+mixup random-erase")]
    public void Rows_are_those_of_the_arrangement(string rows, string names) => Assert.Equal(names.Split(' '), Names(Four + rows));

    [Fact]
    public void Full_has_every_combination_once()
    {
        var names = Names(Four + "rows: full");
        Assert.Equal((16, 16), (names.Length, names.Distinct().Count()));
        Assert.Equal(("base", "cutout+mixup+autoaugment+random-erase"), (names[0], names[^1]));
    }

    [Fact]
    public void A_row_trains_by_the_base_with_its_tricks_and_the_seed()
    {
        var grid = Grid(Four + "rows: [[cutout, mixup, random-erase]]\nseeds: [3, 5]\nset: [train.epochs=4]");
        Assert.Equal(["cutout+mixup+random-erase/seed-3", "cutout+mixup+random-erase/seed-5"], grid.Runs.Select(run => run.Folder));
        var recipe = grid.Runs[1].Recipe;
        Assert.Equal(["random_crop", "cutout", "random_erasing"], recipe.Augment.Transforms.Select(transform => transform.Kind));
        Assert.Equal(("mixup", 4, 5UL), (recipe.Augment.Mixing.Single().Kind, recipe.Train.Epochs, recipe.Train.Seed));
    }

    [Fact]
    public void Every_row_has_the_first_seed_before_the_second_begins() => Assert.Equal(
        ["base/seed-1", "a/seed-1", "b/seed-1", "base/seed-0", "a/seed-0", "b/seed-0"], Grid(Two + "seeds: [1, 0]").Runs.Select(run => run.Folder));

    [Theory]
    [InlineData("x: optimizer.weight_decay=0.25")]
    [InlineData("x: [\"optimizer.weight_decay=0.25\"]")]
    [InlineData("x: {optimizer.weight_decay: 0.25}")]
    [InlineData("x: {optimizer: {weight_decay: 0.25}}")]
    public void A_trick_may_be_written_as_set_takes_it_or_as_sections(string trick)
    {
        var grid = Grid($"base: {{optimizer: {{learning_rate: 0.3}}}}\ntricks:\n  {trick}\n");
        var rule = Assert.IsType<SgdOptions>(grid.Runs[1].Recipe.Optimizer);
        Assert.Equal((0.25, 0.3), (rule.WeightDecay, rule.LearningRate));
    }

    [Fact]
    public void A_section_that_names_its_kind_replaces_another_and_other_tricks_go_into_it()
    {
        var grid = Grid("""
            base: {optimizer: {kind: sgd, momentum: 0.8, nesterov: true}}
            tricks:
              decay: optimizer.weight_decay=0.02
              adamw: {optimizer: {kind: adamw, learning_rate: 0.001}}
            rows: full
            """);
        var rule = Assert.IsType<AdamWOptions>(grid.Runs[^1].Recipe.Optimizer);
        Assert.Equal((0.02, 0.001), (rule.WeightDecay, rule.LearningRate));
    }

    [Fact]
    public void The_base_may_be_a_file_beside_the_grid_and_set_has_the_last_word()
    {
        var folder = Directory.CreateTempSubdirectory("fovea-grid");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "grids"));
            File.WriteAllText(Path.Combine(folder.FullName, "r.yaml"), "schedule: linear\ntrain: {epochs: 7, seed: 4}");
            var path = Path.Combine(folder.FullName, "grids", "g.yaml");
            File.WriteAllText(path, "base: ../r.yaml\nset: {train: {epochs: 8}}\ntricks: {a: optimizer.weight_decay=0}");
            var grid = AblationGrid.Load(path, RecipeOverride.Parse("train.epochs=9"));
            Assert.IsType<LinearOptions>(grid.Base.Schedule);
            Assert.Equal((9, 4UL), (grid.Runs[0].Recipe.Train.Epochs, grid.Seeds.Single()));
            var missing = Assert.Throws<RecipeException>(() => AblationGrid.Load(path.Replace("g.yaml", "h.yaml", StringComparison.Ordinal)));
            Assert.EndsWith("h.yaml: there is no such grid; did you mean 'g.yaml'?", missing.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Tricks_that_set_the_same_to_different_values_in_one_row_are_refused()
    {
        const string tricks = "base: {}\ntricks:\n  cosine: {schedule: {kind: cosine, k_decay: 2}}\n  linear: schedule=linear\n";
        Assert.Equal(["base", "cosine", "linear"], Names(tricks));
        Fails(
            "grid.yaml:4:11 (trick linear): the tricks 'cosine' and 'linear' are in one row and set schedule to {kind: cosine, k_decay: 2} and to linear; "
            + "wanted one value, or rows in which they are not on together", tricks + "rows: pairs");
    }

    [Theory]
    [InlineData("a: optimizer.weight_decay=0\n  b: optimizer.weight_decay=1", "set optimizer.weight_decay to 0 and to 1;")]
    [InlineData("a: {optimizer: {kind: adamw}}\n  b: optimizer.kind=lion", "set optimizer.kind to adamw and to lion;")]
    [InlineData("a: optimizer=adamw\n  b: optimizer.kind=lion", "set optimizer.kind to adamw and to lion;")]
    [InlineData("a: \"optimizer={kind: adamw, beta1: 0.5}\"\n  b: optimizer.beta1=0.6", "set optimizer.beta1 to 0.5 and to 0.6;")]
    [InlineData("a: {augment.mixing: [mixup]}\n  b: {augment.mixing: [cutmix]}", "set augment.mixing to [mixup] and to [cutmix];")]
    [InlineData(
        "a: {augment.transforms: [cutout]}\n  b: augment.transforms[0].min_scale=0.5",
        "set augment.transforms[0].min_scale to (a list as a whole) [cutout] and to 0.5;")]
    public void Every_way_to_contradict_is_found(string tricks, string message) => Assert.Contains(
        message, Assert.Throws<RecipeException>(() => Grid($"base: {{}}\ntricks:\n  {tricks}\nrows: [[a, b]]")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a: augment.transforms[+]=cutout\n  b: augment.transforms[+]=random_erasing")]
    [InlineData("b: augment.transforms[+]=random_erasing\n  a: {augment.transforms: [cutout]}")]
    [InlineData("a: optimizer.weight_decay=0\n  b: {optimizer: {weight_decay: 0, learning_rate: 1}}")]
    public void What_adds_to_a_list_or_agrees_contradicts_nothing(string tricks) =>
        Assert.Equal(2, Grid($"base: {{}}\ntricks:\n  {tricks}\nrows: [[a], [b, a]]").Rows.Count);

    [Fact]
    public void Rows_that_come_to_the_same_recipe_are_refused() => Fails(
        "grid.yaml:3:3: the rows a and b come to the same recipe; wanted tricks that change it together, too",
        "base: {}\ntricks:\n  a: {optimizer: adamw}\n  b: optimizer.kind=adamw");

    [Fact]
    public void A_trick_that_changes_nothing_is_refused() => Fails(
        "grid.yaml:3:3: the trick 'a' changes nothing: the base recipe is so already; wanted other values, or no such trick",
        "base: {}\ntricks:\n  a: optimizer.kind=sgd");

    [Fact]
    public void Unknown_keys_names_and_words_are_refused_where_they_stand()
    {
        Fails("grid.yaml:6:1: unknown key 'sed' in a grid; did you mean 'set'?", Two + "\nsed: [1]");
        Fails("grid.yaml:5:14: there is no trick 'c'; did you mean 'a'?", Two + "rows: [[a], [c]]");
        Fails(
            "grid.yaml:5:7: rows is 'pair'; wanted each or without or pairs or full, or lists of names: [[], [cutout]]; did you mean 'pairs'?",
            Two + "rows: pair");
        Fails("grid.yaml:5:8: score is 'first'; wanted last or best", Two + "score: first");
        Fails("grid.yaml:1:1: the grid lacks the key 'tricks'; wanted names, and what each sets", "base: {}");
    }

    [Fact]
    public void Seeds_rows_and_names_that_cannot_be_are_refused()
    {
        Fails("grid.yaml:5:12: the seed 1 stands twice; wanted each once", Two + "seeds: [1, 1]");
        Fails("grid.yaml:5:8: seeds are an empty list; wanted at least one number, as [0, 1, 2]", Two + "seeds: []");
        Fails("grid.yaml:5:8: seeds are no list; wanted at least one number, as [0, 1, 2]", Two + "seeds: 1");
        Fails("grid.yaml:5:9: a seed is '-1'; wanted a whole number, not negative", Two + "seeds: [-1]");
        Fails("grid.yaml:5:7: the row a+b stands twice; wanted each once", Two + "rows: [[a, b], [b, a]]");
        Fails("grid.yaml:5:8: a row is no list; wanted names in brackets, as [a], or [] for none", Two + "rows: [a]");
        Fails(
            "grid.yaml:3:6 (trick s): a trick sets train.seed; wanted 'seeds: [0, 1, 2]' in the grid, for all rows alike",
            "base: {}\ntricks:\n  s: train.seed=3");
        Fails(
            "grid.yaml:3:3: 'base' is no name of a trick; wanted letters, digits, '_', '-' and '.', at most 60, and not 'base'",
            "base: {}\ntricks:\n  base: train.epochs=3");
    }

    [Fact]
    public void A_row_whose_recipe_cannot_be_used_is_told_with_the_trick_and_its_place() => Fails(
        "grid.yaml:3:6 (trick a): the row a makes no recipe:\n"
        + "grid.yaml:3:6 (trick a): unknown key 'momentun' in optimizer of kind sgd; did you mean 'momentum'?",
        "base: {}\ntricks:\n  a: optimizer.momentun=0.5");
}
