using Fovea.Backends.OneDnn;
using Fovea.Graphs;
using Fovea.Training.Optimizers;
using Fovea.Training.Steps;

namespace Fovea.Training.Tests.Steps;

/// <summary>How often the plan of a step goes over the memory of a parameter once its gradient is there.</summary>
public class UpdatePassTests
{
    /// <summary>What is written in each pass of a rule: w, its slots and its average in one, unless a norm lies between.</summary>
    private static readonly Dictionary<string, int[]> s_passes = new()
    {
        ["sgd"] = [3], ["adam"] = [4], ["adamw"] = [4], ["nadam"] = [4], ["rmsprop"] = [3], ["rmsprop_tf"] = [4], ["adagrad"] = [3], ["adabound"] = [4],
        ["adan"] = [6], ["lion"] = [3], ["lars"] = [3], ["larc"] = [3], ["lamb"] = [3, 2],
    };

    public static TheoryData<string> Kinds => [.. s_passes.Keys];

    [Fact]
    public void Every_rule_that_works_element_by_element_has_its_passes_stated() =>
        Assert.Equal(OptimizerOptions.Kinds.Select(rule => rule.Kind).Except(["muon"]).Order(), s_passes.Keys.Order());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_weight_its_slots_and_its_average_are_written_in_one_pass_unless_a_norm_lies_between(string kind)
    {
        var rule = OptimizerOptions.Kinds.Single(rule => rule.Kind == kind) with { WeightDecay = 0.1, Decay1d = true };
        var steps = Passes(new() { Optimizer = rule, Average = new EmaOptions(), ClipGradientNorm = 1 });
        Assert.Equal(s_passes[kind], steps["conv.weight"]);
        Assert.Equal(s_passes[kind], steps["fc.weight"]);
    }

    [Fact]
    public void Lookahead_adds_its_slow_weights_to_the_pass()
    {
        var rule = new SgdOptions { Around = [new LookaheadOptions()] };
        Assert.Equal([4], Passes(new() { Optimizer = rule, Average = new EmaOptions(), ClipGradientNorm = 1 })["conv.weight"]);
    }

    /// <summary>
    /// The numbers of results of the maps that write tensors of a parameter's size, once the norm of all gradients is there; nothing else moves then.
    /// </summary>
    private static Dictionary<string, int[]> Passes(TrainingGraphOptions options)
    {
        using var session = new OneDnnBackend().Open();
        using var plan = (OneDnnExecutable)session.Compile(TrainingGraph.Build(TinyModel.Net(4), options).Graph);
        var steps = plan.Describe().Steps.Where(step => !step.IsPrologue).ToList();
        var after = steps[steps.FindIndex(step => step.What == "squared_norm")..];
        Assert.DoesNotContain(after, step => step.What == "reorder");
        Assert.Equal(plan.Graph.Outputs.Count, after.Count(step => step.What == "copy"));
        return plan.Graph.Variables.Select(value => value.Variable!).Where(variable => variable.Kind == VariableKind.Parameter)
            .ToDictionary(variable => variable.Label, variable => Results(plan.Graph, variable));
    }

    private static int[] Results(Graph graph, Variable variable) =>
    [
        .. graph.Nodes.Where(node => node.Op.Name == "map" && node.Results.Any(result => graph.Updates.Any(update => update.Next == result))
            && node.Result.Shape == variable.Type.Shape).Select(node => node.Results.Count),
    ];
}
