using System.Text.Json;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Training.Tests.Schedules;

public class LearningRatesTests
{
    private const double Full = 0.1;

    public static TheoryData<string> Cases => [.. Fixtures.Read("schedules.json").GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rates_are_those_of_timm_and_PyTorch(string name)
    {
        var entry = Fixtures.Read("schedules.json").GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
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
        Assert.Equal(2.0 / 11, AverageDecays.At(0.999, 1), 1e-15);
        Assert.Equal(0.999, AverageDecays.At(0.999, 100_000), 1e-15);
    }

    private static (ScheduleOptions Options, int Epochs) Options(string name, JsonElement p)
    {
        var warmup = p.Number("warmup_t", p.Number("warmup", p.Number("warmup_epochs", 0)));
        var gamma = p.Number("gamma", 1);
        int[] Milestones(string key) => [.. p.GetProperty(key).Numbers().Select(number => (int)number)];
        return name switch
        {
            "cosine" => (new CosineOptions { MinLearningRate = p.GetProperty("eta_min").GetDouble() }, 50),
            "cosine_warmup_prefix_timm" => (
                new CosineOptions { WarmupEpochs = warmup, WarmupLearningRate = p.GetProperty("warmup_lr_init").GetDouble(), MinLearningRate = p.GetProperty("lr_min").GetDouble() }, 55),
            "linear_warmup_then_cosine" => (new CosineOptions { WarmupEpochs = warmup, WarmupLearningRate = Full * p.GetProperty("start_factor").GetDouble() }, 50),
            "step" => (new StepOptions { Every = p.GetProperty("step_size").GetInt32(), Gamma = gamma }, 50),
            "multistep" => (new StepOptions { Milestones = Milestones("milestones"), Gamma = gamma }, 50),
            "warmup_multistep_pprp" => (new StepOptions { Milestones = Milestones("milestones"), Gamma = gamma, WarmupEpochs = warmup, WarmupLearningRate = Full / 3 }, 50),
            _ => throw new ArgumentException($"the case {name} is not expressed"),
        };
    }
}
