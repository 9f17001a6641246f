using Fovea.Data.Parity;
using Fovea.Execution;
using Fovea.Training.Optimizers;
using Fovea.Training.Steps;

namespace Fovea.Training.Parity;

/// <summary>The cases of <c>optimizers.json</c>: all parameters after every step; averages, and how gradients are clipped.</summary>
/// <param name="root">The fixture.</param>
/// <param name="backend">What computes the updates, in float32.</param>
internal sealed class OptimizerCases(FixtureNode root, IBackend backend)
{
    /// <summary>The fixture is of float64; here weights and slots are float32 between steps.</summary>
    internal const double Bound = 2e-6;

    /// <summary>How far a loss, or the norm of a gradient, may be.</summary>
    private const double LossBound = 1e-5;

    /// <summary>Numbers of the fixture have nine digits.</summary>
    private const double Digits = 1e-8;

    private static readonly SgdOptions s_plain = new() { Momentum = 0, WeightDecay = 0 };

    private readonly IReadOnlyList<ProblemParameter> _problem = ProblemParameter.Read(root["problem"]);

    internal IEnumerable<ComponentResult> Compare()
    {
        var results = root["cases"].Items.Select(Case).ToList();
        if (root.Find("ema") is { } ema) results.Add(Average(ema));
        if (root.Find("ema_warmup") is { } warmups)
        {
            var steps = warmups.Items.Max(entry => entry["decay_at_step"].Items.Count);
            results.AddRange(warmups.Items.Select(entry => Warmup(entry, steps)));
        }

        if (root.Find("clip") is { } clip) results.AddRange(clip.Fields.Select(entry => Clip(entry.Name, entry.Value)));
        return results;
    }

    private ComponentResult Case(FixtureNode entry)
    {
        var name = entry["name"].Text();
        return ComponentCase.Result(entry, name, () =>
        {
            if (OptimizerCaseOptions.Of(entry) is not { } optimizer) return $"there is no optimiser of the name '{name}'";
            if ((entry["params"].Unknown() ?? ComponentCase.Problem(optimizer)) is { } wrong) return wrong;
            var losses = entry["losses"].Flat();
            var steps = Steps(entry["params_after"], losses.Length);
            using var problem = Problem(new() { Optimizer = optimizer }, optimizer.LearningRate);
            foreach (var (i, expected) in steps.Index())
            {
                if (Near.Relative("the loss", problem.Loss, losses[i], LossBound) is { } far) return $"before step {i + 1}: {far}";
                problem.Step();
                if (Failure(problem, expected, prefix: "") is { } other) return other;
            }

            return Near.Relative("the final loss", problem.Loss, entry["final_loss"].Number(), LossBound);
        });
    }

    /// <summary>The averages of a case, which is named with the word case behind it.</summary>
    private ComponentResult Average(FixtureNode ema) => ComponentCase.Result(ema, "ema", () =>
    {
        var of = ema["trajectory"].Text();
        if (root["cases"].Items.FirstOrDefault(entry => $"{entry["name"].Text()} case" == of) is not { } entry)
            throw ema["trajectory"].Wrong($"is '{of}'; wanted the name of a case, and the word case");
        if (OptimizerCaseOptions.Of(entry) is not { } optimizer) return $"there is no optimiser of the name '{of}'";
        var average = new EmaOptions { Decay = ema["decay"].Number(), Warmup = EmaWarmup.None };
        if (ComponentCase.Problem(average) is { } problemOfAverage) return problemOfAverage;
        using var problem = Problem(new() { Optimizer = optimizer, Average = average }, optimizer.LearningRate);
        foreach (var expected in Steps(ema["ema_after"], entry["losses"].Items.Count))
        {
            problem.Step();
            if (Failure(problem, expected, SlotNames.Average) is { } wrong) return wrong;
        }

        return null;
    });

    private static ComponentResult Warmup(FixtureNode entry, int steps) => ComponentCase.Result(entry, "ema_warmup", () =>
    {
        var options = new EmaOptions
        {
            Decay = entry["decay"].Number(), Warmup = entry["use_warmup"].Flag() ? EmaWarmup.Power : EmaWarmup.None,
            WarmupGamma = entry["warmup_gamma"].Number(), WarmupPower = entry["warmup_power"].Number(), After = entry["update_after_step"].Integer(least: 0),
        };
        var expected = entry["decay_at_step"].Numbers(steps);
        return ComponentCase.Problem(options) ?? Enumerable.Range(0, steps)
            .Select(step => Near.Absolute($"the share at step {step}", options.ShareAt(step), expected[step], Digits)).FirstOrDefault(far => far is not null);
    });

    /// <summary>A step of gradient descent at rate 1 takes away the gradient as it was clipped.</summary>
    private ComponentResult Clip(string kind, FixtureNode entry) => ComponentCase.Result(entry, $"clip_{kind}", () =>
    {
        TrainingGraphOptions? options = kind switch
        {
            "by_norm" => new() { Optimizer = s_plain, ClipGradientNorm = Positive(entry["max_norm"]), GradientNorm = true },
            "by_value" => new() { Optimizer = s_plain, ClipGradientValue = Positive(entry["clip_value"]) },
            "adaptive" => new() { Optimizer = s_plain, ClipGradientAdaptive = Positive(entry["clip_factor"]) },
            _ => null,
        };
        if (options is null) return $"there is no way to clip of the name '{kind}'";
        entry.Remark("norm");
        if (options.ClipGradientAdaptive > 0 && Near.Absolute("eps", Updates.LeastWeightNorm, entry["eps"].Number(), 0) is { } other) return other;
        var grads = entry["grads_after"];
        var expected = _problem.ToDictionary(one => one.Name, one => grads[one.Name].Flat(one.Initial.Length));
        using var problem = Problem(options, rate: 1);
        problem.Step();
        if (options.GradientNorm && Near.Absolute("the norm", problem.GradientNorm, entry["total_norm_before"].Number(), LossBound) is { } far) return far;
        foreach (var one in _problem)
        {
            var (next, wanted) = (problem.Read(one.Name), expected[one.Name]);
            for (var i = 0; i < wanted.Length; i++)
                if (Near.Absolute($"the gradient {one.Name}[{i}]", one.Initial[i] - next[i], wanted[i], Bound) is { } wrong) return wrong;
        }

        return null;
    });

    private OptimizerProblem Problem(TrainingGraphOptions options, double rate) => new(backend, _problem, options, rate);

    /// <summary>An entry for each step, with as many numbers of each parameter as it has.</summary>
    private List<Dictionary<string, double[]>> Steps(FixtureNode given, int count)
    {
        if (given.Items.Count != count) throw given.Wrong($"has {given.Items.Count} steps; wanted {count}, as many as there are losses");
        return [.. given.Items.Select(step => _problem.ToDictionary(one => one.Name, one => step[one.Name].Flat(one.Initial.Length)))];
    }

    private string? Failure(OptimizerProblem problem, Dictionary<string, double[]> expected, string prefix)
    {
        foreach (var name in _problem.Select(one => one.Name))
        {
            var (found, wanted) = (problem.Read(prefix + name), expected[name]);
            for (var i = 0; i < wanted.Length; i++)
                if (Near.Absolute($"{prefix}{name}[{i}]", found[i], wanted[i], Bound) is { } far) return $"after step {problem.Steps}: {far}";
        }

        return null;
    }

    private static double Positive(FixtureNode bound) => bound.Number() is > 0 and var number
        ? number
        : throw bound.Wrong("is not above 0; wanted a bound that clips");
}
