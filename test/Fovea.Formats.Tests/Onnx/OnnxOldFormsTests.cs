using Fovea.Execution;
using Fovea.Formats.Onnx.Nodes;
using Fovea.Formats.Onnx.Proto;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

using static Fovea.Formats.Tests.Onnx.ForeignFiles;
using DataType = Fovea.Formats.Onnx.Proto.TensorProto.Types.DataType;

namespace Fovea.Formats.Tests.Onnx;

/// <summary>Old operator sets, and operations that graphs compose.</summary>
public sealed class OnnxOldFormsTests
{
    /// <summary>Before operator set 7 operands are broadcast from an axis on; names of types, paddings and the axis of joining are others still.</summary>
    [Fact]
    public void Forms_of_the_first_operator_sets_are_read()
    {
        var model = Model(
            Node("Pad", "p", ["input"], OnnxAttributes.Integers("paddings", 0, 0, 1, 1, 0, 0, 1, 1)),
            Node("Add", "a", ["p", "b"], OnnxAttributes.Of("broadcast", 1), OnnxAttributes.Of("axis", 1)),
            Node("Cast", "k", ["a"], OnnxAttributes.Of("to", "FLOAT")),
            Node(
                "BatchNormalization", "n", ["k", "gamma", "b", "mean", "var"], OnnxAttributes.Of("is_test", 1),
                OnnxAttributes.Integers("consumed_inputs", 0, 0)),
            Node("Concat", "c", ["n", "n"]),
            Node("GlobalAveragePool", "g", ["c"]),
            Node("Reshape", "r", ["g"], OnnxAttributes.Integers("shape", 0, 6)),
            Node("Gemm", "logits", ["r", "w", "d"], OnnxAttributes.Of("broadcast", 1)));
        Add(model, ("b", [3]), ("gamma", [3]), ("mean", [3]), ("var", [3]), ("w", [6, 2]), ("d", [2]));
        model.OpsetImport[0].Version = 1;
        var graph = Read(model).Graph;
        Assert.Equal(
            ["pad", "reshape", "add", "batch_norm", "concat", "avg_pool", "reshape", "mat_mul", "add"],
            graph.Nodes.Where(node => node.Op is not Variable).Select(node => node.Op.Name));
        Assert.Equal(new Shape(3, 1, 1), graph.Nodes.First(node => node.Op is Reshape).Result.Shape);
        Assert.Equal(TensorType.F32(1, 2), graph.Output("logits").Type);
        model.Graph.Node[1].Attribute[1].I = 2;
        Assert.Contains("node 'a' (Add)", Assert.Throws<ModelFormatException>(() => Read(model)).Message, StringComparison.Ordinal);
    }

    /// <summary>As CNTK writes: uneven padding, norms that say that they are spatial.</summary>
    [Fact]
    public void Norms_of_operator_set_8_are_of_channels_or_refused()
    {
        NodeProto Norm(string x, long spatial) => Node(
            "BatchNormalization", "logits", [x, "w", "w", "w", "w"], OnnxAttributes.Of("spatial", spatial),
            OnnxAttributes.Of("momentum", 0.9883496761322021));
        var model = Model(
            Node(
                "Conv", "c", ["input", "k"], OnnxAttributes.Integers("kernel_shape", 7, 7), OnnxAttributes.Integers("strides", 2, 2),
                OnnxAttributes.Of("auto_pad", "NOTSET"), OnnxAttributes.Integers("pads", 3, 3, 2, 2)),
            Norm("c", 1));
        Add(model, ("k", [4, 3, 7, 7]), ("w", [4]));
        model.OpsetImport[0].Version = 8;
        var graph = Read(model).Graph;
        Assert.Equal(TensorType.F32(1, 4, 4, 4), graph.Output("logits").Type);
        Assert.Equal(new BatchNorm(1e-5, 0.01165), Assert.IsType<BatchNorm>(graph.Output("logits").Op));
        model.Graph.Node[1].Attribute[0].I = 0;
        Assert.Contains(
            "has statistics for each pixel of [1, 4, 4, 4] (spatial is 0); wanted them for each channel",
            Assert.Throws<ModelFormatException>(() => Read(model)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, new long[0])]
    [InlineData(11, new[] { 1L, 2 })]
    [InlineData(17, new[] { 2L, 1 })]
    public void Channels_are_divided_among_results(int opset, long[] sizes)
    {
        var split = new NodeProto { OpType = "Split", Name = "s", Input = { "input" }, Output = { "a", "b" }, Attribute = { OnnxAttributes.Of("axis", 1) } };
        var model = Model(split, Node("Concat", "logits", ["b", "a"], OnnxAttributes.Of("axis", 1)));
        model.OpsetImport[0].Version = opset;
        if (opset < 13 && sizes.Length > 0) split.Attribute.Add(OnnxAttributes.Integers("split", [.. sizes.Select(size => (int)size)]));
        if (opset >= 13) model.Graph.Initializer.Add(OnnxTensors.Write("sizes", sizes));
        if (opset >= 13) split.Input.Add("sizes");
        var first = sizes.Length == 0 ? 2 : (int)sizes[0];
        var parts = Read(model).Graph.Nodes.Select(node => node.Op).OfType<Slice>().ToArray();
        Assert.Equal([(0, first), (first, 3 - first)], parts.Select(part => (part.Starts[1], part.Sizes[1])));
        split.Output.Add("c");
        split.Output.Add("d");
        Assert.Contains("wanted as many sizes, which add up to 3", Assert.Throws<ModelFormatException>(() => Read(model)).Message, StringComparison.Ordinal);
    }

    /// <summary>Of channels 1, 2, 3 with a window of three and alpha/size = 1: the squares beside each are 5, 14, 13.</summary>
    [Fact]
    public void Normalisation_by_neighbouring_channels_is_composed()
    {
        var graph = Read(Model(
            Node("LRN", "logits", ["input"], OnnxAttributes.Of("size", 3), OnnxAttributes.Of("alpha", 3.0), OnnxAttributes.Of("beta", 0.5)))).Graph;
        var images = new OracleTensor(new Shape(1, 3, 8, 8), [.. Enumerable.Range(0, 192).Select(i => 1.0 + (i / 64))]);
        var result = Interpreter.Run(graph, _ => images)[graph.Output("logits")];
        foreach (var (c, squares) in new[] { (0, 5.0), (1, 14.0), (2, 13.0) }) Assert.Equal((c + 1) / Math.Sqrt(1 + squares), result[c * 64], 1e-6);
    }

    [Theory]
    [InlineData("Abs", -2, 2)]
    [InlineData("Elu", -1, 2 * (0.36787944117144233 - 1))]
    [InlineData("Elu", 3, 3)]
    [InlineData("Selu", -1, 1.05070102214813232 * 2 * (0.36787944117144233 - 1))]
    [InlineData("PRelu", -4, -2)]
    [InlineData("PRelu", 4, 4)]
    [InlineData("Pow", 3, 9)]
    [InlineData("ImageScaler", 3, (0.5 * 3) - 2)]
    public void Operations_that_graphs_compose_are_read(string op, double x, double wanted)
    {
        AttributeProto[] attributes = op switch
        {
            "Elu" or "Selu" => [OnnxAttributes.Of("alpha", 2.0)],
            "ImageScaler" =>
                [OnnxAttributes.Of("scale", 0.5), new() { Name = "bias", Type = AttributeProto.Types.AttributeType.Floats, Floats = { -2, 0, 1 } }],
            _ => [],
        };
        var model = Model(Node(op, "logits", op is "PRelu" or "Pow" ? ["input", "w"] : ["input"], attributes));
        if (op == "PRelu") Add(model, ("w", [3, 1, 1]));
        if (op == "Pow") model.Graph.Initializer.Add(OnnxTensors.Write("w", HostTensor.Filled(Shape.Scalar, 2)));
        var graph = Read(model).Graph;
        var images = new OracleTensor(new Shape(1, 3, 8, 8), [.. Enumerable.Repeat(x, 192)]);
        Assert.Equal(wanted, Interpreter.Run(graph, v => v.Label == "w" ? OracleTensor.From(HostTensor.Filled(v.Type.Shape, 0.5f)) : images)[
            graph.Output("logits")][0], 1e-6);
        model.Graph.Node[0].Input[^1] = "input";
        if (op == "Pow")
            Assert.Contains("raises to the power of a tensor", Assert.Throws<ModelFormatException>(() => Read(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Logarithms_of_a_softmax_are_two_operations()
    {
        var graph = Read(Model(Node("GlobalAveragePool", "p", ["input"]), Node("Flatten", "f", ["p"]), Node("LogSoftmax", "logits", ["f"]))).Graph;
        Assert.Equal(("log", "softmax"), (graph.Output("logits").Op.Name, graph.Output("logits").Node.Inputs[0].Op.Name));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    public void The_older_name_of_resizing_is_read(int opset)
    {
        var upsample = Node("Upsample", "logits", ["input"], OnnxAttributes.Of("mode", "nearest"));
        var model = Model(upsample);
        model.OpsetImport[0].Version = opset;
        var scales = new AttributeProto { Name = "scales", Type = AttributeProto.Types.AttributeType.Floats, Floats = { 1, 1, 2, 3 } };
        if (opset == 8) upsample.Attribute.Add(scales);
        else model.Graph.Initializer.Add(new TensorProto { Name = "s", DataType = (int)DataType.Float, Dims = { 4 }, FloatData = { 1, 1, 2, 3 } });
        if (opset == 9) upsample.Input.Add("s");
        Assert.Equal(TensorType.F32(1, 3, 16, 24), Read(model).Graph.Output("logits").Type);
    }
}
