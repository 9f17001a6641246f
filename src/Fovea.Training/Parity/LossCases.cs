using System.Text.Json;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Losses;

namespace Fovea.Training.Parity;

/// <summary>The cases and sequences of <c>losses.json</c>: the loss of a batch and its gradient by the logits.</summary>
/// <param name="root">The fixture.</param>
/// <param name="backend">What computes them, in float32.</param>
internal sealed class LossCases(JsonElement root, IBackend backend)
{
    /// <summary>How far float32 may be from the fixture's float64: of the loss, and of the largest gradient.</summary>
    private const double Bound = 1e-5;

    private readonly JsonElement _inputs = root.GetProperty("inputs");

    internal IEnumerable<ComponentResult> Compare()
    {
        var results = root.GetProperty("cases").EnumerateArray().Select(Single).ToList();
        if (root.TryGetProperty("sequences", out var sequences)) results.AddRange(sequences.EnumerateArray().Select(Sequence));
        return results;
    }

    private ComponentResult Single(JsonElement entry)
    {
        var (name, p) = (entry.Name(), entry.GetProperty("params"));
        if (Options(name, p) is not { } loss) return new(name, $"there is no loss of the name '{name}'");
        var labels = _inputs.Integers("labels");
        using var problem = new LossProblem(backend, _inputs.GetProperty("logits"), soft: IsSoft(name), IsSum(name), inputs =>
            loss is SoftmaxEqlOptions equal ? equal.Leaving(inputs, Given(inputs, "seql_beta")) : loss.PerSample(inputs), Counts());
        var found = problem.Run(_inputs.Numbers("logits"), Target(name, p, labels), Teacher());
        return new(name, Failure(found, entry, ""));
    }

    private ComponentResult Sequence(JsonElement entry)
    {
        var (name, p) = (entry.Name(), entry.GetProperty("params"));
        LossOptions? loss = name switch
        {
            "eqlv2" => new EqlV2Options { Gamma = p.Number("gamma", 12), Mu = p.Number("mu", 0.8), Alpha = p.Number("alpha", 4) },
            "seesaw" => new SeesawOptions { Mitigation = p.Number("p", 0.8), Compensation = p.Number("q", 2) },
            _ => null,
        };
        if (loss is null) return new(name, $"there is no loss with a memory of the name '{name}'");
        var steps = entry.GetProperty("steps").EnumerateArray().ToArray();
        using var problem = new LossProblem(backend, steps[0].GetProperty("logits"), soft: false, isSum: false, loss.PerSample, Counts());
        for (var i = 0; i < steps.Length; i++)
        {
            var found = problem.Run(steps[i].Numbers("logits"), [.. steps[i].Integers("labels").Select(label => (double)label)], []);
            if ((Failure(found, steps[i], $"step {i + 1}: ") ?? StateFailure(problem, steps[i], i + 1)) is { } wrong) return new(name, wrong);
        }

        return new(name, null);
    }

    private static string? StateFailure(LossProblem problem, JsonElement step, int number)
    {
        foreach (var (field, state) in new[]
                 {
                     ("pos_grad_after", "positive"), ("neg_grad_after", "negative"), ("ratio_after", "balance"), ("class_counts_after", "class_counts"),
                 })
        {
            if (!step.TryGetProperty(field, out var json)) continue;
            var (found, wanted) = (problem.State(state), json.Numbers());
            for (var c = 0; c < wanted.Length; c++)
                if (!(Math.Abs(found[c] - wanted[c]) <= Bound * Math.Max(1, Math.Abs(wanted[c]))))
                    return FormattableString.Invariant($"step {number}: {field}[{c}] is {found[c]:G9}; wanted {wanted[c]:G9}");
        }

        return null;
    }

    private static string? Failure((double Loss, float[] Gradient) found, JsonElement entry, string where)
    {
        var (loss, gradient) = (entry.Number("loss"), entry.Numbers("grad"));
        if (!(Math.Abs(found.Loss - loss) <= Bound * Math.Max(1, Math.Abs(loss))))
            return FormattableString.Invariant($"{where}the loss is {found.Loss:G9}; wanted {loss:G9}");
        var bound = Bound * gradient.Max(Math.Abs);
        for (var i = 0; i < gradient.Length; i++)
            if (!(Math.Abs(found.Gradient[i] - gradient[i]) <= bound))
                return FormattableString.Invariant($"{where}element {i} of the gradient is {found.Gradient[i]:G9}; wanted {gradient[i]:G9}");
        return null;
    }

    private double[] Teacher() => _inputs.TryGetProperty("teacher_logits", out var teacher) ? teacher.Numbers() : [];

    private int[] Counts() => _inputs.TryGetProperty("class_counts", out _) ? _inputs.Integers("class_counts") : [];

    private Value Given(LossInputs inputs, string name) =>
        inputs.Graph.Constant(HostTensor.Of(inputs.Logits.Shape, [.. _inputs.Numbers(name).Select(number => (float)number)]));

    private static bool IsSoft(string name) => name is "soft_target_cross_entropy" or "mixup_cross_entropy" or "bce_soft_targets";

    private static bool IsSum(string name) => name.EndsWith("_sum", StringComparison.Ordinal);

    private double[] Target(string name, JsonElement p, int[] labels)
    {
        if (!IsSoft(name)) return [.. labels.Select(label => (double)label)];
        if (name != "mixup_cross_entropy") return _inputs.Numbers("soft_targets");
        var (others, share) = (_inputs.Integers("labels_b"), p.Number("lam"));
        var classes = _inputs.GetProperty("logits")[0].GetArrayLength();
        var target = new double[labels.Length * classes];
        for (var n = 0; n < labels.Length; n++)
        {
            if ((uint)labels[n] >= classes || (uint)others[n] >= classes) throw new FormatException($"a label of image {n} is none of {classes} classes");
            target[(n * classes) + labels[n]] += share;
            target[(n * classes) + others[n]] += 1 - share;
        }

        return target;
    }

    private LossOptions? Options(string name, JsonElement p) => name switch
    {
        "cross_entropy" or "cross_entropy_sum" or "label_smoothing" or "soft_target_cross_entropy" or "mixup_cross_entropy" =>
            new CrossEntropyOptions { LabelSmoothing = p.Number("smoothing", 0) },
        "class_weighted_cross_entropy" or "class_weighted_label_smoothing" =>
            new CrossEntropyOptions { LabelSmoothing = p.Number("smoothing", 0), ClassWeights = _inputs.Numbers("class_weights") },
        "bce_one_hot" or "bce_timm_smoothing" or "bce_soft_targets" => new BceOptions { LabelSmoothing = p.Number("smoothing", 0) },
        "bce_timm_sum_classes" => new BceOptions { LabelSmoothing = p.Number("smoothing", 0), SumClasses = true },
        "focal_softmax" => new FocalOptions { Gamma = p.Number("gamma") },
        "focal_softmax_alpha" => new FocalOptions { Gamma = p.Number("gamma"), Alpha = _inputs.Numbers("class_weights") },
        "focal_sigmoid" or "focal_sigmoid_sum" => new SigmoidFocalOptions
        {
            Gamma = p.Number("gamma"), Alpha = p.Number("alpha") is >= 0 and var alpha ? alpha : null, SumClasses = IsSum(name),
        },
        "eql" => new EqlOptions { RareShare = p.Number("lambda_") },
        "seql" => new SoftmaxEqlOptions { RareShare = p.Number("lambda_") },
        "ldam" => new LdamOptions { MaxMargin = p.Number("max_m"), Scale = p.Number("s") },
        "ldam_drw" => new LdamOptions { MaxMargin = p.Number("max_m"), Scale = p.Number("s"), ReweightFrom = 0, Beta = p.Number("beta", 0.9999) },
        "kd" => new KdOptions { Temperature = p.Number("T"), Alpha = p.Number("alpha") },
        "asymmetric_single_label_timm" => new AsymmetricOptions
        {
            GammaPositive = p.Number("gamma_pos"), GammaNegative = p.Number("gamma_neg"), LabelSmoothing = p.Number("eps"),
        },
        "balanced_softmax" => new BalancedSoftmaxOptions(),
        "logit_adjustment" => new LogitAdjustmentOptions { Tau = p.Number("tau", 1) },
        _ => null,
    };
}
