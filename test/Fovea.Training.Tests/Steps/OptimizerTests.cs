using Fovea.Training.Optimizers;
using Fovea.Training.Steps;

namespace Fovea.Training.Tests.Steps;

public class OptimizerTests
{
    public static TheoryData<string, int> Cases
    {
        get
        {
            var rows = new TheoryData<string, int>();
            for (var i = 0; i < UpdateProblem.Fixture.GetProperty("cases").GetArrayLength(); i++)
                foreach (var backend in UpdateProblem.Backends.Keys) rows.Add(backend, i);
            return rows;
        }
    }

    public static TheoryData<string> Backends => [.. UpdateProblem.Backends.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Updates_are_those_of_the_public_implementations(string backend, int index)
    {
        var entry = UpdateProblem.Fixture.GetProperty("cases")[index];
        var options = new TrainingGraphOptions { Optimizer = OptimizerCases.Options(entry) };
        using var problem = new UpdateProblem(backend, options, entry.GetProperty("params").GetProperty("lr").GetDouble());
        foreach (var expected in entry.GetProperty("params_after").EnumerateArray())
        {
            problem.Step();
            problem.AssertNear(expected, prefix: "");
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Averages_are_those_of_timm_when_the_share_is_fixed(string backend)
    {
        var ema = UpdateProblem.Fixture.GetProperty("ema");
        var entry = UpdateProblem.Fixture.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "sgd_momentum");
        var average = new EmaOptions { Decay = ema.GetProperty("decay").GetDouble(), Warmup = EmaWarmup.None };
        var options = new TrainingGraphOptions { Optimizer = OptimizerCases.Options(entry), Average = average };
        using var problem = new UpdateProblem(backend, options, entry.GetProperty("params").GetProperty("lr").GetDouble());
        foreach (var expected in ema.GetProperty("ema_after").EnumerateArray())
        {
            problem.Step();
            problem.AssertNear(expected, SlotNames.Average);
        }
    }

    [Fact]
    public void The_share_that_averages_keep_grows_as_that_of_timm()
    {
        foreach (var entry in UpdateProblem.Fixture.GetProperty("ema_warmup").EnumerateArray())
        {
            var options = new EmaOptions
            {
                Decay = entry.GetProperty("decay").GetDouble(),
                Warmup = EmaWarmup.Power,
                WarmupGamma = entry.GetProperty("warmup_gamma").GetDouble(),
                WarmupPower = entry.GetProperty("warmup_power").GetDouble(),
                After = entry.GetProperty("update_after_step").GetInt32(),
            };
            var expected = entry.GetProperty("decay_at_step").Numbers();
            for (var step = 0; step < expected.Length; step++) Assert.Equal(expected[step], options.ShareAt(step), 1e-8);
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_long_gradient_is_cut_to_the_norm_that_is_allowed(string backend)
    {
        var clip = UpdateProblem.Fixture.GetProperty("clip").GetProperty("by_norm");
        var options = new TrainingGraphOptions
        {
            Optimizer = new SgdOptions { Momentum = 0, WeightDecay = 0 }, ClipGradientNorm = clip.GetProperty("max_norm").GetDouble(), GradientNorm = true,
        };
        using var problem = new UpdateProblem(backend, options, rate: 1);
        problem.Step();
        Assert.Equal(clip.GetProperty("total_norm_before").GetDouble(), problem.GradientNorm, 1e-5);
        problem.AssertSteppedBy(clip.GetProperty("grads_after"));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void One_axis_parameters_decay_only_when_asked(string backend)
    {
        foreach (var decays in (bool[])[false, true])
        {
            var options = new TrainingGraphOptions { Optimizer = new SgdOptions { Momentum = 0, WeightDecay = 0.5, Decay1d = decays } };
            using var problem = new UpdateProblem(backend, options, rate: 0.1) { HasGradient = false };
            problem.Step();
            foreach (var name in UpdateProblem.Names)
            {
                var factor = name != "w1.bias" || decays ? 0.95 : 1;
                problem.AssertNear(name, [.. UpdateProblem.Initial(name).Select(w => factor * w)]);
            }
        }
    }
}
