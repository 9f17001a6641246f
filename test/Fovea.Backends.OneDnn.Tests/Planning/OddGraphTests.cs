using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Planning;

/// <summary>Small graphs that hold all rules and that no model has: they run, and give what the definitions of the operations give.</summary>
public sealed class OddGraphTests
{
    private static readonly OneDnnBackend s_backend = new(new OneDnnOptions { Guard = true });

    [Theory]
    [InlineData(4)]
    [InlineData(20)]
    [InlineData(16)]
    public void Operand_of_fewer_axes_than_an_image_in_another_layout_is_repeated_over_it(int channels)
    {
        var graph = new Graph("repeated");
        var y = graph.Input("x", TensorType.F32(2, 3, 6, 5)).Conv2d(Weight(graph, "w", channels, 3, 3, 3), Window2d.Of(padding: 1));
        graph.Output("rows", y.Maximum(Weight(graph, "rows", channels, 1, 5)));
        graph.Output("channels", y.Times(Weight(graph, "channels", channels, 1, 1)).Relu());
        graph.Output("columns", y.Plus(Weight(graph, "columns", 6, 1)).Relu());
        IsTheOracles(graph);
    }

    [Fact]
    public void Weight_that_is_computed_from_images_is_convolved_with()
    {
        var graph = new Graph("computed");
        var x = graph.Input("x", TensorType.F32(1, 1, 1, 3));
        var w = graph.Add(new Conv2dWeightGradient(Window2d.Of(padding: 1), 1, new Shape(1, 1, 3, 3)), x, x);
        graph.Output("y", x.Conv2d(w, Window2d.Of(padding: 1)));
        IsTheOracles(graph);
    }

    [Fact]
    public void Number_without_axes_is_sliced_and_padded()
    {
        var graph = new Graph("scalar");
        var x = graph.Input("x", TensorType.F32());
        var none = Shape.Scalar;
        graph.Output("slice", x.Slice(none, none, none).Affine(2, 0));
        graph.Output("pad", x.Pad(new Padding(none, none)).Affine(3, 0));
        graph.Output("gradient", graph.Add(new SliceGradient(none, none, none), x).Affine(4, 0));
        IsTheOracles(graph);
    }

    [Fact]
    public void Pooling_with_gaps_between_the_rows_of_its_kernel_is_not_taken_for_a_dense_one()
    {
        var graph = new Graph("gaps");
        var x = graph.Input("x", TensorType.F32(1, 2, 9, 9));
        graph.Output("max", x.MaxPool(2, 2, new Window2d(StrideH: 4, StrideW: 4, DilationH: 2, DilationW: 3)));
        graph.Output("mean", x.AvgPool(2, 2, new Window2d(StrideH: 4, StrideW: 4, DilationH: 3, DilationW: 2), countPadding: false));
        IsTheOracles(graph);
    }

    [Fact]
    public void Update_of_values_in_blocks_is_not_written_over_a_variable_without_them()
    {
        var graph = new Graph("update");
        var x = graph.Input("x", TensorType.F32(1, 6, 1, 1));
        var (y, rate) = (x.MaxPool(kernel: 5, stride: 1, padding: 2), graph.Parameter("rate", Shape.Scalar, Initializer.Ones));
        var next = x.Blend(y, 0.9, 1);
        graph.Update(rate, rate.Times(2));
        graph.Output("weight", y.Minus(next.Times(rate)));
        graph.Output("velocity", next.Affine(1, 0));
        IsTheOracles(graph);
    }

    private static Value Weight(Graph graph, string name, params int[] extents) => graph.Parameter(name, new Shape(extents), new Initializer.Uniform(1));

    [Fact]
    public void Variables_that_change_places_do_so_at_once()
    {
        var graph = new Graph("places");
        graph.Input("x", TensorType.F32(1));
        var names = new[] { "a", "b", "c" };
        var variables = names.Select(name => Weight(graph, name, 5, 2)).ToArray();
        for (var i = 0; i < 3; i++) graph.Update(variables[i], variables[(i + 1) % 3]);
        IsTheOracles(graph);
    }

    [Fact]
    public void Old_value_of_a_variable_is_seen_as_it_was_by_whoever_reads_it_after_its_update()
    {
        var graph = new Graph("old");
        var x = graph.Input("x", TensorType.F32(4, 6));
        var (w, v) = (Weight(graph, "w", 4, 6), Weight(graph, "v", 4, 6));
        var (folded, turned) = (w.Reshape(new Shape(2, 2, 6)), w.Transpose(1, 0));
        var rate = graph.Parameter("rate", Shape.Scalar, Initializer.Ones);
        var next = v.Blend(x, 0.9, 1);
        graph.Output("folded", folded.Affine(2, 0));
        graph.Output("turned", turned.Affine(3, 0));
        graph.Output("old", v);
        graph.Update(w, w.Minus(next.Times(rate)));
        graph.Update(v, next);
        IsTheOracles(graph);
    }

    private static void IsTheOracles(Graph graph)
    {
        using var session = s_backend.Open();
        using var oracle = new ReferenceBackend().Open();
        using var plan = session.Compile(graph, seed: 3);
        using var wanted = oracle.Compile(graph, seed: 3);
        var input = graph.Variable("x").Variable!;
        var images = new Initializer.Uniform(1).Make(input.Type.Shape, "x", seed: 4);
        plan.Fill("x", images);
        wanted.Fill("x", images);
        plan.Run();
        wanted.Run();
        foreach (var (name, _) in graph.Outputs) AreClose(name, plan.Result(name), wanted.Result(name));
        foreach (var (variable, _) in graph.Updates)
            AreClose(variable.Variable!.Label, session.Read(variable.Variable.Label).Floats, oracle.Read(variable.Variable.Label).Floats);
    }

    private static void AreClose(string name, ReadOnlySpan<float> y, ReadOnlySpan<float> right)
    {
        for (var i = 0; i < right.Length; i++) Assert.True(Math.Abs(y[i] - right[i]) < 1e-4, $"{name}[{i}] is {y[i]}; wanted {right[i]}");
    }
}
