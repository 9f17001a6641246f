using Fovea.Training.Recipes;

namespace Fovea.Recipes.Tests;

/// <summary>Single values: what they may be, and what is said of those that do not fit.</summary>
public class RecipeValueTests
{
    private static TrainRecipe Read(string text, params string[] sets) =>
        RecipeReader.Parse(text, "x.yaml", [.. sets.Select(RecipeOverride.Parse)]);

    private static string Problem(string text, params string[] sets) => Assert.Throws<RecipeException>(() => Read(text, sets)).Message;

    [Theory]
    [InlineData("/tmp/my #1/w.safetensors", "/tmp/my #1/w.safetensors")]
    [InlineData("#1.safetensors", "#1.safetensors")]
    [InlineData("\"a #1\"", "a #1")]
    [InlineData("'a #1'", "a #1")]
    [InlineData("a#1", "a#1")]
    public void A_text_of_the_command_line_keeps_what_would_be_a_comment_in_a_file(string value, string weights) =>
        Assert.Equal(weights, Read("", $"model.weights={value}").Model.Weights);

    [Theory]
    [InlineData("model.drop_rate=#0.3", "model.drop_rate is '#0.3'; wanted a number")]
    [InlineData("train.epochs=5 # many", "train.epochs is '5 # many'; wanted a whole number")]
    [InlineData("model.num_blocks=[1, 2] # two", "a # behind a blank begins a comment by the rules of YAML; wanted words with it in quotes, or none")]
    [InlineData("model.weights='a' #b", "a # behind a blank begins a comment by the rules of YAML; wanted words with it in quotes, or none")]
    [InlineData("optimizer={momentum: 0} #", "a # behind a blank begins a comment by the rules of YAML; wanted words with it in quotes, or none")]
    public void A_comment_on_the_command_line_is_refused_where_no_text_is_wanted(string set, string problem) =>
        Assert.Contains($"--set {set}: {problem}", Problem("", set), StringComparison.Ordinal);

    [Fact]
    public void A_word_of_several_may_stand_in_quotes() =>
        Assert.Equal(Precision.Bf16, Read("train: {precision: \"bf16\"}").Train.Precision);

    [Fact]
    public void Comments_in_a_file_are_comments() =>
        Assert.Equal("a", Read("model: # the net\n  weights: a # the file\n").Model.Weights);

    [Theory]
    [InlineData("model: {num_blocks: \"[1,2]\"}", "model.num_blocks is the text '[1,2]'; wanted a list: each item a whole number, as in [1,2] without quotes")]
    [InlineData("model: {num_blocks: 3}", "model.num_blocks is '3'; wanted a list: each item a whole number, as in [3]")]
    [InlineData("model:\n  num_blocks: 1,2", "model.num_blocks is '1,2'; wanted a list: each item a whole number, as in [1,2]")]
    [InlineData("model: {num_blocks: many}", "model.num_blocks is 'many'; wanted a list: each item a whole number")]
    [InlineData("optimizer: {no_decay: \"*.bias\"}", "optimizer.no_decay is the text '*.bias'; wanted a list: each item a text, as in [\"*.bias\"]")]
    [InlineData("optimizer: {no_decay: \"[a, b]\"}", "optimizer.no_decay is the text '[a, b]'; wanted a list: each item a text, as in [a, b] without quotes")]
    public void A_list_that_is_none_is_shown_one_that_would_be(string text, string problem) =>
        Assert.EndsWith($": {problem}", Problem(text), StringComparison.Ordinal);

    [Theory]
    [InlineData(".inf")]
    [InlineData("-.inf")]
    [InlineData("+.INF")]
    [InlineData(".NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    public void A_number_without_end_is_told_that_a_finite_one_is_wanted(string value)
    {
        Assert.Equal($"x.yaml:1:20: train.ema_decay is '{value}'; wanted a finite number", Problem($"train: {{ema_decay: {value}}}"));
        Assert.Equal($"x.yaml:1:18: data.mean[1] is '{value}'; wanted a finite number", Problem($"data: {{mean: [1, {value}]}}"));
    }

    [Theory]
    [InlineData("18446744073709551616", "wanted a whole number, not negative, at most 18446744073709551615")]
    [InlineData("-1", "wanted a whole number, not negative")]
    [InlineData("1.5", "wanted a whole number, not negative")]
    public void A_seed_that_is_none_is_told_the_bound_that_it_breaks(string value, string wanted) =>
        Assert.Equal($"x.yaml:1:15: train.seed is '{value}'; {wanted}", Problem($"train: {{seed: {value}}}"));

    [Theory]
    [InlineData("model: {num_blocks: [1, 2.5, x]}", "x.yaml:1:25: model.num_blocks[1] is '2.5'; wanted a whole number")]
    [InlineData("model: {num_blocks: [1, 3000000000]}", "x.yaml:1:25: model.num_blocks[1] is '3000000000'; wanted a whole number, at most 2147483647 in size")]
    [InlineData("data: {mean: [0.5, [0.5], 0.5]}", "x.yaml:1:20: data.mean[1] is [0.5]; wanted a number")]
    [InlineData("optimizer: {no_decay: [a, ~]}", "x.yaml:1:27: optimizer.no_decay[1] has no value; wanted a text")]
    [InlineData(
        "train: {keep: [latest, bst]}", "x.yaml:1:24: train.keep[1] is 'bst'; wanted latest or previous or best or best_state; did you mean 'best'?")]
    public void Of_a_list_the_item_that_does_not_fit_is_told(string text, string problem) => Assert.Equal(problem, Problem(text));
}
