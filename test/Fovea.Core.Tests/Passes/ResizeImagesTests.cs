using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

public sealed class ResizeImagesTests
{
    [Fact]
    public void Other_size_gives_the_graph_that_is_built_for_it()
    {
        Assert.Equal(Net(12, 20).ToString(), new ResizeImages(12, 20).Apply(Net(8, 8)).ToString());
        Assert.Equal(Net(8, 8).ToString(), new ResizeImages(8, 8).Apply(Net(12, 20)).ToString());
        Assert.Equal(Net(8, 8).ToString(), new ResizeImages(8, 8).Apply(Net(8, 8)).ToString());
    }

    [Fact]
    public void Parameters_that_belong_to_places_of_the_image_refuse_another_size()
    {
        Refuses(
            "cannot take images of 12×12: add",
            x => x.Reshape(new Shape(1, 4, 64)).Plus(x.Graph.Parameter("pos", new Shape(1, 4, 64), Initializer.Zeros)).Mean(2));
        Refuses("cannot take images of 12×12: fc (mat_mul)", x => x.Flatten().MatMul(x.Graph.Parameter("fc.weight", new Shape(256, 4), Initializer.Zeros)));
        Refuses("in a way that depends on the size of the image", x => x.Reshape(new Shape(1, 4, 2, 4, 2, 4)).Mean(2, 4).Mean(2, 3));
        Refuses("the output 'logits' would become f32[1, 576]", x => x.Flatten());
    }

    private static void Refuses(string message, Func<Value, Value> end)
    {
        var graph = new Graph("net");
        graph.Output("logits", end(graph.Input("input", TensorType.F32(1, 4, 8, 8))));
        Assert.Contains(message, Assert.Throws<GraphException>(() => new ResizeImages(12, 12).Apply(graph)).Message, StringComparison.Ordinal);
    }

    /// <summary>Strides, pools, slices, views, squeeze and excitation, upsampling, tokens.</summary>
    private static Graph Net(int height, int width)
    {
        var graph = new Graph("net");
        var x = graph.Input("input", TensorType.F32(1, 3, height, width));
        x = x.Conv2d(graph.Parameter("conv", new Shape(4, 3, 3, 3), Initializer.Ones), Window2d.Of(2, 1));
        x = x.Times(x.GlobalAveragePool().Sigmoid().BroadcastTo(x.Shape.With(2, 1).With(3, 1)));
        x = x.Plus(x.Slice(2, 0, x.Shape.H / 2, 2).Slice(3, 1, x.Shape.W - 1).Mean(2, 3).Reshape(new Shape(1, 4, 1, 1)));
        var rows = x.Slice(2, 1, x.Shape.H - 1);
        x = rows.AvgPool(2, 1).Resize(2 * (rows.Shape.H - 1), 2 * (rows.Shape.W - 1));
        var tokens = x.Reshape(new Shape(1, 4, x.Shape.H * x.Shape.W)).Transpose(0, 2, 1);
        var heads = tokens.Reshape(new Shape(1, tokens.Shape[1], 2, 2)).Transpose(0, 2, 1, 3);
        var mixed = heads.MatMul(heads, transposeB: true).Softmax(3).MatMul(heads).Transpose(0, 2, 1, 3).Reshape(tokens.Shape);
        var image = mixed.Transpose(0, 2, 1).Reshape(x.Shape);
        graph.Output("logits", image.Mean(2, 3));
        return graph;
    }
}
