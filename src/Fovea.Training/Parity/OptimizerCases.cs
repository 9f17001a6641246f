using System.Text.Json;
using Fovea.Execution;
using Fovea.Training.Optimizers;
using Fovea.Training.Steps;

namespace Fovea.Training.Parity;

/// <summary>The cases of <c>optimizers.json</c>: all parameters after every step; averages, and how gradients are clipped.</summary>
/// <param name="root">The fixture.</param>
/// <param name="backend">What computes the updates, in float32.</param>
internal sealed class OptimizerCases(JsonElement root, IBackend backend)
{
    /// <summary>The fixture is of float64; here weights and slots are float32 between steps.</summary>
    internal const double Bound = 2e-6;

    /// <summary>How far a loss, or the norm of a gradient, may be.</summary>
    private const double LossBound = 1e-5;

    /// <summary>Numbers of the fixture have nine digits.</summary>
    private const double Digits = 1e-8;

    private static readonly SgdOptions s_plain = new() { Momentum = 0, WeightDecay = 0 };

    private readonly JsonElement _problem = root.GetProperty("problem");

    internal IEnumerable<ComponentResult> Compare()
    {
        var results = root.GetProperty("cases").EnumerateArray().Select(Case).ToList();
        if (root.TryGetProperty("ema", out var ema)) results.Add(Average(ema));
        if (root.TryGetProperty("ema_warmup", out var warmups)) results.AddRange(warmups.EnumerateArray().Select(Warmup));
        if (root.TryGetProperty("clip", out var clip)) results.AddRange(clip.EnumerateObject().Select(entry => Clip(entry.Name, entry.Value)));
        return results;
    }

    private ComponentResult Case(JsonElement entry)
    {
        var name = entry.Name();
        if (OptimizerCaseOptions.Of(entry) is not { } optimizer) return new(name, $"there is no optimiser of the name '{name}'");
        using var problem = Problem(new() { Optimizer = optimizer }, optimizer.LearningRate);
        var losses = entry.TryGetProperty("losses", out var given) ? given.Numbers() : [];
        foreach (var expected in entry.GetProperty("params_after").EnumerateArray())
        {
            if (problem.Steps < losses.Length && Near.Relative("the loss", problem.Loss, losses[problem.Steps], LossBound) is { } far)
                return new(name, $"before step {problem.Steps + 1}: {far}");
            problem.Step();
            if (Failure(problem, expected, prefix: "") is { } wrong) return new(name, wrong);
        }

        return new(name, null);
    }

    /// <summary>The averages of a case, which is named before a blank.</summary>
    private ComponentResult Average(JsonElement ema)
    {
        var of = ema.GetProperty("trajectory").GetString()?.Split(' ')[0];
        var entry = root.GetProperty("cases").EnumerateArray().First(entry => entry.Name() == of);
        if (OptimizerCaseOptions.Of(entry) is not { } optimizer) return new("ema", $"there is no optimiser of the name '{of}'");
        var average = new EmaOptions { Decay = ema.Number("decay"), Warmup = EmaWarmup.None };
        using var problem = Problem(new() { Optimizer = optimizer, Average = average }, optimizer.LearningRate);
        foreach (var expected in ema.GetProperty("ema_after").EnumerateArray())
        {
            problem.Step();
            if (Failure(problem, expected, SlotNames.Average) is { } wrong) return new("ema", wrong);
        }

        return new("ema", null);
    }

    private static ComponentResult Warmup(JsonElement entry)
    {
        var options = new EmaOptions
        {
            Decay = entry.Number("decay"), Warmup = entry.Flag("use_warmup", true) ? EmaWarmup.Power : EmaWarmup.None,
            WarmupGamma = entry.Number("warmup_gamma"), WarmupPower = entry.Number("warmup_power"), After = (int)entry.Number("update_after_step"),
        };
        var expected = entry.Numbers("decay_at_step");
        for (var step = 0; step < expected.Length; step++)
            if (Near.Absolute($"the share at step {step}", options.ShareAt(step), expected[step], Digits) is { } far) return new("ema_warmup", far);
        return new("ema_warmup", null);
    }

    /// <summary>A step of gradient descent at rate 1 takes away the gradient as it was clipped.</summary>
    private ComponentResult Clip(string kind, JsonElement entry)
    {
        var name = $"clip_{kind}";
        TrainingGraphOptions? options = kind switch
        {
            "by_norm" => new() { Optimizer = s_plain, ClipGradientNorm = entry.Number("max_norm"), GradientNorm = true },
            "by_value" => new() { Optimizer = s_plain, ClipGradientValue = entry.Number("clip_value") },
            "adaptive" => new() { Optimizer = s_plain, ClipGradientAdaptive = entry.Number("clip_factor") },
            _ => null,
        };
        if (options is null) return new(name, $"there is no way to clip of the name '{kind}'");
        using var problem = Problem(options, rate: 1);
        problem.Step();
        if (options.GradientNorm && Near.Absolute("the norm", problem.GradientNorm, entry.Number("total_norm_before"), LossBound) is { } far) return new(name, far);
        foreach (var parameter in problem.Names)
        {
            var (w, next, expected) = (problem.Known("initial", parameter), problem.Read(parameter), entry.GetProperty("grads_after").Numbers(parameter));
            for (var i = 0; i < expected.Length; i++)
                if (Near.Absolute($"the gradient {parameter}[{i}]", w[i] - next[i], expected[i], Bound) is { } wrong) return new(name, wrong);
        }

        return new(name, null);
    }

    private OptimizerProblem Problem(TrainingGraphOptions options, double rate) => new(backend, _problem, options, rate);

    private static string? Failure(OptimizerProblem problem, JsonElement expected, string prefix)
    {
        foreach (var name in problem.Names)
        {
            var (found, wanted) = (problem.Read(prefix + name), expected.Numbers(name));
            if (found.Length != wanted.Length) throw new FormatException($"{name} has {found.Length} numbers, {wanted.Length} after a step");
            for (var i = 0; i < wanted.Length; i++)
                if (Near.Absolute($"{prefix}{name}[{i}]", found[i], wanted[i], Bound) is { } far) return $"after step {problem.Steps}: {far}";
        }

        return null;
    }
}
