using System.Globalization;
using System.Text.RegularExpressions;
using Fovea.Data.Parity;
using Fovea.Execution;
using Fovea.Training.Optimizers;

namespace Fovea.Training.Parity;

/// <summary>Steps of a small RepOpt-VGG with given scales, of <c>repoptimizer.json</c>.</summary>
/// <remarks>
/// In double the steps are those of the fixture. What computes in float32 makes each of them from the same weights: where a gradient is zero in theory, as
/// that of the shift of a norm before another norm, AdamW makes a full step of whatever rounding leaves of it, and all later steps would tell.
/// </remarks>
internal sealed partial class RepOptRun : IDisposable
{
    /// <summary>How far double may be from the fixture, whose numbers have nine digits and are met from weights in float32.</summary>
    private const double ExactBound = 1e-6;

    /// <summary>How far the loss in float32 may be from that in double: norms over small batches amplify every rounding.</summary>
    private const double LossBound = 1e-4;

    /// <summary>The same of weights after a step, as a relative L2: an input on the other side of a rectifier moves all gradients before it.</summary>
    private const double WeightBound = 1e-3;

    /// <summary>Of the kernel that is listed in part as many elements are given.</summary>
    private const int FirstElements = 64;

    internal const string NoSuchRule = "there is no such rule; wanted sgd or adamw";

    private const string Linear = "linear.weight";
    private const string Kernel = "stage1.0.conv.weight";

    private readonly FixtureNode _entry;
    private readonly OptimizerOptions _rule;
    private readonly RepOptNet _exact;
    private readonly RepOptNet? _single;

    private RepOptRun(FixtureNode entry, OptimizerOptions rule, IBackend backend, FixtureModels models)
    {
        (_entry, _rule) = (entry, rule with { Around = [new RepOptOptions()] });
        _exact = new(entry, _rule, new ReferenceBackend(), models);
        _single = backend is ReferenceBackend ? null : new(entry, _rule, backend, models);
    }

    internal static ComponentResult Compare(FixtureNode entry, IBackend backend, FixtureModels models)
    {
        var name = entry["update_rule"].Text();
        return ComponentCase.Result(entry, $"run_{name}", () =>
        {
            foreach (var remark in (string[])["weight_decay_rule", "no_reinitialize", "scales_note", "mode"]) entry.Remark(remark);
            var hyper = entry["hyper"];
            if (Rule(name, hyper) is not { } rule) return NoSuchRule;
            if ((hyper.Unknown() ?? ComponentCase.Problem(rule)) is { } wrong) return wrong;
            using var run = new RepOptRun(entry, rule, backend, models);
            return run.Failure();
        });
    }

    /// <summary>A rule by its name, without what stands around it; null where there is none of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="hyper">Its options; null for the defaults.</param>
    internal static OptimizerOptions? Rule(string name, FixtureNode? hyper)
    {
        OptimizerOptions? rule = name switch { "sgd" => new SgdOptions { Momentum = 0 }, "adamw" => new AdamWOptions(), _ => null };
        if (rule is null || hyper is not { } p) return rule;
        if (rule is SgdOptions sgd)
            rule = sgd with { Momentum = p.Number("momentum", 0), Dampening = p.Number("dampening", 0), Nesterov = p.Flag("nesterov", false) };
        if (rule is AdamWOptions adamW)
        {
            adamW = adamW with { Epsilon = p.Number("eps", adamW.Epsilon), Amsgrad = p.Flag("amsgrad", false) };
            rule = p.Find("betas")?.Numbers(2) is [var first, var second] ? adamW with { Beta1 = first, Beta2 = second } : adamW;
        }

        return rule with { LearningRate = p["lr"].Number(), WeightDecay = p.Number("weight_decay", 0) };
    }

    public void Dispose()
    {
        _exact.Dispose();
        _single?.Dispose();
    }

    private string? Failure()
    {
        var losses = _entry["losses_before_each_step"].Flat();
        var (norms, linear, kernel) = (After(NormsAfter()), After(LinearAfter()), After(KernelAfter()));
        if (norms.Keys.Concat(linear.Keys).Concat(kernel.Keys).Where(step => step < 1 || step > losses.Length).Any())
            throw _entry["losses_before_each_step"].Wrong($"has {losses.Length} losses, and there are weights after another step; wanted a loss for each step");
        foreach (var (given, name) in new[] { (norms, "weight_l2_after_1"), (norms, $"weight_l2_after_{losses.Length}"),
                     (linear, $"linear_weight_after_{losses.Length}"), (kernel, $"stage1_conv_weight_after_{losses.Length}") })
            if (given.Count == 0 || !given.Values.Any(field => field.Where.EndsWith(name, StringComparison.Ordinal))) throw Missing(name);
        for (var step = 1; step <= losses.Length; step++)
        {
            if ((Step(step, losses[step - 1]) ?? Norms(norms, step) ?? Elements(linear, step, Linear, part: null)
                ?? Elements(kernel, step, Kernel, FirstElements)) is { } wrong)
                return wrong;
        }

        return Step(losses.Length + 1, _entry["loss_after"].Number());
    }

    /// <summary>The fields of a name, by the number of the step in it.</summary>
    private Dictionary<int, FixtureNode> After(Regex name) => _entry.Names().Where(field => name.IsMatch(field)).ToDictionary(
        field => int.Parse(name.Match(field).Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture), field => _entry[field]);

    private FixtureException Missing(string name) => new($"{_entry.Where}.{name}", "is missing; wanted what the fixtures' README says of it");

    /// <summary>Makes a step, and compares its loss, and what float32 makes of the weights.</summary>
    private string? Step(int number, double expected)
    {
        _single?.Take(_exact);
        var (loss, what) = (_exact.Step(), $"the loss of step {number}");
        if (Near.Relative(what, loss, expected, ExactBound) is { } far) return far;
        return _single is null ? null : Near.Relative($"{what} in float32", _single.Step(), expected, LossBound) ?? Weights(number);
    }

    /// <summary>Compares the norms of all parameters after a step, where they are given.</summary>
    private string? Norms(Dictionary<int, FixtureNode> given, int step)
    {
        if (!given.TryGetValue(step, out var norms)) return null;
        return _exact.Parameters
            .Select(name => Near.Relative($"the norm of {name} after step {step}", Norm(_exact.Read(name)), norms[name].Number(), ExactBound))
            .FirstOrDefault(failure => failure is not null);
    }

    /// <summary>Compares the weights after a step in float32 with those in double, where AdamW has a gradient to go by.</summary>
    private string? Weights(int number)
    {
        foreach (var name in _exact.Parameters)
        {
            var (found, wanted) = (_single!.Read(name), _exact.Read(name));
            var moment = _rule.GradientDegree == 0 ? _exact.Read($"{AdamRuleOptions.First}/{name}") : [];
            var least = moment.Length == 0 ? 0 : 1e-4 * moment.Max(Math.Abs);
            var difference = found.Zip(wanted, (a, b) => a - b).Where((_, i) => moment.Length == 0 || Math.Abs(moment[i]) > least);
            if (Norm(difference) > WeightBound * Norm(wanted))
                return FormattableString.Invariant($"{name} in float32 is off by {Norm(difference) / Norm(wanted):G3} after step {number} (relative L2)");
        }

        return null;
    }

    /// <summary>Compares a weight after a step, where it is given: all of it, or its first elements.</summary>
    private string? Elements(Dictionary<int, FixtureNode> given, int step, string name, int? part)
    {
        if (!given.TryGetValue(step, out var field)) return null;
        var found = _exact.Read(name);
        var wanted = field.Flat(Math.Min(found.Length, part ?? found.Length));
        return Enumerable.Range(0, wanted.Length)
            .Select(i => Near.Relative($"{name}[{i}]", found[i], wanted[i], ExactBound)).FirstOrDefault(far => far is not null);
    }

    private static double Norm(IEnumerable<float> x) => Math.Sqrt(x.Sum(y => (double)y * y));

    [GeneratedRegex(@"^weight_l2_after_(\d{1,4})$", RegexOptions.CultureInvariant)]
    private static partial Regex NormsAfter();

    [GeneratedRegex(@"^linear_weight_after_(\d{1,4})$", RegexOptions.CultureInvariant)]
    private static partial Regex LinearAfter();

    [GeneratedRegex(@"^stage1_conv_weight_after_(\d{1,4})$", RegexOptions.CultureInvariant)]
    private static partial Regex KernelAfter();
}
