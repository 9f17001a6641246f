using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Training.Tests;

/// <summary>A convolutional net of a few hundred numbers, for images of 6 × 6 pixels.</summary>
internal static class TinyModel
{
    internal const int Size = 6;
    internal const int Channels = 3;
    internal const int ImageElements = Channels * Size * Size;

    /// <summary>conv 3×3, batch norm, ReLU, dropout, pooling over the image, linear.</summary>
    internal static Graph Net(int batch, int classes = 3, double dropout = 0)
    {
        var graph = new Graph("tiny");
        var s = new Scope(graph);
        var x = graph.Input("input", TensorType.F32(batch, Channels, Size, Size));
        x = x.Conv2d(s["conv"].Parameter("weight", new Shape(4, Channels, 3, 3), Initializer.KaimingFanIn), Window2d.Of(2, 1));
        var norm = s["bn"];
        var channels = new Shape(4);
        x = x.BatchNorm(
            norm.Parameter("weight", channels, Initializer.Ones), norm.Parameter("bias", channels, Initializer.Zeros),
            norm.State("running_mean", channels, Initializer.Zeros), norm.State("running_var", channels, Initializer.Ones));
        x = x.Relu();
        if (dropout > 0) x = x.Dropout(dropout);
        graph.Output("logits", Linear(s["fc"], x.Mean(2, 3), classes));
        return graph;
    }

    /// <summary>One linear layer on the pixels: no statistics of the batch.</summary>
    internal static Graph LinearNet(int batch, Func<Value, Value>? after = null)
    {
        var graph = new Graph("linear");
        var x = graph.Input("input", TensorType.F32(batch, Channels, Size, Size));
        var logits = Linear(new Scope(graph)["fc"], x.Reshape(new Shape(batch, ImageElements)), classes: 3);
        graph.Output("logits", after is null ? logits : after(logits));
        return graph;
    }

    private static Value Linear(Scope s, Value x, int classes) =>
        x.MatMul(s.Parameter("weight", new Shape(classes, x.Shape[1]), Initializer.FanInUniform), transposeB: true)
            .Plus(s.Parameter("bias", new Shape(classes), Initializer.FanInUniform));
}
