using Fovea.Training.Metrics;
using Fovea.Training.State;

namespace Fovea.Training.Tests.Evaluation;

public class MetricsCounterTests
{
    [Fact]
    public void Shares_loss_and_table_are_those_counted_by_hand()
    {
        var counter = new MetricsCounter(["ant", "bee", "cat", "dog"]);
        counter.Add([2, 1, 0, 0, /**/ 0, 0, 1, 0], [0, 1]);
        counter.Add([0, 3, 0, 0, /**/ 1, 1, 0, 0], [1, 1]);
        var metrics = counter.Result();
        Assert.Equal(4, metrics.Samples);
        Assert.Equal(0.5, metrics.Top1);
        Assert.Null(metrics.Top5);
        Assert.Equal((1 + (1.0 / 3)) / 2, metrics.Macro, 1e-15);
        Assert.Equal(0.5, metrics.Micro);
        var loss = LogSum(2, 1, 0, 0) - 2 + LogSum(0, 0, 1, 0) - 0 + LogSum(0, 3, 0, 0) - 3 + LogSum(1, 1, 0, 0) - 1;
        Assert.Equal(loss / 4, metrics.Loss, 1e-12);
        Assert.Equal(["bee", "ant", "cat", "dog"], metrics.PerClass.Select(row => row.Name));
        Assert.Equal([1.0 / 3, 1, null, null], metrics.PerClass.Select(row => row.Accuracy));
        Assert.Equal([1, 2, 1, 0], metrics.PerClass.Select(row => row.Predicted));
        Assert.Equal([1, 0.5, 0, null], metrics.PerClass.Select(row => row.Precision));
        Assert.Equal([0.5, 2.0 / 3, 0, null], metrics.PerClass.Select(row => row.F1));
        Assert.Equal((1, 1, 1), (metrics.Confusion[1, 0], metrics.Confusion[1, 1], metrics.Confusion[1, 2]));
    }

    [Fact]
    public void The_first_of_equal_logits_wins()
    {
        var counter = new MetricsCounter(["ant", "bee"]);
        counter.Add([1, 1, 1, 1], [0, 1]);
        Assert.Equal(0.5, counter.Result().Top1);
    }

    [Fact]
    public void Top_five_says_something_above_five_classes()
    {
        var five = new MetricsCounter(["a", "b", "c", "d", "e"]);
        five.Add([6, 5, 4, 3, 2], [4]);
        Assert.Null(five.Result().Top5);
        var counter = new MetricsCounter(["a", "b", "c", "d", "e", "f"]);
        counter.Add([6, 5, 4, 3, 2, 1, /**/ 6, 5, 4, 3, 2, 1], [4, 5]);
        Assert.Equal(0.5, counter.Result().Top5);
    }

    [Fact]
    public void Mistakes_are_those_of_which_the_model_was_surest_and_know_their_images()
    {
        var counter = new MetricsCounter(["ant", "bee"]);
        counter.Add([0, 2, /**/ 3, 0, /**/ 0, 5, /**/ 0, 2], [0, 0, 0, 0], [7, 3, 9, 5]);
        double Share(double logit) => 1 / (1 + Math.Exp(-logit));
        Mistake[] expected = [new(9, 0, 1, Share(5), Share(-5)), new(5, 0, 1, Share(2), Share(-2)), new(7, 0, 1, Share(2), Share(-2))];
        Assert.Equal(expected.Select(mistake => mistake.Image), counter.Result().Mistakes.Select(mistake => mistake.Image));
        foreach (var (wanted, found) in expected.Zip(counter.Result().Mistakes))
        {
            Assert.Equal((wanted.Actual, wanted.Predicted), (found.Actual, found.Predicted));
            Assert.Equal(wanted.Probability, found.Probability, 1e-12);
            Assert.Equal(wanted.ActualProbability, found.ActualProbability, 1e-12);
        }
    }

    [Fact]
    public void Only_the_worst_mistakes_are_kept()
    {
        var counter = new MetricsCounter(["ant", "bee"]);
        for (var i = 0; i < 100; i++) counter.Add([0, 0.1f * ((i * 37) % 100)], [0]);
        var kept = counter.Result().Mistakes;
        Assert.Equal(36, kept.Count);
        var surest = Enumerable.Range(0, 100).OrderByDescending(i => (i * 37) % 100).Take(36);
        Assert.Equal(surest, kept.Select(mistake => mistake.Image));
    }

    [Fact]
    public void A_logit_that_is_no_number_is_refused()
    {
        var error = Assert.Throws<TrainingException>(() => new MetricsCounter(["ant", "bee"]).Add([float.NaN, 1], [1]));
        Assert.Contains("image 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_beyond_the_classes_is_refused() =>
        Assert.Throws<ArgumentException>(() => new MetricsCounter(["ant", "bee"]).Add([0, 1], [2]));

    private static double LogSum(params double[] z) => Math.Log(z.Sum(Math.Exp));
}
