using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Tests.Planning;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Fusion;

/// <summary>Plans of a library that has nothing in bfloat16, which any machine can make.</summary>
public sealed class WidenOperationsTests
{
    private static readonly OneDnnBackend s_without = new(new OneDnnOptions { WithoutBFloat16 = true });

    [Fact]
    public void An_operation_without_an_implementation_stands_between_casts()
    {
        var graph = new Graph("g");
        var (x, w) = (graph.Input("x", new(DType.BFloat16, new Shape(1, 2, 4, 4))), graph.Input("w", new(DType.BFloat16, new Shape(3, 2, 1, 1))));
        graph.Output("y", graph.Add(new Conv2d(Window2d.Of(1, 0), 1), x, w).Relu());
        Assert.Equal(["Cast", "Cast", "Conv2d", "Cast", "Relu"], Names(graph, node => node.Op is Conv2d ? DType.Float32 : DType.BFloat16));
        Assert.Equal(["Conv2d", "Relu"], Names(graph, _ => DType.BFloat16));
    }

    [Fact]
    public void Readers_close_by_share_a_wide_copy_and_one_far_away_has_its_own()
    {
        var graph = new Graph("g");
        var x = graph.Input("x", new(DType.BFloat16, new Shape(1, 2, 4, 4)));
        var (a, b) = (x.MaxPool(2, 2), x.AvgPool(2, 2));
        var y = a.Plus(b);
        for (var i = 0; i < 40; i++) y = y.Sigmoid();
        graph.Output("y", y.Plus(x.MaxPool(2, 2)));
        Assert.Equal(2, Widened(graph, node => node.Op is MaxPool or AvgPool ? DType.Float32 : DType.BFloat16).Nodes.Count(
            node => node.Op is Cast { DType: DType.Float32 }));
    }

    [Theory]
    [InlineData("resnet20")]
    [InlineData("repvgg_n1")]
    public void What_is_kept_for_the_gradient_stays_narrow(string model)
    {
        using var session = s_without.Open();
        using var narrow = (OneDnnExecutable)session.Compile(Steps.Of(model, 64, 32, DType.BFloat16));
        using var other = s_without.Open();
        using var wide = (OneDnnExecutable)other.Compile(Steps.Of(model, 64, 32, DType.Float32));
        Assert.True(narrow.Describe().ArenaBytes < 0.9 * wide.Describe().ArenaBytes, $"{narrow.Describe().ArenaBytes} of {wide.Describe().ArenaBytes} bytes");
    }

    [Fact]
    public void The_plan_says_what_it_computes_in_fp32()
    {
        using var session = s_without.Open();
        using var plan = (OneDnnExecutable)session.Compile(Steps.Of("resnet20", 2, 32, DType.BFloat16));
        var products = plan.Describe().Steps.Where(step => step.What is "fused_conv2d" or "conv2d_input_gradient" or "conv2d_weight_gradient").ToList();
        Assert.Equal(19 + 18 + 19, products.Count);
        Assert.All(products, step => Assert.True(step.IsWidened && step.Layouts.StartsWith("f32:", StringComparison.Ordinal), $"{step.Path} {step.Layouts}"));
        Assert.Empty(plan.Describe().Slow);
    }

    [Fact]
    public void Only_a_library_without_bf16_computes_in_fp32()
    {
        var backend = new OneDnnBackend();
        using var session = backend.Open();
        using var plan = (OneDnnExecutable)session.Compile(Steps.Of("resnet20", 2, 32, DType.BFloat16));
        Assert.Equal(backend.BFloat16 == BFloat16Support.None, plan.Describe().Steps.Any(step => step.IsWidened));
    }

    [Fact]
    public void Bf16_is_the_fastest_type_only_where_it_is_native_and_was_measured_to_be_faster()
    {
        var backend = new OneDnnBackend();
        Assert.InRange(OneDnnBackend.BFloat16Speedup, 0.01, 100);
        Assert.Equal(OneDnnBackend.BFloat16Speedup, OneDnnBackend.BFloat16Speedup);
        Assert.Equal(backend.BFloat16 == BFloat16Support.Native && OneDnnBackend.BFloat16Speedup >= 1.25, backend.FastestType == DType.BFloat16);
        Assert.Equal(DType.Float32, new OneDnnBackend(new() { WithoutBFloat16 = true }).FastestType);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Training_goes_on_on_another_machine_with_the_variables_of_the_first(bool beginsWithout)
    {
        var graph = Steps.Of("resnet20", 4, 32, DType.BFloat16);
        OneDnnBackend[] machines = [new(new() { WithoutBFloat16 = beginsWithout }), new(new() { WithoutBFloat16 = !beginsWithout })];
        using var unbroken = machines[0].Open();
        var wanted = Run(unbroken, graph, steps: 4);
        using var first = machines[0].Open();
        Run(first, graph, steps: 2);
        using var second = machines[1].Open();
        using (second.Compile(graph, seed: 5))
        {
            foreach (var variable in first.Variables) second.Write(variable, first.Read(variable));
        }

        Assert.Equal(wanted, Run(second, graph, steps: 2), 0.02);
        foreach (var variable in unbroken.Variables)
        {
            if (variable.Contains("momentum", StringComparison.Ordinal)) continue;
            var distance = PlanTests.Distance(unbroken.Read(variable), second.Read(variable));
            Assert.True(distance < 0.05, $"{variable}: {distance:g3}");
        }
    }

    private static float Run(OneDnnSession session, Graph graph, int steps)
    {
        using var step = session.Compile(graph, seed: 4);
        Steps.Fill(step);
        for (var i = 0; i < steps; i++) step.Run();
        return step.Result("loss")[0];
    }

    private static IEnumerable<string> Names(Graph graph, Func<Node, DType> rule) =>
        Widened(graph, rule).Nodes.Where(node => node.Op is not Variable).Select(node => node.Op.GetType().Name);

    private static Graph Widened(Graph graph, Func<Node, DType> rule) => new PassDriver().Run(graph, new WidenOperations(rule, []));
}
