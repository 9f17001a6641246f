using System.Globalization;
using System.Text.Json;
using Fovea.Execution;
using Fovea.Training.Optimizers;

namespace Fovea.Training.Parity;

/// <summary>Steps of a small RepOpt-VGG with given scales, of <c>repoptimizer.json</c>.</summary>
/// <remarks>
/// In double the steps are those of the fixture. What computes in float32 makes each of them from the same weights: where a gradient is zero in theory, as
/// that of the shift of a norm before another norm, AdamW makes a full step of whatever rounding leaves of it, and all later steps would tell.
/// </remarks>
internal sealed class RepOptRun : IDisposable
{
    /// <summary>How far double may be from the fixture, whose numbers have nine digits and are met from weights in float32.</summary>
    private const double ExactBound = 1e-6;

    /// <summary>How far the loss in float32 may be from that in double: norms over small batches amplify every rounding.</summary>
    private const double LossBound = 1e-4;

    /// <summary>The same of weights after a step, as a relative L2: an input on the other side of a rectifier moves all gradients before it.</summary>
    private const double WeightBound = 1e-3;

    private readonly JsonElement _entry;
    private readonly OptimizerOptions _rule;
    private readonly RepOptNet _exact;
    private readonly RepOptNet? _single;

    private RepOptRun(JsonElement entry, OptimizerOptions rule, IBackend backend, FixtureModels models)
    {
        (_entry, _rule) = (entry, rule with { Around = [new RepOptOptions()], LearningRate = entry.GetProperty("hyper").Number("lr") });
        _exact = new(entry, _rule, new ReferenceBackend(), models);
        _single = backend is ReferenceBackend ? null : new(entry, _rule, backend, models);
    }

    internal static ComponentResult Compare(JsonElement entry, IBackend backend, FixtureModels models)
    {
        var name = $"run_{entry.GetProperty("update_rule").GetString()}";
        if (Rule(entry) is not { } rule) return new(name, "there is no such rule; wanted sgd or adamw");
        using var run = new RepOptRun(entry, rule, backend, models);
        return new(name, run.Failure());
    }

    /// <summary>The rule of an entry, without what stands around it; null where there is none of its name.</summary>
    internal static OptimizerOptions? Rule(JsonElement entry)
    {
        var (p, defaults) = (entry.TryGetProperty("hyper", out var hyper) ? hyper : entry, new AdamWOptions());
        double Beta(int i, double otherwise) => p.TryGetProperty("betas", out var betas) ? betas[i].GetDouble() : otherwise;
        OptimizerOptions? rule = entry.GetProperty("update_rule").GetString() switch
        {
            "sgd" => new SgdOptions { Momentum = p.Number("momentum", 0), Dampening = p.Number("dampening", 0), Nesterov = p.Flag("nesterov", false) },
            "adamw" => new AdamWOptions
            {
                Epsilon = p.Number("eps", defaults.Epsilon), Beta1 = Beta(0, defaults.Beta1), Beta2 = Beta(1, defaults.Beta2),
                Amsgrad = p.Flag("amsgrad", false),
            },
            _ => null,
        };
        return rule is null ? null : rule with { WeightDecay = p.Number("weight_decay", 0) };
    }

    public void Dispose()
    {
        _exact.Dispose();
        _single?.Dispose();
    }

    private string? Failure()
    {
        var losses = _entry.Numbers("losses_before_each_step");
        for (var i = 0; i < losses.Length; i++)
            if (Step(i + 1, losses[i]) is { } wrong) return wrong;
        return Elements("linear.weight", $"linear_weight_after_{losses.Length}")
            ?? Elements("stage1.0.conv.weight", $"stage1_conv_weight_after_{losses.Length}")
            ?? (_entry.TryGetProperty("loss_after", out var after) ? Step(losses.Length + 1, after.GetDouble()) : null);
    }

    /// <summary>Makes a step, and compares its loss and what the fixture knows of the weights after it.</summary>
    private string? Step(int number, double expected)
    {
        _single?.Take(_exact);
        var (loss, what) = (_exact.Step(), $"the loss of step {number}");
        if (Near.Relative(what, loss, expected, ExactBound) is { } far) return far;
        if (_single is not null && (Near.Relative($"{what} in float32", _single.Step(), expected, LossBound) ?? Weights(number)) is { } wrong) return wrong;
        if (!_entry.TryGetProperty(string.Create(CultureInfo.InvariantCulture, $"weight_l2_after_{number}"), out var norms)) return null;
        return norms.EnumerateObject()
            .Select(entry => Near.Relative($"the norm of {entry.Name} after step {number}", Norm(_exact.Read(entry.Name)), entry.Value.GetDouble(), ExactBound))
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

    /// <summary>Compares the first elements of a weight, as many as are given.</summary>
    private string? Elements(string name, string field)
    {
        if (!_entry.TryGetProperty(field, out var json)) return null;
        var (found, wanted) = (_exact.Read(name), json.Numbers());
        if (wanted.Length > found.Length) return $"{name} has {found.Length} elements; wanted {wanted.Length}";
        for (var i = 0; i < wanted.Length; i++)
            if (Near.Relative($"{name}[{i}]", found[i], wanted[i], ExactBound) is { } far) return far;
        return null;
    }

    private static double Norm(IEnumerable<float> x) => Math.Sqrt(x.Sum(y => (double)y * y));
}
