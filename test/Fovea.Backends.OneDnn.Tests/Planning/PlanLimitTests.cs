using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Planning;

/// <summary>Graphs that hold all rules and ask a plan for more than there is, or are very deep.</summary>
public sealed class PlanLimitTests
{
    private static readonly OneDnnBackend s_backend = new();

    [Fact]
    public void Value_of_more_elements_than_kernels_count_is_refused()
    {
        var graph = new Graph("wide");
        graph.Output("y", graph.Input("x", TensorType.F32(1, 1)).BroadcastTo(new Shape(1 << 16, 1 << 16)).Relu().Sum());
        Assert.Contains("f32[65536, 65536] has 4294967296 elements; a plan holds at most 2147483647 in one value", Refused(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void Input_or_output_that_no_span_holds_is_refused_by_name()
    {
        var graph = new Graph("long");
        graph.Output("y", graph.Input("x", TensorType.F32(1 << 15, 1 << 14)).Relu().Sum());
        Assert.Contains("'x' of the graph 'long' is f32:", Refused(graph), StringComparison.Ordinal);
        Assert.Contains("2147483648 bytes; an input or output holds at most 2 GiB", Refused(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_of_more_memory_than_the_machine_has_is_refused_before_it_takes_any()
    {
        var graph = new Graph("much");
        var x = graph.Input("x", TensorType.F32(1, 1));
        for (var i = 0; i < 4000; i++) graph.Output($"y{i}", x.Affine(1, i).BroadcastTo(new Shape(1 << 13, 1 << 15)));
        Assert.Contains("a plan of the graph 'much' takes 8589934592", Refused(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void A_deep_chain_compiles_without_deep_recursion()
    {
        var graph = new Graph("deep");
        var x = graph.Input("x", TensorType.F32(1, 8));
        for (var i = 0; i < 3000; i++) x = i % 3 == 0 ? x.Softmax() : i % 3 == 1 ? x.Relu() : x.Affine(1, 1e-4);
        graph.Output("y", x);
        using var session = s_backend.Open();
        using var plan = session.Compile(graph);
        plan.Run();
        Assert.All(plan.Result("y").ToArray(), y => Assert.InRange(y, 0, 1));
    }

    [Fact]
    public void A_chain_of_casts_compiles_in_linear_time()
    {
        var graph = new Graph("casts");
        var x = graph.Input("x", TensorType.F32(1, 2));
        var (y, b) = (x, graph.Parameter("b", new Shape(2), Initializer.Ones));
        for (var i = 0; i < 2000; i++) (y, b) = (y.Cast(i % 2 == 0 ? DType.BFloat16 : DType.Float32), b.Cast(i % 2 == 0 ? DType.BFloat16 : DType.Float32));
        graph.Output("y", y.MatMul(graph.Parameter("w", new Shape(2, 2), Initializer.Ones)).Plus(b));
        graph.Output("z", y);
        using var session = s_backend.Open();
        using var plan = session.Compile(graph);
        new[] { 1.001f, 2 }.CopyTo(plan.Floats("x"));
        plan.Run();
        Assert.Equal([1, 2], plan.Result("z").ToArray(), (a, b) => Math.Abs(a - b) < 0.01);
        Assert.Equal([4, 4], plan.Result("y").ToArray(), (a, b) => Math.Abs(a - b) < 0.02);
    }

    private static string Refused(Graph graph)
    {
        using var session = s_backend.Open();
        return Assert.Throws<GraphException>(() => session.Compile(graph)).Message;
    }
}
