using Fovea.Formats.Onnx;
using Fovea.Formats.Onnx.Nodes;
using Fovea.Formats.Onnx.Proto;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Google.Protobuf;

using static Fovea.Formats.Tests.Onnx.ForeignFiles;
using DataType = Fovea.Formats.Onnx.Proto.TensorProto.Types.DataType;

namespace Fovea.Formats.Tests.Onnx;

/// <summary>What other exporters write, and files that are wrong.</summary>
public sealed class OnnxReadTests
{
    [Fact]
    public void Classifier_as_exporters_write_it_is_read()
    {
        var model = Model(
            Node(
                "Conv", "c", ["input", "w"], OnnxAttributes.Of("auto_pad", "SAME_UPPER"), OnnxAttributes.Integers("strides", 2, 2),
                OnnxAttributes.Integers("kernel_shape", 3, 3)),
            Node("BatchNormalization", "n", ["c", "gamma", "beta", "mean", "var"], OnnxAttributes.Of("epsilon", 1e-3)),
            Node("Clip", "r", ["n", "zero", "six"]),
            Node("GlobalAveragePool", "p", ["r"]),
            Node("Flatten", "f", ["p"]),
            Node("Dropout", "d", ["f"]),
            Node("Gemm", "logits", ["d", "fc.weight", "fc.bias"], OnnxAttributes.Of("transB", 1), OnnxAttributes.Of("alpha", 2.0)));
        Add(model, ("w", [4, 3, 3, 3]), ("gamma", [4]), ("beta", [4]), ("mean", [4]), ("var", [4]), ("fc.weight", [5, 4]), ("fc.bias", [5]));
        model.Graph.Initializer.Add(OnnxTensors.Write("zero", HostTensor.Filled(Shape.Scalar, 0)));
        model.Graph.Initializer.Add(OnnxTensors.Write("six", HostTensor.Filled(Shape.Scalar, 6)));
        var back = Read(model);
        Assert.Equal(
            """
            0: conv2d input input f32[1, 3, 8, 8], parameter w f32[4, 3, 3, 3] {stride=2x2 padding=0x0x1x1 dilation=1x1 groups=1} f32[1, 4, 4, 4]
            1: batch_norm 0, parameter gamma f32[4], parameter beta f32[4], state mean f32[4], state var f32[4] {epsilon=0.001 momentum=0.1} f32[1, 4, 4, 4]
            2: clip 1 {low=0 high=6} f32[1, 4, 4, 4]
            3: avg_pool 2 {kernel=4x4 stride=1x1 padding=0x0x0x0 dilation=1x1 count_padding=true} f32[1, 4, 1, 1]
            4: reshape 3 {shape=1x4} f32[1, 4]
            5: dropout 4 {rate=0.5} f32[1, 4]
            6: mat_mul 5, parameter fc.weight f32[5, 4] {transpose_a=false transpose_b=true} f32[1, 5]
            7: affine 6 {alpha=2 beta=0} f32[1, 5]
            8: add 7, parameter fc.bias f32[5]  f32[1, 5]
            output logits 8
            """,
            Canonical.Print(back.Graph));
    }

    [Fact]
    public void Shapes_that_are_computed_from_shapes_are_known_while_reading()
    {
        var model = Model(
            Node("Shape", "s", ["input"]),
            Node("Constant", "zero", [], OnnxAttributes.Of("value_int", 0)),
            Node("Gather", "n", ["s", "zero"]),
            Node("Constant", "axes", [], OnnxAttributes.Integers("value_ints", 0)),
            Node("Unsqueeze", "n1", ["n", "axes"]),
            Node("Constant", "rest", [], OnnxAttributes.Integers("value_ints", -1)),
            Node("Concat", "to", ["n1", "rest"], OnnxAttributes.Of("axis", 0)),
            Node("Cast", "to64", ["to"], OnnxAttributes.Of("to", (int)DataType.Int64)),
            Node("Reshape", "logits", ["input", "to64"]));
        Assert.Equal(TensorType.F32(6, 192), Read(model, new OnnxReadOptions { Batch = 6 }).Graph.Output("logits").Type);
    }

    [Theory]
    [InlineData(
        "Slice", new[] { 1L, -3 }, new[] { long.MaxValue, -1 }, new[] { 1L, -1 }, new[] { 1L, 1 },
        "slice input input f32[1, 3, 8, 8] {starts=0x1x0x5 sizes=1x2x8x2 steps=1x1x1x1} f32[1, 2, 8, 2]")]
    [InlineData(
        "Slice", new[] { 0L, 1 }, new[] { 8L, 100 }, new[] { 2L, 3 }, new[] { 3L, 2 },
        "slice input input f32[1, 3, 8, 8] {starts=0x0x0x1 sizes=1x3x3x4 steps=1x1x3x2} f32[1, 3, 3, 4]")]
    public void Positions_of_slices_are_counted_and_kept_inside(string op, long[] starts, long[] ends, long[] axes, long[] steps, string expected)
    {
        var model = Model(Node(op, "logits", ["input", "starts", "ends", "axes", "steps"]));
        foreach (var (name, numbers) in new[] { ("starts", starts), ("ends", ends), ("axes", axes), ("steps", steps) })
            model.Graph.Initializer.Add(OnnxTensors.Write(name, numbers));
        Assert.StartsWith($"0: {expected}\n", Canonical.Print(Read(model).Graph), StringComparison.Ordinal);
    }

    [Fact]
    public void Older_forms_of_operations_are_read()
    {
        var model = Model(
            Node("Pad", "p", ["input"], OnnxAttributes.Integers("pads", 0, 0, 1, 1, 0, 0, 1, 1)),
            Node("Clip", "c", ["p"], OnnxAttributes.Of("min", 0.0), OnnxAttributes.Of("max", 6.0)),
            Node("Slice", "s", ["c"], OnnxAttributes.Integers("starts", 0), OnnxAttributes.Integers("ends", 2), OnnxAttributes.Integers("axes", 1)),
            Node("ReduceMean", "m", ["s"], OnnxAttributes.Integers("axes", 2, 3), OnnxAttributes.Of("keepdims", 0)),
            Node("Unsqueeze", "u", ["m"], OnnxAttributes.Integers("axes", 2)),
            Node("Squeeze", "q", ["u"], OnnxAttributes.Integers("axes", -1)),
            Node("Softmax", "logits", ["q"]));
        model.OpsetImport[0].Version = 9;
        var graph = Read(model).Graph;
        Assert.Equal(
            ["pad", "clip", "slice", "reduce", "reshape", "reshape", "softmax"],
            graph.Nodes.Where(node => node.Op is not Variable).Select(node => node.Op.Name));
        Assert.Equal(TensorType.F32(1, 2), graph.Output("logits").Type);
    }

    [Fact]
    public void Sizes_that_are_rounded_up_are_padding_behind()
    {
        var graph = Read(
            Model(
                Node(
                    "MaxPool", "logits", ["input"], OnnxAttributes.Integers("kernel_shape", 3, 3), OnnxAttributes.Integers("strides", 2, 2),
                    OnnxAttributes.Of("ceil_mode", 1)))).Graph;
        Assert.Equal(new MaxPool(3, 3, new Window2d(2, 2, 0, 0, 1, 1)), graph.Output("logits").Op);
        Assert.Equal(new Shape(1, 3, 4, 4), graph.Output("logits").Shape);
        Refused(
            "ceil_mode changes the size",
            Node(
                "AveragePool", "logits", ["input"], OnnxAttributes.Integers("kernel_shape", 3, 3), OnnxAttributes.Integers("strides", 2, 2),
                OnnxAttributes.Of("ceil_mode", 1)));
    }

    [Fact]
    public void Product_of_batched_and_plain_matrices_is_read()
    {
        var model = Model(Node("MatMul", "logits", ["input", "w"]));
        Add(model, ("w", [8, 5]));
        Assert.Equal(TensorType.F32(2, 3, 8, 5), Read(model, new OnnxReadOptions { Batch = 2 }).Graph.Output("logits").Type);
    }

    [Fact]
    public void Numbers_in_every_encoding_become_float32()
    {
        var model = Model(Node("Sum", "logits", ["input", "raw", "floats", "doubles", "halves"]));
        model.Graph.Initializer.Add(OnnxTensors.Write("raw", HostTensor.Filled(new Shape(8), 1.5f)));
        model.Graph.Initializer.Add(new TensorProto { Name = "floats", DataType = (int)DataType.Float, Dims = { 8 }, FloatData = { 0, 1, 2, 3, 4, 5, 6, 7 } });
        model.Graph.Initializer.Add(
            new TensorProto { Name = "doubles", DataType = (int)DataType.Double, Dims = { 8 }, DoubleData = { 0, 1, 2, 3, 4, 5, 6, 0.5 } });
        model.Graph.Initializer.Add(new TensorProto { Name = "halves", DataType = (int)DataType.Float16, Dims = { 1 }, Int32Data = { 0xC000 } });
        var back = Read(model);
        Assert.Equal([1.5f, 7f, 0.5f, -2f], new[] { "raw", "floats", "doubles", "halves" }.Select(name => back.Weights[name].Floats[^1]));
    }

    [Fact]
    public void Node_that_cannot_be_read_is_named_with_its_operation()
    {
        Refused("m.onnx: node 'logits' (LSTM): the operation LSTM cannot be read; wanted one of Abs, Add, ", Node("LSTM", "logits", ["input"]));
        Refused("m.onnx: node 0 (Einsum, computes 'logits'): the operation Einsum cannot be read", new NodeProto { OpType = "Einsum", Output = { "logits" } });
        Refused("is of the domain 'com.microsoft'", new NodeProto { OpType = "Relu", Domain = "com.microsoft", Input = { "input" }, Output = { "logits" } });
        Refused("node 'logits' (Relu): reads 'x', which nothing before it computes", Node("Relu", "logits", ["x"]));
        Refused("node 'input' (Relu): computes 'input', which is there already", Node("Relu", "input", ["input"]));
        Refused("output 'logits': reads 'logits', which nothing before it computes", Node("Relu", "y", ["input"]));
        Refused(
            "node 'logits' (Add): add: a [1, 3, 8, 8] and b [5] do not broadcast",
            Node("Constant", "c", [], OnnxAttributes.Of("value", HostTensor.Filled(new Shape(5), 1))), Node("Add", "logits", ["input", "c"]));
        Refused("does not treat each image alone: reduce: mixes the images", Node("ReduceMax", "logits", ["input"]));
        Refused("is computed from images or missing; wanted integers", Node("Reshape", "logits", ["input", "input"]));
        Refused(
            "strides is [2]; wanted 2 numbers from 1",
            Node("MaxPool", "logits", ["input"], OnnxAttributes.Integers("kernel_shape", 2, 2), OnnxAttributes.Integers("strides", 2)));
        Refused("kernel_shape is [0, 0]; wanted 2 numbers from 1", Node("MaxPool", "logits", ["input"]));
        Refused("the attribute axis is of the type Float; wanted Int", Node("Softmax", "logits", ["input"], OnnxAttributes.Of("axis", 1.5)));
    }

    [Fact]
    public void Single_elements_layer_norms_and_scaled_images_are_read()
    {
        var model = Model(
            Node("Constant", "scales", [], OnnxAttributes.Of("value", new HostTensor(TensorType.F32(4), Bytes(1, 1, 2, 0.5f)))),
            Node(
                "Resize", "r", ["input", "", "scales"], OnnxAttributes.Of("mode", "nearest"), OnnxAttributes.Of("nearest_mode", "floor"),
                OnnxAttributes.Of("coordinate_transformation_mode", "asymmetric")),
            Node("LayerNormalization", "n", ["r", "gamma"], OnnxAttributes.Of("axis", 2)),
            Node("Constant", "last", [], OnnxAttributes.Of("value_int", -1)),
            Node("Gather", "g", ["n", "last"], OnnxAttributes.Of("axis", 1)),
            Node("HardSigmoid", "h", ["g"]),
            Node("LeakyRelu", "logits", ["h"]));
        Add(model, ("gamma", [16, 4]));
        Assert.Equal(
            """
            0: resize input input f32[1, 3, 8, 8] {height=16 width=4 mode=nearest align_corners=false} f32[1, 3, 16, 4]
            1: constant  {type=f32 shape=64 fill=0} f32[64]
            2: reshape 0 {shape=1x3x64} f32[1, 3, 64]
            3: reshape parameter gamma f32[16, 4] {shape=64} f32[64]
            4: layer_norm 2, 3, 1 {epsilon=1E-05 axis=2} f32[1, 3, 64]
            5: reshape 4 {shape=1x3x16x4} f32[1, 3, 16, 4]
            6: slice 5 {starts=0x2x0x0 sizes=1x1x16x4 steps=1x1x1x1} f32[1, 1, 16, 4]
            7: reshape 6 {shape=1x16x4} f32[1, 16, 4]
            8: affine 7 {alpha=0.2 beta=0.5} f32[1, 16, 4]
            9: clip 8 {low=0 high=1} f32[1, 16, 4]
            10: leaky_relu 9 {slope=0.01} f32[1, 16, 4]
            output logits 10
            """,
            Canonical.Print(Read(model).Graph));
        Refused(
            "takes several elements along axis 1", Node("Constant", "i", [], OnnxAttributes.Integers("value_ints", 0, 1)),
            Node("Gather", "logits", ["input", "i"], OnnxAttributes.Of("axis", 1)));
        Refused("has neither sizes nor scales", Node("Resize", "logits", ["input"]));
    }

    private static byte[] Bytes(params float[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    [Fact]
    public void Other_content_than_a_model_of_a_known_operator_set_is_refused()
    {
        Fails(model => model.OpsetImport[0].Version = 24, "is written in the operator set 24; 1 to 23 can be read");
        Fails(model => model.OpsetImport.Clear(), "is written in the operator set 0");
        Fails(model => model.Graph.Output.Clear(), "is no ONNX model");
        Fails(model => model.Graph.Input[0].Type.TensorType.ElemType = (int)DataType.Uint8, "input 'input': has elements of the type Uint8; wanted Float");
        Fails(model => model.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimParam = "c", "leaves axis 1 open; wanted a fixed extent");
        Fails(model => model.Graph.Initializer[0].RawData = ByteString.CopyFrom(1, 2, 3), "initializer 'w': has 3 bytes of elements; its shape [8] wants 32");
        Fails(model => model.Graph.Initializer[0].DataLocation = TensorProto.Types.DataLocation.External, "keeps its elements in another file");
        Fails(model => model.Graph.Initializer[0].Dims[0] = -4, "axis 0 has the extent -4");
        Fails(model => model.Graph.Initializer[0].DataType = (int)DataType.String, "holds elements of the type String");
        Fails(model => model.Graph.Initializer[0].Name = "a\"b", "wanted a name without quotes");
        var failure = Assert.Throws<ModelFormatException>(() => OnnxRoundTrip.Read([0xFF, 0xFF, 0xFF]));
        Assert.StartsWith("m.onnx: is no ONNX model, or is damaged", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => OnnxRoundTrip.Read([]));
    }

    private static void Fails(Action<ModelProto> change, string message)
    {
        var model = Model(Node("Add", "logits", ["input", "w"]));
        Add(model, ("w", [8]));
        Read(model);
        change(model);
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => Read(model)).Message, StringComparison.Ordinal);
    }

    private static void Refused(string message, params NodeProto[] nodes) =>
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => Read(Model(nodes))).Message, StringComparison.Ordinal);
}
