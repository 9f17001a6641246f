using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

public sealed class RebatchTests
{
    [Fact]
    public void Other_batch_gives_the_graph_that_is_built_with_it()
    {
        Assert.Equal(Attention(5).ToString(), new Rebatch(5).Apply(Attention(2)).ToString());
        Assert.Equal(Attention(2).ToString(), new Rebatch(2).Apply(Attention(5)).ToString());
    }

    [Fact]
    public void Same_batch_changes_nothing() => Assert.Equal(Attention(3).ToString(), new Rebatch(3).Apply(Attention(3)).ToString());

    [Fact]
    public void Each_image_gets_the_result_that_it_gets_alone()
    {
        var images = new OracleTensor(new Shape(3, 4, 6));
        for (var i = 0; i < images.Elements.Length; i++) images[i] = Math.Sin(i);
        var together = Run(new Rebatch(3).Apply(Attention(1)), images);
        for (var n = 0; n < 3; n++)
        {
            var alone = Run(Attention(1), new OracleTensor(new Shape(1, 4, 6), images.Elements[(n * 24)..((n + 1) * 24)]));
            Assert.Equal(alone.Elements, together.Elements[(n * 8)..((n + 1) * 8)]);
        }
    }

    [Fact]
    public void Parameter_that_meets_every_image_is_repeated()
    {
        var graph = new Graph("token");
        var x = graph.Input("input", TensorType.F32(1, 4, 6));
        var token = graph.Parameter("token", new Shape(1, 1, 6), Initializer.Ones);
        graph.Output("y", token.Concat(1, x).MatMul(graph.Parameter("w", new Shape(1, 6, 2), Initializer.Ones)));
        Assert.Equal(TensorType.F32(7, 5, 2), new Rebatch(7).Apply(graph).Output("y").Type);
    }

    [Fact]
    public void Dropout_slices_pads_and_pools_keep_their_images_apart()
    {
        static Graph Build(int batch)
        {
            var graph = new Graph("small");
            var x = graph.Input("input", TensorType.F32(batch, 2, 8, 8)).Slice(2, 0, 4, step: 2).Pad(1, 1, 1).Dropout(0.5);
            var w = graph.Parameter("w", new Shape(3, 4, 3, 3), Initializer.Ones);
            x = x.Conv2d(w, Window2d.Of(padding: 1)).PlusChannels(graph.Parameter("b", new Shape(3), Initializer.Zeros)).Relu().MaxPool(2, 2);
            graph.Output("y", x.GlobalAveragePool().Flatten().Softmax(1));
            graph.Output("z", x.Mean(2, 3).BroadcastTo(new Shape(2, batch, 3)));
            return graph;
        }

        Assert.Equal(Build(4).ToString(), new Rebatch(4).Apply(Build(1)).ToString());
    }

    [Fact]
    public void Operation_that_mixes_images_is_refused_by_name()
    {
        Refused(x => x.Sum(0), "reduce: mixes the images of a batch; %0: f32[2, 4, 6] → %2: f32[4, 6]");
        Refused(x => x.Softmax(0), "softmax: mixes");
        Refused(x => x.Slice(0, 1, 1), "slice: mixes");
        Refused(x => x.Pad(0, 1, 0), "pad: mixes");
        Refused(x => x.Concat(0, x), "concat: mixes");
        Refused(x => x.Reshape(new Shape(3, 16)), "reshape: mixes");
        Refused(x => x.Plus(x.Transpose(1, 0, 2).Reshape(new Shape(4, 12)).Reshape(new Shape(2, 4, 6))), "reshape: mixes");
        Refused(x => x.Reshape(new Shape(2, 24)).MatMul(x.Reshape(new Shape(2, 24)), transposeB: true), "mat_mul: mixes");
        Refused(x => x.Plus(x.Graph.Parameter("p", new Shape(2, 4, 6), Initializer.Ones)), "add: mixes");
    }

    [Fact]
    public void Training_graph_and_graph_without_images_are_refused()
    {
        var graph = new Graph("train");
        var w = graph.Parameter("w", new Shape(2), Initializer.Ones);
        graph.Update(w, w.Times(2));
        Assert.Contains("'train' updates variables", Assert.Throws<GraphException>(() => new Rebatch(2).Apply(graph)).Message, StringComparison.Ordinal);
        Assert.Contains("has no inputs", Assert.Throws<GraphException>(() => new Rebatch(2).Apply(new Graph("none"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Rebatch(0));
    }

    [Fact]
    public void Inputs_of_different_batches_are_refused()
    {
        var graph = new Graph("two");
        graph.Input("a", TensorType.F32(2, 3));
        graph.Input("b", TensorType.F32(3, 3));
        Assert.Contains("the input 'b' is f32[3, 3]", Assert.Throws<GraphException>(() => new Rebatch(2).Apply(graph)).Message, StringComparison.Ordinal);
    }

    /// <summary>Two heads of attention over four tokens: reshapes that split and merge the batch, transposes, batched products.</summary>
    private static Graph Attention(int batch)
    {
        var graph = new Graph("attention");
        var x = graph.Input("input", TensorType.F32(batch, 4, 6));
        var w = graph.Parameter("w", new Shape(6, 6), new Initializer.Normal(1));
        var heads = x.Reshape(new Shape(batch * 4, 6)).MatMul(w).Reshape(new Shape(batch, 4, 2, 3)).Transpose(0, 2, 1, 3);
        var scores = heads.MatMul(heads, transposeB: true).Softmax(3);
        var mixed = scores.MatMul(heads).Transpose(0, 2, 1, 3).Reshape(new Shape(batch, 24)).Plus(graph.Parameter("b", new Shape(24), Initializer.Ones));
        var tokens = mixed.Reshape(new Shape(batch * 4, 6)).Transpose(1, 0).Transpose(1, 0).Reshape(new Shape(batch, 4, 6));
        graph.Output("y", tokens.Plus(x).Slice(2, 1, 2).Reshape(new Shape(batch, 8)));
        return graph;
    }

    private static OracleTensor Run(Graph graph, OracleTensor images) =>
        Interpreter.Run(graph, variable => variable.Kind == VariableKind.Input
            ? images
            : OracleTensor.From(variable.Initial.Make(variable.Type.Shape, variable.Label, 1)))[graph.Output("y")];

    private static void Refused(Func<Value, Value> body, string message)
    {
        var graph = new Graph("mixed");
        var x = graph.Input("input", TensorType.F32(2, 4, 6));
        graph.Parameter("unused", new Shape(1), Initializer.Ones);
        graph.Output("y", body(x));
        Assert.Contains(message, Assert.Throws<GraphException>(() => new Rebatch(3).Apply(graph)).Message, StringComparison.Ordinal);
    }
}
