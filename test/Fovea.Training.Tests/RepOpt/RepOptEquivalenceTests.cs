using Fovea.Formats.Weights;
using Fovea.Models;
using Fovea.Passes;
using Fovea.Training.Optimizers;
using Fovea.Training.RepOpt;
using Fovea.Training.Tests.Steps;
using Fovea.Training.Weights;

namespace Fovea.Training.Tests.RepOpt;

/// <summary>
/// The check of the authors (check_equivalency.py) on whole nets: plain kernels that a RepOptimizer trains are the sum of branches that the plain rule trains.
/// </summary>
public sealed class RepOptEquivalenceTests : IDisposable
{
    private static readonly Dictionary<string, OptimizerOptions> s_rules = new()
    {
        ["sgd"] = new SgdOptions { LearningRate = 0.05, WeightDecay = 0.01 },
        ["sgd nesterov"] = new SgdOptions { LearningRate = 0.05, Nesterov = true, WeightDecay = 0.05 },
        ["sgd dampened, without momentum of the first step"] = new SgdOptions { LearningRate = 0.05, Dampening = 0.3 },
        ["sgd with rates of layers"] = new SgdOptions { LearningRate = 0.05, LayerDecay = 0.7 },
        ["sgd with lookahead"] = new SgdOptions { LearningRate = 0.05, Around = [new LookaheadOptions { Every = 2 }] },
        ["adamw"] = new AdamWOptions { LearningRate = 0.005 },
        ["adamw amsgrad with rates of layers"] = new AdamWOptions { LearningRate = 0.005, Amsgrad = true, LayerDecay = 0.7 },
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Cases => new MatrixTheoryData<string, string>(UpdateProblem.Backends.Keys, s_rules.Keys);

    public void Dispose() => _folder.Dispose();

    /// <summary>AdamW's ε weighs more on scaled gradients; single precision is amplified by norms over small batches.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("row", "S0-06")]
    public void A_target_trained_by_a_RepOptimizer_is_the_folded_net_of_constant_scales_trained_by_the_plain_rule(string backend, string rule)
    {
        var (target, branches) = Trained(backend, s_rules[rule], accumulate: 1);
        AssertNear(target, branches, !rule.StartsWith("sgd", StringComparison.Ordinal) ? 2e-4 : backend == "reference" ? 1e-5 : 1e-4);
    }

    [Theory]
    [InlineData("sgd", 1e-5)]
    [InlineData("adamw", 2e-4)]
    public void Accumulated_batches_leave_them_equal(string rule, double tolerance)
    {
        var (target, branches) = Trained("reference", s_rules[rule], accumulate: 2);
        AssertNear(target, branches, tolerance);
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adamw")]
    public void The_plain_rule_alone_trains_another_net(string rule)
    {
        var (_, branches) = Trained("reference", s_rules[rule], accumulate: 1);
        using var plain = new Trainer(RepOptNets.Options("target", s_rules[rule]));
        plain.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        Assert.True(Difference(Kernels(plain, "target"), branches) > 0.1);
    }

    /// <summary>The weights of the target, and those of the branches folded into its form, after a few epochs from the same seed.</summary>
    private (Dictionary<string, float[]> Target, Dictionary<string, float[]> Branches) Trained(string backend, OptimizerOptions rule, int accumulate)
    {
        var file = _folder.Path("scales.pth");
        WeightFile.Write(file, RepOptNets.Scales);
        using var csla = new Trainer(RepOptNets.Options("csla", rule with { AlsoDecay = ["*identity.weight"] }, accumulate: accumulate) with
        {
            Backend = UpdateProblem.Backends[backend], Weights = RepOptNets.Scales,
        });
        using var target = new Trainer(RepOptNets.Options("target", rule with { Around = [new RepOptOptions { Scales = file }, .. rule.Around] },
            accumulate: accumulate) with { Backend = UpdateProblem.Backends[backend] });
        AssertNear(Kernels(target, "target"), Kernels(csla, "csla"), 1e-6);
        foreach (var trainer in (Trainer[])[csla, target]) trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        return (Kernels(target, "target"), Kernels(csla, "csla"));
    }

    /// <summary>The weights in the form of the target, of which the branches are summed, and those of the form that is shipped.</summary>
    private static Dictionary<string, float[]> Kernels(Trainer trainer, string form)
    {
        var model = RepOptNets.Model(form)(1);
        var weights = WeightMatch.Kept(model).ToDictionary(variable => variable.Label, variable => trainer.Session.Read(variable.Label));
        var shipped = Deploy.Fold(model, weights, ModelCatalog.Find($"repoptvgg_{form}").DeployName).Weights;
        var blocks = form == "target" ? [] : RepOptScales.Of([.. weights.Select(entry => (entry.Key, entry.Value))], form).Blocks;
        foreach (var block in blocks)
            weights[block.Kernel] = block.Initial(
                weights[block.Kernel], weights[block.Kernel.Replace(".conv.", ".conv_1x1.", StringComparison.Ordinal)], takesIdentityScales: true);
        return WeightMatch.Kept(RepOptNets.Model("target")(1)).Select(variable => (Name: variable.Label, Tensor: weights[variable.Label]))
            .Concat(shipped.Select(entry => (Name: $"shipped {entry.Key}", Tensor: entry.Value)))
            .ToDictionary(entry => entry.Name, entry => entry.Tensor.Floats.ToArray());
    }

    private static void AssertNear(Dictionary<string, float[]> found, Dictionary<string, float[]> wanted, double tolerance)
    {
        Assert.Equal(wanted.Keys.Order(), found.Keys.Order());
        var difference = Difference(found, wanted);
        Assert.True(difference < tolerance, $"a relative difference of {difference}; wanted below {tolerance}");
    }

    /// <summary>The largest over the tensors of Σ|Δ| / Σ|w|, which is the authors' measure.</summary>
    private static double Difference(Dictionary<string, float[]> found, Dictionary<string, float[]> wanted) => wanted.Max(entry =>
        entry.Value.Zip(found[entry.Key], (w, x) => Math.Abs((double)w - x)).Sum() / (entry.Value.Sum(w => Math.Abs((double)w)) + 1e-3));
}
