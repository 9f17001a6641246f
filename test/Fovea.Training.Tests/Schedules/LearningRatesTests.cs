using System.Text.Json;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Training.Tests.Schedules;

public class LearningRatesTests
{
    private const double Full = 0.1;

    private static readonly JsonElement[] s_cases = [.. Fixtures.Read("schedules.json").GetProperty("cases").EnumerateArray()];

    public static TheoryData<string> Cases => [.. s_cases.Select(entry => entry.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rates_are_those_of_timm_and_PyTorch(string name)
    {
        var entry = s_cases.Single(entry => entry.GetProperty("name").GetString() == name);
        var (options, epochs) = Options(name, entry.GetProperty("params"));
        var rates = new LearningRates(options, Full, epochs, stepsPerEpoch: 1);
        var expected = entry.GetProperty("lr").Numbers();
        for (var t = 0; t < expected.Length; t++) Assert.Equal(expected[t], rates.At(t), 1e-9);
    }

    [Fact]
    public void Warm_up_and_cosine_are_those_of_the_PyTorch_peer()
    {
        const int n = 390;
        const int total = 10 * n;
        var rates = new LearningRates(new CosineOptions { WarmupEpochs = 1 }, Full, epochs: 10, n);
        for (var s = 0; s < total; s++)
        {
            var expected = Full * (s < n ? (double)(s + 1) / n : .5 * (1 + Math.Cos(Math.PI * (s - n) / (total - n))));
            Assert.Equal(expected, rates.At(s), 1e-15);
        }
    }

    [Fact]
    public void A_run_of_nothing_but_warm_up_ends_at_the_full_rate() =>
        Assert.Equal(Full, new LearningRates(new CosineOptions { WarmupEpochs = 3 }, Full, epochs: 3, stepsPerEpoch: 5).At(14), 1e-15);

    [Fact]
    public void Steps_fall_at_the_start_of_epochs_not_of_steps()
    {
        var rates = new LearningRates(new StepOptions { Every = 2, Gamma = 0.5 }, Full, epochs: 6, stepsPerEpoch: 3);
        Assert.Equal([Full, Full, Full / 2, Full / 2, Full / 4], new[] { 0, 5, 6, 11, 12 }.Select(s => rates.At(s)));
    }

    [Fact]
    public void Averages_forget_the_start_soon_and_then_keep_their_share()
    {
        var average = new Optimizers.EmaOptions { Decay = 0.999 };
        Assert.Equal(2.0 / 11, average.ShareAt(1), 1e-15);
        Assert.Equal(0.999, average.ShareAt(100_000), 1e-15);
    }

    private static (ScheduleOptions Options, int Epochs) Options(string name, JsonElement p)
    {
        var warmup = p.Number("warmup_t", p.Number("warmup", p.Number("warmup_epochs", 0)));
        var gamma = p.Number("gamma", 1);
        var rate = p.Number("warmup_lr_init", p.Number("start_factor", 1.0 / 3) * Full);
        var steps = new StepOptions { Gamma = gamma, WarmupEpochs = warmup, WarmupLearningRate = rate };
        var cosine = new CosineOptions { WarmupEpochs = warmup, WarmupLearningRate = rate, MinLearningRate = p.Number("lr_min", p.Number("eta_min", 0)) };
        return name switch
        {
            "cosine" or "linear_warmup_then_cosine" => (cosine, 50),
            "cosine_warmup_prefix_timm" => (cosine, 55),
            "step" => (steps with { Every = p.GetProperty("step_size").GetInt32() }, 50),
            "multistep" or "warmup_multistep_pprp" =>
                (steps with { Milestones = [.. p.GetProperty("milestones").Numbers().Select(number => (int)number)] }, 50),
            _ => throw new ArgumentException($"the case {name} is not expressed"),
        };
    }
}
