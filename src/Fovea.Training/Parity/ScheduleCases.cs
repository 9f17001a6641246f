using System.Text.Json;
using Fovea.Training.Schedules;
using Fovea.Training.State;

namespace Fovea.Training.Parity;

/// <summary>The cases of <c>schedules.json</c>: the rate, and the momentum where it is given, at each epoch.</summary>
internal static class ScheduleCases
{
    /// <summary>The fixtures are about this rate where they do not say.</summary>
    private const double Full = 0.1;

    /// <summary>Numbers of the fixture have nine digits.</summary>
    private const double Relative = 1e-8;
    private const double Absolute = 1e-13;

    internal static IEnumerable<ComponentResult> Compare(JsonElement root) => [.. root.GetProperty("cases").EnumerateArray().Select(Case)];

    private static ComponentResult Case(JsonElement entry)
    {
        var (name, p) = (entry.Name(), entry.GetProperty("params"));
        if (Options(name, p) is not { } schedule) return new(name, $"there is no schedule of the name '{name}'");
        var metrics = entry.TryGetProperty("metric", out var metric) ? metric.Numbers() : [];
        var full = p.Number("max_lr", p.Number("lr", Full));
        var rates = entry.Numbers("lr");
        var momenta = entry.TryGetProperty("momentum", out var momentum) ? momentum.Numbers() : [];
        for (var t = 0; t < rates.Length; t++)
        {
            EpochScore[] scores = [.. metrics.Take(t).Select((value, i) => new EpochScore(i + 1, value, value))];
            var run = new RunProgress(t, StepsPerEpoch: 1, rates.Length, scores);
            if (Failure("the rate", t, schedule.RateAt(full, run), rates[t]) is { } wrong) return new(name, wrong);
            if (momenta.Length == 0) continue;
            if (Failure("the momentum", t, schedule.NumberAt(ScheduleOptions.Momentum, run), momenta[t]) is { } other) return new(name, other);
        }

        return new(name, null);
    }

    private static string? Failure(string what, int t, double found, double wanted) => Math.Abs(found - wanted) <= (Relative * Math.Abs(wanted)) + Absolute
        ? null
        : FormattableString.Invariant($"{what} at {t} is {found:G10}; wanted {wanted:G10}");

    private static ScheduleOptions? Options(string name, JsonElement p)
    {
        var schedule = Rule(name, p);
        if (schedule is null) return null;
        var first = p.TryGetProperty("start_factor", out var factor) ? factor.GetDouble() * Full
            : name.EndsWith("_pprp", StringComparison.Ordinal) ? p.Number("warmup_factor", 1.0 / 3) * Full : p.Number("warmup_lr_init", 0);
        schedule = schedule with { WarmupEpochs = p.Number("warmup_t", p.Number("warmup_epochs", p.Number("warmup", 0))), WarmupLearningRate = first };
        if (!name.EndsWith("_timm", StringComparison.Ordinal) || schedule is PlateauOptions) return schedule;
        var isPrefix = p.Flag("warmup_prefix", schedule is StepOptions);
        var restarts = new RestartOptions
        {
            Multiplier = p.Number("cycle_mul", 1), Decay = p.Number("cycle_decay", 1), Cycles = (int)p.Number("cycle_limit", 1),
        };
        return schedule with { CountsWarmup = !isPrefix, Length = p.Number("t_initial", 0), Restarts = schedule is StepOptions ? null : restarts };
    }

    private static ScheduleOptions? Rule(string name, JsonElement p)
    {
        var least = p.Number("lr_min", p.Number("eta_min", 0));
        if (name.StartsWith("cosine", StringComparison.Ordinal) && name.EndsWith("_timm", StringComparison.Ordinal))
            return new CosineOptions { MinLearningRate = least, KDecay = p.Number("k_decay", 1) };
        return name switch
        {
            "constant" => new ConstantOptions(),
            "cosine" or "linear_warmup_then_cosine" => new CosineOptions { MinLearningRate = least, Length = p.Number("T_max") },
            "cosine_warm_restarts" => new CosineOptions
            {
                MinLearningRate = least, Length = p.Number("T_0"), Restarts = new() { Multiplier = p.Number("T_mult", 1) },
            },
            "step" => new StepOptions { Every = p.Number("step_size"), Gamma = p.Number("gamma", 0.1) },
            "step_timm" => new StepOptions { Every = p.Number("decay_t"), Gamma = p.Number("decay_rate", 1) },
            "multistep" or "warmup_multistep_pprp" => new StepOptions { Milestones = p.Integers("milestones"), Gamma = p.Number("gamma", 0.1) },

            // timm looks one step ahead.
            "multistep_timm" => new StepOptions { Milestones = [.. p.Integers("decay_t").Select(t => t - 1)], Gamma = p.Number("decay_rate", 1) },
            "exponential" => new ExponentialOptions { Gamma = p.Number("gamma") },
            "polynomial" => new PolynomialOptions { Power = p.Number("power", 1), Length = p.Number("total_iters") },
            "poly_timm" => new PolynomialOptions { Power = p.Number("power", 0.5), MinLearningRate = least, KDecay = p.Number("k_decay", 1) },
            "tanh_timm" => new TanhOptions { Lower = p.Number("lb", -7), Upper = p.Number("ub", 3), MinLearningRate = least },
            "one_cycle" => OneCycle(p),
            "plateau_timm" => new PlateauOptions
            {
                Gamma = p.Number("decay_rate", 0.1), Patience = (int)p.Number("patience_t", 10), Threshold = p.Number("threshold", 1e-4),
                Cooldown = (int)p.Number("cooldown_t", 0), MinLearningRate = least,
                Metric = p.TryGetProperty("mode", out var mode) && mode.GetString() == "min" ? PlateauMetric.Loss : PlateauMetric.Top1,
            },
            "cyclic_custom_pprp" => new CyclicOptions
            {
                BaseLearningRate = p.Number("base_lr"), Up = p.Number("step_size_up"), Down = p.Number("step_size_down", p.Number("step_size_up")),
                BaseMomentum = p.Number("base_momentum", 0.8), MaxMomentum = p.Number("max_momentum", 0.9),
            },
            _ => null,
        };
    }

    private static OneCycleOptions OneCycle(JsonElement p) => new()
    {
        Length = p.Number("total_steps"),
        RisingShare = p.Number("pct_start", 0.3),
        InitialDivisor = p.Number("div_factor", 25),
        FinalDivisor = p.Number("final_div_factor", 1e4),
        ThreePhases = p.Flag("three_phase", false),
        Annealing = p.TryGetProperty("anneal", out var way) && way.GetString() == "linear" ? Annealing.Linear : Annealing.Cosine,
        BaseMomentum = p.Number("base_momentum", 0.85),
        MaxMomentum = p.Number("max_momentum", 0.95),
    };
}
