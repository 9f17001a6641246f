using Fovea.Training.Optimizers;

namespace Fovea.Training.Tests.Steps;

/// <summary>Rules as the systems have them whose recipes are taken over, where no fixture holds them.</summary>
public class SourceRuleTests
{
    public static TheoryData<string> Backends => [.. UpdateProblem.Backends.Keys];

    [Theory]
    [MemberData(nameof(Backends))]
    [Trait("row", "S3-02")]
    public void The_rates_of_AdaBound_stay_within_bounds_that_close_in_on_the_final_one(string backend)
    {
        var options = new AdaBoundOptions { LearningRate = 0.05, FinalLearningRate = 0.02, Gamma = 0.1, WeightDecay = 0 };
        using var problem = new UpdateProblem(backend, new() { Optimizer = options }, rate: 0.05);
        var (touched, free) = (0, 0);
        for (var t = 1; t <= 12; t++)
        {
            var before = UpdateProblem.Names.Select(problem.Read).ToArray();
            problem.Step();
            var (least, most) = (0.02 * (1 - (1 / ((0.1 * t) + 1))), 0.02 * (1 + (1 / (0.1 * t))));
            foreach (var (i, name) in UpdateProblem.Names.Index())
            {
                var (after, mean) = (problem.Read(name), problem.Read($"adam_m/{name}"));
                for (var at = 0; at < mean.Length; at++)
                {
                    if (Math.Abs(mean[at]) < 1e-2) continue;
                    var rate = (before[i][at] - after[at]) / mean[at];
                    Assert.InRange(rate, least - 1e-4, most + 1e-4);
                    if (rate > most - 1e-4 || rate < least + 1e-4) touched++;
                    else free++;
                }
            }
        }

        Assert.True(touched > 0 && free > 0, $"{touched} at a bound, {free} between them");
    }

    [Theory]
    [MemberData(nameof(Backends))]
    [Trait("row", "S4-05")]
    public void Sgd_updates_by_momentum_and_decay_as_Darknet_does_also_when_the_rate_changes(string backend)
    {
        // update_convolutional_layer: updates += −decay·batch·w; w += rate/batch·updates; updates *= momentum. Biases and scales do not decay.
        const double momentum = 0.9, decay = 0.05;
        const int batch = 4;
        using var problem = new UpdateProblem(backend, new() { Optimizer = new SgdOptions { Momentum = momentum, WeightDecay = decay } }, rate: 0);
        var w = UpdateProblem.Names.Select(UpdateProblem.Initial).ToArray();
        var updates = w.Select(all => new double[all.Length]).ToArray();
        for (var t = 0; t < 8; t++)
        {
            var rate = 0.02 / (1 + (t % 3));
            foreach (var (i, name) in UpdateProblem.Names.Index())
            {
                var gradient = UpdateProblem.GradientAt(name, w[i]);
                for (var at = 0; at < w[i].Length; at++)
                {
                    updates[i][at] -= batch * gradient[at];
                    if (name != "w1.bias") updates[i][at] -= decay * batch * w[i][at];
                    w[i][at] += rate / batch * updates[i][at];
                    updates[i][at] *= momentum;
                }
            }

            problem.Step(rate);
            foreach (var (i, name) in UpdateProblem.Names.Index()) problem.AssertNear(name, w[i]);
        }
    }
}
