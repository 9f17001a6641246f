using System.Globalization;
using System.Text.Json;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;
using Fovea.Training.Batches;
using Fovea.Training.Optimizers;
using Fovea.Training.RepOpt;
using Fovea.Training.State;
using Fovea.Training.Steps;

namespace Fovea.Training.Parity;

/// <summary>Steps of a small RepOpt-VGG with given scales, of <c>repoptimizer.json</c>.</summary>
internal sealed class RepOptRun : IDisposable
{
    /// <summary>How far float32 may be after some steps, of which norms over small batches amplify every rounding: of losses and norms.</summary>
    private const double StepBound = 1e-4;

    /// <summary>The same of single weights, as a relative L2.</summary>
    private const double WeightBound = 1e-3;

    private readonly JsonElement _entry;
    private readonly OptimizerOptions _rule;
    private readonly ISession _session;
    private readonly TrainingStep _step;
    private readonly Batch _batch;
    private readonly double _rate;
    private readonly RunState _state = new();

    private RepOptRun(JsonElement entry, OptimizerOptions rule, IBackend backend, FixtureModels models)
    {
        var of = entry.GetProperty("model");
        var model = new RepOptModel(of.Integers("num_blocks"), of.Numbers("width_multiplier"), (int)of.Number("num_classes"), new(of.Integers("input")));
        (_entry, _rule, _rate) = (entry, rule with { Around = [new RepOptOptions()] }, entry.GetProperty("hyper").Number("lr"));
        Graph Build(int count) => models.RepOpt(model with { Input = model.Input.With(0, count) });
        _session = backend.Open();
        _step = new(_session, Build, new() { Optimizer = _rule }, model.Input.N);
        foreach (var tensor in entry.GetProperty("tensors").EnumerateArray())
            _session.Write(tensor.Name(), models.Filled(tensor.GetProperty("fill").GetString()!, new(tensor.Integers("shape")), Seed(tensor, "seed")));
        var kernels = Build(1).Variables.Select(value => value.Variable!)
            .Where(variable => BranchNames.OfKernel(variable.Label, variable.Type.Shape) is not null).Select(variable => variable.Label).ToArray();
        var scales = entry.GetProperty("scales").EnumerateArray().ToArray();
        if (scales.Length != kernels.Length) throw new FormatException($"there are scales of {scales.Length} blocks; the model has {kernels.Length}");
        foreach (var (kernel, given) in kernels.Zip(scales)) RepOptOptions.Write(_session, InOrder(kernel, given), _rule);
        _batch = new(model.Input.N, models.Filled("input", model.Input, Seed(of, "input_seed")).Floats.ToArray(), of.Integers("labels"));
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
        _step.Dispose();
        _session.Dispose();
    }

    private string? Failure()
    {
        var losses = _entry.Numbers("losses_before_each_step");
        for (var i = 0; i < losses.Length; i++)
        {
            if (Far($"the loss of step {i + 1}", Loss(), losses[i], StepBound) is { } far) return far;
            if (_entry.TryGetProperty(string.Create(CultureInfo.InvariantCulture, $"weight_l2_after_{i + 1}"), out var norms)
                && Norms(norms, i + 1) is { } wrong) return wrong;
        }

        return Elements("linear.weight", $"linear_weight_after_{losses.Length}")
            ?? Elements("stage1.0.conv.weight", $"stage1_conv_weight_after_{losses.Length}")
            ?? (_entry.TryGetProperty("loss_after", out var after) ? Far("the loss afterwards", Loss(), after.GetDouble(), StepBound) : null);
    }

    /// <summary>The loss before a step, which is made.</summary>
    private double Loss() => _step.Run(_batch, _state, _rate).Loss;

    /// <remarks>
    /// The shift of a norm before another norm over a batch may have no gradient in theory. AdamW makes full steps of whatever rounding leaves of it, so that
    /// what has one axis may be off by the rate in every step there; no loss depends on that.
    /// </remarks>
    private string? Norms(JsonElement norms, int steps)
    {
        foreach (var entry in norms.EnumerateObject())
        {
            var tensor = _session.Read(entry.Name);
            var norm = Math.Sqrt(tensor.Floats.ToArray().Sum(x => (double)x * x));
            var undetermined = _rule.GradientDegree == 0 && tensor.Shape.Rank == 1 ? 2 * _rate * steps : 0;
            if (Far($"the norm of {entry.Name} after step {steps}", norm, entry.Value.GetDouble(), StepBound + undetermined) is { } far) return far;
        }

        return null;
    }

    /// <summary>Compares the first elements of a weight, as many as are given.</summary>
    private string? Elements(string name, string field)
    {
        if (!_entry.TryGetProperty(field, out var json)) return null;
        var (found, wanted) = (_session.Read(name).Floats.ToArray(), json.Numbers());
        if (wanted.Length > found.Length) return $"{name} has {found.Length} elements; wanted {wanted.Length}";
        var difference = Math.Sqrt(wanted.Zip(found).Sum(pair => Math.Pow(pair.First - pair.Second, 2)) / wanted.Sum(w => w * w));
        return difference <= WeightBound ? null : FormattableString.Invariant($"{name} is off by {difference:G3} (relative L2); wanted at most {WeightBound}");
    }

    /// <summary>Those of the identity, where there is one, of the 1×1 convolution, and of the 3×3 one.</summary>
    private static BlockScales InOrder(string kernel, JsonElement given)
    {
        float[][] scales = [.. given.EnumerateArray().Select(one => one.Numbers().Select(x => (float)x).ToArray())];
        return scales switch
        {
            [var point, var conv] => new(kernel, conv, point, null),
            [var identity, var point, var conv] => new(kernel, conv, point, identity),
            _ => throw new FormatException($"{kernel} has {scales.Length} lists of scales; wanted 2 or 3"),
        };
    }

    private static ulong Seed(JsonElement json, string name) =>
        ulong.Parse(json.GetProperty(name).GetString()!, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string? Far(string what, double found, double wanted, double bound) => Math.Abs(found - wanted) <= bound * Math.Max(1, Math.Abs(wanted))
        ? null
        : FormattableString.Invariant($"{what} is {found:G9}; wanted {wanted:G9}");
}
