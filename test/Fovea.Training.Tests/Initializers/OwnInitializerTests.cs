using Fovea.Tensors;
using Fovea.Training.Initializers;

namespace Fovea.Training.Tests.Initializers;

/// <summary>A rule that no part of the library knows starts runs as Fovea's own do.</summary>
public sealed class OwnInitializerTests
{
    /// <summary>A few numbers of each weight are large, the others are 0.</summary>
    private sealed record Sparse : WeightInitOptions
    {
        public override string Kind => "sparse";

        protected override void Fill(InitWeight weight, Philox draws, Span<float> values)
        {
            for (var output = 0; output < weight.Outputs; output++)
                values[(output * (values.Length / weight.Outputs)) + draws.Integer((ulong)output, values.Length / weight.Outputs)] = 1;
        }
    }

    [Fact]
    public void A_rule_of_a_program_starts_its_runs_and_they_learn()
    {
        var recipe = Runs.Recipe(epochs: 8);
        using var trainer = new Trainer(Runs.Options(recipe with { Model = recipe.Model with { Init = [new Sparse()] } }));
        var start = trainer.Session.Read("fc.weight").Floats.ToArray();
        Assert.Equal([0f, 1f], start.Distinct().Order());
        Assert.Equal(3, start.Sum());
        Assert.Equal(start, trainer.Session.Read("ema/fc.weight").Floats.ToArray());
        var log = new RecordingLog();
        trainer.Run(log, TestContext.Current.CancellationToken);
        Assert.True(log.Epochs[^1].TrainLoss < log.Epochs[0].TrainLoss);
    }

    [Fact]
    public void Weights_that_are_loaded_have_the_last_word()
    {
        var recipe = Runs.Recipe();
        var given = HostTensor.Filled(new Shape(3, 4), 0.5f);
        using var trainer = new Trainer(
            Runs.Options(recipe with { Model = recipe.Model with { Init = [new Sparse()] } }) with { Weights = [("fc.weight", given)] });
        Assert.Equal(given.Bytes.ToArray(), trainer.Session.Read("fc.weight").Bytes.ToArray());
        Assert.Equal(4, trainer.Session.Read("conv.weight").Floats.ToArray().Sum());
    }
}
