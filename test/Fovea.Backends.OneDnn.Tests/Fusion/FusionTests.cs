using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Kernels;
using Fovea.Backends.OneDnn.Tests.Interop;
using Fovea.Backends.OneDnn.Tests.Planning;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Fusion;

public sealed class FusionTests
{
    private static readonly Precisions s_precisions = new(Workbench.Api);

    [Theory]
    [InlineData("repvgg_n1", 22, 22)]
    [InlineData("resnet20", 19, 19)]
    public void A_training_step_has_one_norm_sum_a_block(string model, int forward, int backward)
    {
        var ops = PlanCompiler.Fuse(Steps.Of(model, 2, 32), s_precisions).Nodes.Select(node => node.Op).ToList();
        Assert.Equal(forward, ops.Count(op => op is NormSum));
        Assert.Equal(backward, ops.Count(op => op is NormSumGradient));
        Assert.DoesNotContain(ops, op => op is BatchNormTraining or BatchNormGradient);
    }

    [Fact]
    public void Sums_and_masks_of_gradients_are_part_of_the_gradients_of_norms()
    {
        var ops = PlanCompiler.Fuse(Steps.Of("resnet20", 2, 32), s_precisions).Nodes.Select(node => node.Op).ToList();
        Assert.Equal(9, ops.Count(op => op is NormSumGradient { Terms: 2, GivesTerm: true, Rectified: true }));
        Assert.DoesNotContain(ops, op => op is PointwiseGradient { Of: Relu } or SumAll);
    }

    [Fact]
    public void A_deployed_residual_net_is_convolutions_that_add_and_rectify()
    {
        var ops = PlanCompiler.Fuse(Deploy.Structure(Steps.Model("resnet18", 1, 64)), s_precisions).Nodes.Select(node => node.Op).ToList();
        Assert.Equal(20, ops.Count(op => op is FusedConv2d { HasBias: true }));
        Assert.Equal(8, ops.Count(op => op is FusedConv2d { HasSum: true, Activation: Relu }));
        Assert.DoesNotContain(ops, op => op is Relu or SumAll or BatchNorm);
    }

    [Theory]
    [InlineData("repvgg_n1")]
    [InlineData("resnet20")]
    public void Fusion_changes_no_result(string model)
    {
        var graph = Steps.Of(model, 2, 16);
        var (before, after) = (Results(graph), Results(PlanCompiler.Fuse(graph, s_precisions)));
        Assert.Equal(before.Keys, after.Keys);
        foreach (var (name, wanted) in before)
            for (var i = 0; i < wanted.Elements.Length; i++)
                Assert.Equal(wanted[i], after[name][i], 1e-9 * (1 + Math.Abs(wanted[i])));
    }

    [Fact]
    public void Fusing_twice_changes_nothing()
    {
        var once = PlanCompiler.Fuse(Steps.Of("repvgg_n1", 2, 32), s_precisions);
        Assert.Equal(GraphPrinter.Print(once), GraphPrinter.Print(PlanCompiler.Fuse(once, s_precisions)));
    }

    [Fact]
    public void A_norm_that_two_nodes_read_stands_alone()
    {
        var graph = new Graph("shared");
        var x = graph.Input("x", TensorType.F32(2, 4, 3, 3));
        var (g, b) = (graph.Parameter("g", new Shape(4), Initializer.Ones), graph.Parameter("b", new Shape(4), Initializer.Zeros));
        var y = graph.AddNode(new BatchNormTraining(1e-5), x, g, b);
        graph.Output("sum", y.Result.Plus(x).Relu());
        graph.Output("norm", y.Result);
        var ops = PlanCompiler.Fuse(graph, s_precisions).Nodes.Select(node => node.Op);
        Assert.Single(ops, op => op is NormSum { Branches: 1, Rectified: false });
    }

    [Fact]
    public void Gradient_of_a_norm_by_a_sum_of_norms_has_the_values_of_its_definition()
    {
        var graph = new Graph("energy");
        var x = graph.Input("x", TensorType.F32(2, 4, 3, 3));
        Value[] affine = [graph.Parameter("g", new Shape(4), Initializer.Ones), graph.Parameter("b", new Shape(4), Initializer.Zeros)];
        var norm = graph.AddNode(new BatchNormTraining(1e-5), x, affine[0], affine[1]);
        var y = norm.Result.Plus(x.Relu());
        graph.Output("y", y);
        graph.Output("dx", graph.AddNode(new BatchNormGradient(1e-5), x, affine[0], affine[1], norm.Results[1], norm.Results[2], y).Result);
        Agrees(graph);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(20)]
    public void Sum_of_many_norms_has_the_values_and_gradients_of_its_definition(int branches) => Agrees(ManyNorms(branches));

    /// <summary>Asserts that the backend computes the outputs of a graph as its definition has them.</summary>
    private static void Agrees(Graph graph)
    {
        var wanted = Results(graph);
        using var session = new OneDnnBackend().Open();
        using var plan = session.Compile(graph);
        foreach (var variable in graph.Variables.Select(value => value.Variable!).Where(variable => variable.Kind != VariableKind.Input))
            session.Write(variable.Label, variable.Initial.Make(variable.Type.Shape, variable.Label, 3));
        plan.Fill("x", new Initializer.Normal(1).Make(graph.Variable("x").Shape, "x", 3));
        plan.Run();
        foreach (var (name, _) in graph.Outputs)
        {
            var ours = plan.Result(name);
            var theirs = wanted[name].Elements;
            var scale = theirs.Max(Math.Abs);
            for (var i = 0; i < theirs.Length; i++) Assert.True(Math.Abs(ours[i] - theirs[i]) <= 1e-4 * scale, $"{name}[{i}] is {ours[i]}; wanted {theirs[i]}");
        }
    }

    [Fact]
    public void A_convolution_that_is_added_to_its_own_input_does_not_write_over_what_it_still_reads()
    {
        var graph = new Graph("own");
        var x = graph.Input("x", TensorType.F32(2, 16, 9, 8)).Relu();
        var w = graph.Parameter("w", new Shape(16, 1, 7, 7), new Initializer.Normal(0.3));
        graph.Output("y", x.Plus(x.Conv2d(w, Window2d.Of(padding: 3), groups: 16)).Relu());
        Agrees(graph);
    }

    /// <summary>Pointwise convolutions of one image, each normalised; their sum, rectified; and the gradients of its mean square.</summary>
    private static Graph ManyNorms(int branches)
    {
        var (graph, c) = (new Graph("many"), new Shape(16));
        var x = graph.Input("x", TensorType.F32(3, 16, 5, 4));
        Value Branch(Scope s)
        {
            Value One(string name, Initializer initial) => s.Parameter(name, c, initial);
            var y = x.Conv2d(s.Parameter("weight", new Shape(16, 16, 1, 1), new Initializer.Normal(0.3)), Window2d.Of());
            var (mean, variance) = (s.State("mean", c, Initializer.Zeros), s.State("variance", c, Initializer.Ones));
            return y.BatchNorm(One("gamma", new Initializer.Normal(1)), One("beta", new Initializer.Normal(1)), mean, variance);
        }

        var sum = Enumerable.Range(0, branches).Select(i => Branch(new Scope(graph)[i])).Aggregate((a, b) => a.Plus(b));
        graph.Output("y", sum.Relu());
        var training = new PassDriver().Run(graph, new EnterTraining());
        var parameters = training.Variables.Where(value => value.Variable!.Kind == VariableKind.Parameter).ToList();
        var gradients = Autodiff.Gradients(training.Output("y").Square().Mean(0, 1, 2, 3), parameters);
        for (var i = 0; i < parameters.Count; i++) training.Output($"d {parameters[i].Variable!.Label}", gradients[i]!);
        return training;
    }

    /// <summary>Outputs and next values by name, computed in double.</summary>
    internal static Dictionary<string, OracleTensor> Results(Graph graph)
    {
        var values = Interpreter.Run(graph, variable => variable switch
        {
            { Label: "target" } => new OracleTensor(variable.Type.Shape, [1, 5]),
            { Label: "learning_rate" } => new OracleTensor(Shape.Scalar, [0.1]),
            { Kind: VariableKind.Input } => OracleTensor.From(new Initializer.Normal(1).Make(variable.Type.Shape, variable.Label, 3)),
            _ => OracleTensor.From(variable.Initial.Make(variable.Type.Shape, variable.Label, 3)),
        });
        var results = graph.Outputs.ToDictionary(output => output.Name, output => values[output.Value]);
        foreach (var (variable, next) in graph.Updates) results.Add(variable.Variable!.Label, values[next]);
        return results;
    }
}
