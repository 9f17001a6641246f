using Fovea.Data.Parity;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Losses;

namespace Fovea.Training.Parity;

/// <summary>The cases and sequences of <c>losses.json</c>: the loss of a batch and its gradient by the logits.</summary>
/// <param name="root">The fixture.</param>
/// <param name="backend">What computes them, in float32.</param>
internal sealed class LossCases(FixtureNode root, IBackend backend)
{
    /// <summary>How far float32 may be from the fixture's float64: of the loss, and of the largest gradient.</summary>
    private const double Bound = 1e-5;

    /// <summary>What a loss remembers after a step, by the names of the fixture, all of which each step has.</summary>
    private static readonly (string Field, string State, string Loss)[] s_memory =
    [
        ("pos_grad_after", "positive", "eqlv2"), ("neg_grad_after", "negative", "eqlv2"), ("ratio_after", "balance", "eqlv2"),
        ("class_counts_after", "class_counts", "seesaw"),
    ];

    private readonly LossBatch _batch = new(root["inputs"]);

    internal IEnumerable<ComponentResult> Compare() =>
    [
        .. root["cases"].Items.Select(Single), .. root.Find("sequences") is { } sequences ? sequences.Items.Select(Sequence) : [], .. _batch.Problems(),
    ];

    private ComponentResult Single(FixtureNode entry)
    {
        var name = entry["name"].Text();
        return ComponentCase.Result(entry, name, () =>
        {
            var (p, options) = (entry["params"], new LossCaseOptions(_batch));
            if (options.Of(name, p) is not { } loss) return $"there is no loss of the name '{name}'";
            var target = Target(name, p);
            if ((p.Unknown() ?? ComponentCase.Problem(loss) ?? options.Problem) is { } wrong) return wrong;
            var (wantedLoss, wantedGradient) = Wanted(entry, _batch.Samples, _batch.Classes);
            using var problem = new LossProblem(backend, _batch.Samples, _batch.Classes, IsSoft(name), IsSum(name), inputs =>
                loss is SoftmaxEqlOptions equal ? equal.Leaving(inputs, Given(inputs, "seql_beta")) : loss.PerSample(inputs), _batch.ClassCounts);
            var found = problem.Run(_batch["logits"], target, loss.WantsTeacher ? _batch["teacher_logits"] : []);
            return Failure(found, wantedLoss, wantedGradient, "");
        });
    }

    private ComponentResult Sequence(FixtureNode entry)
    {
        var name = entry["name"].Text();
        return ComponentCase.Result(entry, name, () =>
        {
            var p = entry["params"];
            if (LossCaseOptions.WithMemory(name, p) is not { } loss) return $"there is no loss with a memory of the name '{name}'";
            if ((p.Unknown() ?? ComponentCase.Problem(loss)) is { } wrong) return wrong;
            var steps = entry["steps"].Items;
            var (samples, classes) = (steps[0]["logits"].Items.Count, steps[0]["logits"].Items[0].Items.Count);
            using var problem = new LossProblem(backend, samples, classes, soft: false, isSum: false, loss.PerSample, _batch.ClassCounts);
            foreach (var (i, step) in steps.Index())
            {
                var (wantedLoss, wantedGradient) = Wanted(step, samples, classes);
                var found = problem.Run(step["logits"].Numbers(samples, classes), LossBatch.LabelsOf(step["labels"], samples, classes), []);
                var where = $"step {i + 1}: ";
                if ((Failure(found, wantedLoss, wantedGradient, where) ?? MemoryFailure(name, problem, step, classes, where)) is { } far) return far;
            }

            return null;
        });
    }

    private static string? MemoryFailure(string loss, LossProblem problem, FixtureNode step, int classes, string where)
    {
        foreach (var (field, state, of) in s_memory)
        {
            if (of != loss) continue;
            var (found, wanted) = (problem.State(state), step[field].Numbers(classes));
            for (var c = 0; c < classes; c++)
                if (Near.Relative($"{where}{field}[{c}]", found[c], wanted[c], Bound) is { } far) return far;
        }

        return null;
    }

    private static (double Loss, double[] Gradient) Wanted(FixtureNode entry, int samples, int classes) =>
        (entry["loss"].Number(), entry["grad"].Numbers(samples, classes));

    private static string? Failure((double Loss, float[] Gradient) found, double loss, double[] gradient, string where)
    {
        if (Near.Relative($"{where}the loss", found.Loss, loss, Bound) is { } far) return far;
        var bound = Bound * gradient.Max(Math.Abs);
        return Enumerable.Range(0, gradient.Length)
            .Select(i => Near.Absolute($"{where}element {i} of the gradient", found.Gradient[i], gradient[i], bound))
            .FirstOrDefault(wrong => wrong is not null);
    }

    private Value Given(LossInputs inputs, string name) =>
        inputs.Graph.Constant(HostTensor.Of(inputs.Logits.Shape, [.. _batch[name].Select(number => (float)number)]));

    private static bool IsSoft(string name) => name is "soft_target_cross_entropy" or "mixup_cross_entropy" or "bce_soft_targets";

    private static bool IsSum(string name) => name.EndsWith("_sum", StringComparison.Ordinal);

    /// <summary>Labels, or a weight for each class.</summary>
    private double[] Target(string name, FixtureNode p)
    {
        if (!IsSoft(name)) return _batch["labels"];
        if (name != "mixup_cross_entropy") return _batch["soft_targets"];
        var (labels, others, share) = (_batch["labels"], _batch["labels_b"], p["lam"].Number());
        var target = new double[_batch.Samples * _batch.Classes];
        for (var n = 0; n < labels.Length; n++)
        {
            target[(n * _batch.Classes) + (int)labels[n]] += share;
            target[(n * _batch.Classes) + (int)others[n]] += 1 - share;
        }

        return target;
    }
}
