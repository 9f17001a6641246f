using Fovea.Data.Parity;
using Fovea.Training.Schedules;

namespace Fovea.Training.Parity;

/// <summary>The options that the cases of <c>schedules.json</c> mean, by the names of PyTorch, timm and pytorch-cifar-tricks.</summary>
internal static class ScheduleCaseOptions
{
    /// <summary>The fixtures are about this rate where they do not say.</summary>
    private const double Full = 0.1;

    /// <summary>The rate that a case is about; cycles have a name of their own for it.</summary>
    internal static double FullRate(string name, FixtureNode p) =>
        name is "one_cycle" or "cyclic" or "cyclic_custom_pprp" ? p["max_lr"].Number() : p.Number("lr", Full);

    /// <summary>The rule of a case with its warm-up; null where there is none of its name.</summary>
    internal static ScheduleOptions? Of(string name, FixtureNode p, double full)
    {
        if (Timm(name, p) is { } timm) return timm with { WarmupEpochs = p.Number("warmup_t", 0), WarmupLearningRate = p.Number("warmup_lr_init", 0) };
        var rule = Torch(name, p);
        return name switch
        {
            "linear_warmup_then_cosine" => rule! with { WarmupEpochs = p["warmup"].Number(), WarmupLearningRate = p["start_factor"].Number() * full },
            "warmup_multistep_pprp" => rule! with
            {
                WarmupEpochs = p["warmup_epochs"].Number(), WarmupLearningRate = p.Number("warmup_factor", 1.0 / 3) * full,
            },
            _ => rule,
        };
    }

    private static ScheduleOptions? Timm(string name, FixtureNode p) => name switch
    {
        "plateau_timm" => Plateau(p),
        "step_timm" or "multistep_timm" => Steps(name, p),
        "poly_timm" => InCycles(p, new PolynomialOptions { Power = p.Number("power", 0.5), MinLearningRate = Least(p, "lr_min"), KDecay = KDecay(p) }),
        "tanh_timm" => InCycles(p, new TanhOptions { Lower = p.Number("lb", -7), Upper = p.Number("ub", 3), MinLearningRate = Least(p, "lr_min") }),
        _ when name.StartsWith("cosine", StringComparison.Ordinal) && name.EndsWith("_timm", StringComparison.Ordinal) =>
            InCycles(p, new CosineOptions { MinLearningRate = Least(p, "lr_min"), KDecay = KDecay(p) }),
        _ => null,
    };

    /// <summary>Steps of timm, which looks one step ahead of milestones.</summary>
    private static StepOptions Steps(string name, FixtureNode p)
    {
        var rule = new StepOptions { Gamma = p.Number("decay_rate", 1), CountsWarmup = !p.Flag("warmup_prefix", true) };
        return name == "step_timm"
            ? rule with { Every = p["decay_t"].Number() }
            : rule with { Milestones = [.. p["decay_t"].Integers(least: 1).Select(t => t - 1)] };
    }

    /// <summary>A curve of timm with its length and its restarts.</summary>
    private static ScheduleOptions InCycles(FixtureNode p, ScheduleOptions curve) => curve with
    {
        Length = p["t_initial"].Number(), CountsWarmup = !p.Flag("warmup_prefix", false),
        Restarts = new() { Multiplier = p.Number("cycle_mul", 1), Decay = p.Number("cycle_decay", 1), Cycles = p.Find("cycle_limit")?.Integer(least: 0) ?? 1 },
    };

    private static ScheduleOptions? Torch(string name, FixtureNode p) => name switch
    {
        "constant" => new ConstantOptions(),
        "cosine" or "linear_warmup_then_cosine" => new CosineOptions { MinLearningRate = Least(p, "eta_min"), Length = p["T_max"].Number() },
        "cosine_warm_restarts" => new CosineOptions
        {
            MinLearningRate = Least(p, "eta_min"), Length = p["T_0"].Number(), Restarts = new() { Multiplier = p.Number("T_mult", 1) },
        },
        "step" => new StepOptions { Every = p["step_size"].Number(), Gamma = p.Number("gamma", 0.1) },
        "multistep" or "warmup_multistep_pprp" => new StepOptions { Milestones = p["milestones"].Integers(), Gamma = p.Number("gamma", 0.1) },
        "exponential" => new ExponentialOptions { Gamma = p["gamma"].Number() },
        "polynomial" => new PolynomialOptions { Power = p.Number("power", 1), Length = p["total_iters"].Number() },
        "one_cycle" => OneCycle(p),
        "cyclic" or "cyclic_custom_pprp" => Cyclic(p),
        _ => null,
    };

    private static PlateauOptions Plateau(FixtureNode p) => new()
    {
        Gamma = p.Number("decay_rate", 0.1),
        Patience = p.Find("patience_t")?.Integer(least: 0) ?? 10,
        Threshold = p.Number("threshold", 1e-4),
        Cooldown = p.Find("cooldown_t")?.Integer(least: 0) ?? 0,
        MinLearningRate = Least(p, "lr_min"),
        Metric = Choice(p, "mode", ("max", PlateauMetric.Top1), ("min", PlateauMetric.Loss)),
    };

    private static CyclicOptions Cyclic(FixtureNode p) => new()
    {
        BaseLearningRate = p["base_lr"].Number(),
        Up = p["step_size_up"].Number(),
        Down = p.Find("step_size_down") is { IsNull: false } down ? down.Number() : null,
        Mode = Choice(p, "mode", ("triangular", CyclicMode.Triangular), ("triangular2", CyclicMode.Halving), ("exp_range", CyclicMode.Exponential)),
        Gamma = p.Number("gamma", 1),
        CycleMomentum = p.Flag("cycle_momentum", true),
        BaseMomentum = p.Number("base_momentum", 0.8),
        MaxMomentum = p.Number("max_momentum", 0.9),
    };

    private static OneCycleOptions OneCycle(FixtureNode p) => new()
    {
        Length = p["total_steps"].Number(),
        RisingShare = p.Number("pct_start", 0.3),
        InitialDivisor = p.Number("div_factor", 25),
        FinalDivisor = p.Number("final_div_factor", 1e4),
        ThreePhases = p.Flag("three_phase", false),
        Annealing = Choice(
            p, p.Find("anneal_strategy") is null ? "anneal" : "anneal_strategy", ("cos", Annealing.Cosine), ("linear", Annealing.Linear)),
        CycleMomentum = p.Flag("cycle_momentum", true),
        BaseMomentum = p.Number("base_momentum", 0.85),
        MaxMomentum = p.Number("max_momentum", 0.95),
    };

    private static double KDecay(FixtureNode p) => p.Number("k_decay", 1);

    private static double Least(FixtureNode p, string name) => p.Number(name, 0);

    /// <summary>What a name stands for; the first where the field is missing.</summary>
    private static T Choice<T>(FixtureNode p, string field, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        if (p.Find(field) is not { } given) return choices[0].Value;
        var names = new List<string>();
        foreach (var (name, value) in choices)
        {
            if (name == given.Text()) return value;
            names.Add(name);
        }

        throw given.Wrong($"is '{given.Text()}'; wanted {string.Join(", ", names)}");
    }
}
