using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Execution;

public class ReferenceBackendTests
{
    [Fact]
    public void A_run_computes_outputs_from_inputs_and_variables()
    {
        var graph = new Graph("axb");
        var x = graph.Input("x", TensorType.F32(2));
        graph.Output("y", x.Times(graph.Parameter("w", new Shape(2), Initializer.Ones)).Plus(0.5));
        using var session = new ReferenceBackend().Open();
        using var run = session.Compile(graph);
        session.Write("w", HostTensor.Of(new Shape(2), [2, 3]));
        run.Fill("x", HostTensor.Of(new Shape(2), [10, -1]));
        run.Run();
        Assert.Equal([20.5f, -2.5f], run.Result("y").ToArray());
    }

    [Fact]
    public void Updates_happen_together_at_the_end_of_a_run()
    {
        var graph = new Graph("swap");
        var (a, b) = (graph.State("a", new Shape(1), Initializer.Ones), graph.State("b", new Shape(1), Initializer.Zeros));
        graph.Update(a, b);
        graph.Update(b, a.Plus(1));
        using var session = new ReferenceBackend().Open();
        using var run = session.Compile(graph);
        run.Run();
        run.Run();
        Assert.Equal((2f, 1f), (session.Read("a").Floats[0], session.Read("b").Floats[0]));
        Assert.Equal(["a", "b"], session.Variables);
    }

    [Fact]
    public void Variables_are_shared_by_the_graphs_of_a_session_and_keep_their_value()
    {
        using var session = new ReferenceBackend().Open();
        Graph Reader(string name)
        {
            var graph = new Graph(name);
            graph.Output("w", graph.Parameter("w", new Shape(4), Initializer.KaimingFanIn));
            return graph;
        }

        using var first = session.Compile(Reader("first"), seed: 1);
        using var second = session.Compile(Reader("second"), seed: 2);
        first.Run();
        second.Run();
        Assert.Equal(first.Result("w").ToArray(), second.Result("w").ToArray());
        Assert.Equal(Initializer.KaimingFanIn.Make(new Shape(4), "w", 1).Floats.ToArray(), first.Result("w").ToArray());
    }

    [Fact]
    public void A_variable_is_rounded_to_its_type_so_that_reading_and_writing_it_changes_nothing()
    {
        var graph = new Graph("third");
        var w = graph.State("w", new Shape(1), Initializer.Ones);
        graph.Update(w, w.Times(1.0 / 3));
        graph.Output("w", w.Times(1 << 24));
        float Third(bool reload)
        {
            using var session = new ReferenceBackend().Open();
            using var run = session.Compile(graph);
            run.Run();
            if (reload) session.Write("w", session.Read("w"));
            run.Run();
            return run.Result("w")[0];
        }

        Assert.Equal(Third(reload: false), Third(reload: true));
    }

    [Fact]
    public void Values_of_bf16_are_rounded_and_values_of_f32_are_not()
    {
        var graph = new Graph("round");
        var x = graph.Constant(1f).Plus(Math.ScaleB(1, -30));
        graph.Output("wide", x.Minus(graph.Constant(1f)));
        graph.Output("narrow", graph.Constant(1.01f).Cast(DType.BFloat16).Plus(0.001).Cast(DType.Float32));
        using var session = new ReferenceBackend().Open();
        using var run = session.Compile(graph);
        run.Run();
        Assert.Equal(MathF.ScaleB(1, -30), run.Result("wide")[0]);
        Assert.Equal(1.0078125f, run.Result("narrow")[0]);
    }

    [Fact]
    public void What_is_unknown_is_named()
    {
        var graph = new Graph("g");
        graph.Output("y", graph.Input("x", TensorType.F32(1)));
        using var session = new ReferenceBackend().Open();
        using var run = session.Compile(graph);
        Assert.Equal("the graph 'g' has no input 'z'; it has x", Assert.Throws<GraphException>(() => run.Input("z").Length).Message);
        Assert.Equal("the graph 'g' has no output 'z'; it has y", Assert.Throws<GraphException>(() => run.Output("z").Length).Message);
        Assert.Equal("the session has no variable 'z'", Assert.Throws<GraphException>(() => session.Read("z")).Message);
    }

    [Fact]
    public void A_variable_of_another_type_is_refused()
    {
        using var session = new ReferenceBackend().Open();
        var (first, second) = (new Graph("first"), new Graph("second"));
        first.Parameter("w", new Shape(2), Initializer.Zeros);
        second.Parameter("w", new Shape(3), Initializer.Zeros);
        using var run = session.Compile(first);
        Assert.Equal("'w' is f32[3] in the graph 'second'; the session has it as f32[2]", Assert.Throws<GraphException>(() => session.Compile(second)).Message);
        Assert.Equal(
            "'w' is f32[2]; f32[3] was given for it",
            Assert.Throws<GraphException>(() => session.Write("w", HostTensor.Filled(new Shape(3), 0))).Message);
    }
}
