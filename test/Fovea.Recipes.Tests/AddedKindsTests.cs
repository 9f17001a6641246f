using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Initializers;
using Fovea.Training.Losses;
using Fovea.Training.Schedules;

namespace Fovea.Recipes.Tests;

/// <summary>A loss and a schedule that a program brings along are known to its recipes as Fovea's own are.</summary>
public class AddedKindsTests
{
    /// <summary>The squared distance of probabilities to the target.</summary>
    public sealed record Brier : LossOptions
    {
        public override string Kind => "brier";

        public double Scale { get; init; } = 1;

        public override Value PerSample(LossInputs inputs) => inputs.Logits.Softmax().Minus(inputs.Distribution).Square().Sum(1).Times(Scale);
    }

    /// <summary>A rate that falls by a share in each unit.</summary>
    public sealed record Falling : ScheduleOptions
    {
        public override string Kind => "falling";

        public double Share { get; init; } = 0.5;

        protected override double Rate(double full, SchedulePosition at) => full * Math.Pow(1 - Share, at.Time);
    }

    [Fact]
    public void A_loss_and_a_schedule_of_a_program_are_read_and_written()
    {
        var kinds = RecipeKinds.Default.With(new Brier()).With(new Falling());
        const string text = "loss: {kind: brier, scale: 2}\nschedule: {kind: falling, share: 0.25, warmup_epochs: 1, warmup: {kind: power, power: 2}}\n";
        var recipe = RecipeReader.Parse(text, "x.yaml", kinds);
        Assert.Equal(new Brier { Scale = 2 }, recipe.Loss);
        Assert.Equal(new Falling { Share = 0.25, WarmupEpochs = 1, Warmup = new PowerWarmupOptions { Power = 2 } }, recipe.Schedule);
        var again = RecipeReader.Parse(RecipeWriter.Write(recipe), "x.yaml", kinds);
        Assert.Equal((recipe.Loss, recipe.Schedule), (again.Loss, again.Schedule));
    }

    [Fact]
    public void The_loss_of_labels_stands_in_that_of_a_teacher()
    {
        var recipe = RecipeReader.Parse("loss: {kind: kd, alpha: 0.5, labels: {kind: focal, gamma: 1}}\n", "x.yaml", RecipeKinds.Default);
        Assert.Equal(new KdOptions { Alpha = 0.5, Labels = new FocalOptions { Gamma = 1 } }, recipe.Loss);
    }

    /// <summary>Every number the same.</summary>
    public sealed record Flat : WeightInitOptions
    {
        public override string Kind => "flat";

        public double Height { get; init; } = 1;

        protected override void Fill(InitWeight weight, Philox draws, Span<float> values) => values.Fill((float)Height);
    }

    [Fact]
    public void An_initialiser_of_a_program_is_read_and_written_in_a_list_with_others()
    {
        var kinds = RecipeKinds.Default.With(new Flat());
        const string text = "model: {init: [{kind: flat, height: 2}, {kind: kaiming_normal, mode: fan_out}, zero_gamma]}\n";
        var recipe = RecipeReader.Parse(text, "x.yaml", kinds);
        Assert.Equal([new Flat { Height = 2 }, new KaimingNormalOptions { Mode = FanMode.FanOut }, new ZeroGammaOptions()], recipe.Model.Init);
        Assert.Equal(recipe.Model.Init, RecipeReader.Parse(RecipeWriter.Write(recipe), "x.yaml", kinds).Model.Init);
    }
}
