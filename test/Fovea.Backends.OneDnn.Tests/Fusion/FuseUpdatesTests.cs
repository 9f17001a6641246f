using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Kernels;
using Fovea.Backends.OneDnn.Tests.Interop;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Fusion;

/// <summary>What computes next values of variables: one map with several results, which may be written over its operands.</summary>
public sealed class FuseUpdatesTests
{
    private static readonly Precisions s_precisions = new(Workbench.Api);
    private static readonly OneDnnBackend s_backend = new(new OneDnnOptions { Guard = true });

    public static TheoryData<string> Rules => [.. Updates.Rules.Keys];

    public static TheoryData<string, int[]> Shapes
    {
        get
        {
            var rows = new TheoryData<string, int[]>();
            foreach (var rule in Updates.Rules.Keys)
                foreach (var shape in (int[][])[[], [1], [17], [5, 3, 3, 3], [32, 16, 3, 3], [3, 700], [70, 1001]]) rows.Add(rule, shape);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_weight_its_slots_and_its_average_are_one_map(string rule)
    {
        var fused = PlanCompiler.Fuse(Updates.Graph(rule, new Shape(32, 16, 3, 3)), s_precisions);
        var map = Assert.Single(fused.Nodes, node => node.Op is not Variable and not Constant);
        Assert.Equal(fused.Updates.Count, map.Results.Count);
        Assert.Equal(fused.Updates.Select(update => update.Next).ToHashSet(), map.Results.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Updates_have_the_values_of_their_definition(string rule, int[] shape) => IsTheOracles(Updates.Graph(rule, new Shape(shape)));

    [Fact]
    public void Results_that_swap_and_read_each_others_old_values_do_not_see_the_new_ones()
    {
        var graph = new Graph("swap");
        var (w, v) = (Weight(graph, "w"), Weight(graph, "v"));
        graph.Update(w, v.Times(2));
        graph.Update(v, w.Plus(v.Square()));
        Assert.Single(PlanCompiler.Fuse(graph, s_precisions).Nodes, node => node.Op is Map);
        IsTheOracles(graph);
    }

    [Fact]
    public void A_norm_of_what_the_updates_compute_parts_them_in_two_maps()
    {
        var graph = new Graph("trust");
        var (w, m, g) = (Weight(graph, "w"), Weight(graph, "m"), graph.Input("g", TensorType.F32(40, 70)));
        var next = m.Blend(g, 0.9, 0.1);
        var step = next.Blend(w, 1, 0.01);
        graph.Update(m, next);
        graph.Update(w, w.Minus(step.Times(Nodes.SquaredNorm(w).Sqrt().Over(Nodes.SquaredNorm(step).Sqrt()))));
        var maps = PlanCompiler.Fuse(graph, s_precisions).Nodes.Where(node => node.Op is Map && node.Inputs.Count > 1 && node.Result.Shape.Rank == 2).ToList();
        Assert.Equal([2, 1], maps.Select(map => map.Results.Count));
        IsTheOracles(graph);
    }

    [Fact]
    public void A_next_value_that_others_read_is_a_result_and_no_second_computation()
    {
        var graph = new Graph("read");
        var (w, g) = (Weight(graph, "w"), graph.Input("g", TensorType.F32(40, 70)));
        var next = w.Minus(g.Times(graph.Input("rate", TensorType.F32())));
        graph.Update(w, next);
        graph.Update(Weight(graph, "average"), graph.Find("average")!.Blend(next, 0.9, 0.1));
        graph.Output("turned", next.Transpose(1, 0));
        IsTheOracles(graph);
    }

    [Fact]
    public void One_next_value_becomes_two_variables()
    {
        var graph = new Graph("both");
        var (w, slow) = (Weight(graph, "w"), Weight(graph, "slow"));
        var next = slow.Blend(w, 0.5, 0.5);
        graph.Update(w, next);
        graph.Update(slow, next);
        IsTheOracles(graph);
    }

    [Fact]
    public void A_factor_for_each_row_is_no_part_of_the_map()
    {
        var graph = new Graph("rows");
        var (w, g) = (Weight(graph, "w"), graph.Input("g", TensorType.F32(40, 70)));
        graph.Update(w, w.Minus(g.Times(graph.Input("factor", TensorType.F32(40, 1)))));
        IsTheOracles(graph);
    }

    [Fact]
    public void More_operations_than_a_map_holds_are_several()
    {
        var graph = new Graph("many");
        var w = Weight(graph, "w");
        var next = w;
        for (var i = 0; i < 90; i++) next = next.Times(0.9).Plus(0.1);
        graph.Update(w, next);
        IsTheOracles(graph);
    }

    [Fact]
    public void Two_threads_give_the_bits_of_one()
    {
        var graph = Updates.Graph("adamw", new Shape(300, 1000));
        var (one, two) = (Values(graph, threads: 1), Values(graph, threads: 2));
        foreach (var (name, bytes) in one) Assert.True(bytes.AsSpan().SequenceEqual(two[name]), name);
    }

    private static Dictionary<string, byte[]> Values(Graph graph, int threads)
    {
        using var thread = new ComputeThread(threads);
        using var session = s_backend.Open();
        using var plan = session.Compile(graph, seed: 3);
        thread.Run(() => Updates.Run(plan));
        return session.Variables.ToDictionary(name => name, name => session.Read(name).Bytes.ToArray());
    }

    private static Value Weight(Graph graph, string name) => graph.Parameter(name, new Shape(40, 70), new Initializer.Uniform(1));

    private static void IsTheOracles(Graph graph)
    {
        using var session = s_backend.Open();
        using var oracle = new ReferenceBackend().Open();
        using var plan = session.Compile(graph, seed: 3);
        using var wanted = oracle.Compile(graph, seed: 3);
        for (var run = 0; run < 3; run++)
        {
            Updates.Run(plan);
            Updates.Run(wanted);
            foreach (var (name, _) in graph.Outputs) Updates.AreClose(name, plan.Result(name), wanted.Result(name));
            foreach (var (variable, _) in graph.Updates)
                Updates.AreClose(variable.Variable!.Label, session.Read(variable.Variable.Label).Floats, oracle.Read(variable.Variable.Label).Floats);
        }
    }
}
