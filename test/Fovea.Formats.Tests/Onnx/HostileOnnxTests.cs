using Fovea.Formats.Onnx;
using Fovea.Formats.Onnx.Nodes;
using Fovea.Formats.Onnx.Proto;
using Fovea.Graphs;
using Fovea.Tensors;
using Google.Protobuf;

using AttributeType = Fovea.Formats.Onnx.Proto.AttributeProto.Types.AttributeType;
using DataType = Fovea.Formats.Onnx.Proto.TensorProto.Types.DataType;

namespace Fovea.Formats.Tests.Onnx;

/// <summary>ONNX files that are right in their structure and describe more than there is.</summary>
public sealed class HostileOnnxTests
{
    private const long Slack = 64 << 20;

    [Theory]
    [InlineData("slice4_row9.onnx", "is too large; wanted at most 1099511627776 elements")]
    [InlineData("dims_overflow_input.onnx", "is too large; wanted at most 1099511627776 elements")]
    [InlineData("concat_bomb_28.onnx", "elements of constants and shapes and")]
    public void File_that_wraps_or_doubles_is_refused_with_little_memory(string file, string message)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var failure = Assert.Throws<ModelFormatException>(() => OnnxFile.Read(Fixtures.Path("cases", "onnx", file)));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * Slack);
    }

    [Fact]
    public void Second_input_that_nothing_would_feed_is_refused()
    {
        var model = Model([1, 2], Node("Relu", "x"));
        model.Graph.Input.Add(Info("mask", [1, 2]));
        Refused(model, "input 'mask': is a second input; wanted the images alone");
        var graph = new Graph("two");
        graph.Output("logits", Fovea.Ops.Nodes.Plus(graph.Input("input", TensorType.F32(1, 2)), graph.Input("mask", TensorType.F32(1, 2))));
        Assert.Equal("ONNX: input 'mask': is a second input; wanted the images alone",
            Assert.Throws<ModelFormatException>(() => OnnxRoundTrip.Write(graph, new Dictionary<string, HostTensor>())).Message);
    }

    [Fact]
    public void Integers_that_are_joined_or_gathered_again_and_again_are_bounded_together()
    {
        var joined = Model(
            [1, 2],
            [.. Enumerable.Range(0, 40).Select(i => Node("Concat", i == 0 ? ["many", "many"] : [$"y{i - 1}", $"y{i - 1}"], $"y{i}", Integer("axis", 0)))]);
        joined.Graph.Initializer.Add(Integers("many", new long[1000]));
        Refused(joined, "elements of constants and shapes and");
        var wide = Model([1, 2], Node("Concat", [.. Enumerable.Repeat("many", 20_000)], "y", Integer("axis", 0)));
        wide.Graph.Initializer.Add(Integers("many", new long[10_000]));
        Refused(wide, "0 elements of constants and shapes and 200000000 more");
        var gathered = Model([1, 2], [.. Enumerable.Range(0, 2000).Select(i => Node("Gather", ["many", "many"], $"y{i}"))]);
        gathered.Graph.Initializer.Add(Integers("many", new long[10_000]));
        Refused(gathered, "elements of constants and shapes and");
        var rows = Model([1, 2], [.. Enumerable.Range(0, 2000).Select(i => Node("Gather", ["table", "many"], $"y{i}"))]);
        rows.Graph.Initializer.Add(Integers("many", new long[10_000]));
        rows.Graph.Initializer.Add(OnnxTensors.Write("table", HostTensor.Filled(new Shape(2, 2), 1)));
        Refused(rows, "elements of constants and shapes and");
    }

    [Theory]
    [InlineData("Flatten", "is too large")]
    [InlineData("Relu", "is too large")]
    public void Input_whose_elements_wrap_is_refused_whatever_reads_it(string op, string message) =>
        Refused(Model([1, 65536, 65536, 65536, 65536], Node(op, "x")), message);

    [Fact]
    public void Value_of_more_elements_than_a_tensor_holds_is_refused() =>
        Refused(Model([1, 65536, 65536], Node("Relu", "x")), "input 'x': input: f32[1, 65536, 65536] has 4294967296 elements; wanted at most 536870912");

    [Theory]
    [InlineData("kernel_shape", new long[] { 1 << 20, 1 << 20 }, "wanted at most")]
    [InlineData("kernel_shape", new long[] { 0, 1 }, "kernel_shape is [0, 1]; wanted 2 numbers from 1 to 1048576")]
    [InlineData("kernel_shape", new long[] { long.MaxValue, 1 }, "kernel_shape is [9223372036854775807, 1]")]
    [InlineData("dilations", new long[] { 1 << 20, 1 << 20 }, "is smaller than the 2x2 kernel")]
    [InlineData("dilations", new long[] { -1, 1 }, "dilations is [-1, 1]")]
    [InlineData("strides", new long[] { 0, 1 }, "strides is [0, 1]")]
    [InlineData("pads", new long[] { 1L << 32, 0, 0, 0 }, "pads is [4294967296, 0, 0, 0]")]
    [InlineData("pads", new long[] { 0, 0, -1, 0 }, "pads is [0, 0, -1, 0]")]
    public void Window_out_of_range_is_refused(string attribute, long[] numbers, string message)
    {
        var node = Node("MaxPool", "x");
        if (attribute != "kernel_shape") node.Attribute.Add(Numbers("kernel_shape", 2, 2));
        node.Attribute.Add(Numbers(attribute, numbers));
        Refused(Model([1, 1, 8, 8], node), message);
    }

    [Fact]
    public void Padding_that_keeps_the_size_under_a_wide_dilation_does_not_wrap()
    {
        var node = Node("MaxPool", ["x"], "y", Numbers("kernel_shape", 1 << 12, 1), Numbers("dilations", 1 << 20, 1));
        node.Attribute.Add(new AttributeProto { Name = "auto_pad", Type = AttributeType.String, S = ByteString.CopyFromUtf8("SAME_UPPER") });
        Refused(Model([1, 1, 8, 8], node), "wanted at most 1048576 each");
    }

    [Theory]
    [InlineData(new long[] { -1, -1 }, "which do not fill")]
    [InlineData(new long[] { -1, long.MaxValue, long.MaxValue }, "which do not fill")]
    [InlineData(new long[] { -1, 1L << 40, 1L << 40 }, "which do not fill")]
    [InlineData(new long[] { 1, -7 }, "axis 1 has the extent -7")]
    [InlineData(new long[] { 1, 1, 1, 1, 1, 1, 64 }, "wants 7 axes; wanted at most 6")]
    [InlineData(new long[] { 65536, 65536, 65536, 65536 }, "is too large")]
    public void Shape_that_does_not_hold_the_elements_is_refused(long[] shape, string message)
    {
        var model = Model([1, 1, 8, 8], Node("Reshape", "x", "shape"));
        model.Graph.Initializer.Add(Integers("shape", shape));
        Refused(model, message);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(0)]
    [InlineData(1e20f)]
    public void Resize_by_a_factor_that_gives_no_image_is_refused(float factor)
    {
        var model = Model([1, 1, 8, 8], Node("Resize", "x", "", "scales"));
        model.Graph.Initializer.Add(OnnxTensors.Write("scales", HostTensor.Of(new Shape(4), [1, 1, factor, 1])));
        Refused(model, "wanted 4 numbers above 0");
    }

    [Fact]
    public void Many_outputs_and_long_names_are_bounded()
    {
        var model = Model([1, 2], Node("Relu", "x"));
        for (var i = 0; i < 70_000; i++) model.Graph.Output.Add(new ValueInfoProto { Name = "y" });
        Refused(model, "output 'y': stands twice in the file");
        Refused(Model([1, 2], [.. Enumerable.Range(0, 70_000).Select(i => Node("Relu", ["x"], $"y{i}"))]), "the graph has more than 65536 nodes");
        var named = Model([1, 2], Node("Relu", "x"));
        named.Graph.Initializer.Add(Integers(new string('n', 5000), [1]));
        Refused(named, "initializer: has a name of 5000 characters; wanted at most 1024");
    }

    [Fact]
    public void Weight_with_an_empty_axis_is_refused()
    {
        var model = Model([1, 2], Node("Add", "x", "w"));
        model.Graph.Initializer.Add(new TensorProto { Name = "w", DataType = (int)DataType.Float, Dims = { 0, 2 } });
        Refused(model, "it would give f32[0, 2]; wanted at least one element");
        model.Graph.Initializer[0].Dims.Add(int.MaxValue);
        model.Graph.Initializer[0].Dims.Add(int.MaxValue);
        Refused(model, "initializer 'w': has 9223372028264841218 elements");
    }

    private static void Refused(ModelProto model, string message)
    {
        var bytes = model.ToByteArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => OnnxRoundTrip.Read(bytes)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (8 * Slack) + (64L * bytes.Length));
    }

    private static ModelProto Model(long[] input, params NodeProto[] nodes)
    {
        var graph = new GraphProto { Name = "g", Input = { Info("x", input) }, Output = { Info(nodes[^1].Output[0], [1]) } };
        graph.Node.AddRange(nodes);
        return new ModelProto { IrVersion = 8, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 17 } } };
    }

    private static NodeProto Node(string op, params string[] inputs) => Node(op, inputs, "y");

    private static NodeProto Node(string op, string[] inputs, string output, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = op, Output = { output } };
        node.Input.AddRange(inputs);
        node.Attribute.AddRange(attributes);
        return node;
    }

    private static AttributeProto Integer(string name, long number) => new() { Name = name, Type = AttributeType.Int, I = number };

    private static AttributeProto Numbers(string name, params long[] numbers) => new() { Name = name, Type = AttributeType.Ints, Ints = { numbers } };

    private static TensorProto Integers(string name, long[] numbers) => OnnxTensors.Write(name, numbers);

    private static ValueInfoProto Info(string name, long[] extents)
    {
        var shape = new TensorShapeProto();
        foreach (var extent in extents) shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = extent });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = shape } },
        };
    }
}
