using Fovea.Formats;
using Fovea.Formats.Onnx;
using Fovea.Formats.Onnx.Proto;
using Google.Protobuf;
using AttributeType = Fovea.Formats.Onnx.Proto.AttributeProto.Types.AttributeType;
using DataType = Fovea.Formats.Onnx.Proto.TensorProto.Types.DataType;

namespace Fovea.Hostile.Subjects;

/// <summary>ONNX models: images through operations of the standard domain, with integers that say shapes, and shapes that are computed.</summary>
public sealed class OnnxFiles : Subject
{
    private static readonly Dictionary<string, string> s_attributes = new(StringComparer.Ordinal)
    {
        ["Conv"] = "kernel_shape strides pads dilations group auto_pad",
        ["BatchNormalization"] = "epsilon momentum spatial",
        ["Add"] = "axis broadcast",
        ["Split"] = "axis split",
        ["LRN"] = "size alpha beta bias",
        ["Upsample"] = "mode scales",
        ["MaxPool"] = "kernel_shape strides pads dilations ceil_mode auto_pad",
        ["AveragePool"] = "kernel_shape strides pads count_include_pad ceil_mode auto_pad",
        ["Softmax"] = "axis",
        ["Constant"] = "value value_ints value_int value_float",
        ["Cast"] = "to",
        ["Gemm"] = "transA transB alpha beta",
        ["ReduceSum"] = "axes keepdims noop_with_empty_axes",
        ["ReduceMean"] = "axes keepdims",
        ["ReduceMax"] = "axes keepdims",
        ["Resize"] = "mode coordinate_transformation_mode nearest_mode",
        ["Shape"] = "start end",
        ["Reshape"] = "shape allowzero",
        ["Flatten"] = "axis",
        ["Squeeze"] = "axes",
        ["Unsqueeze"] = "axes",
        ["Transpose"] = "perm",
        ["Pad"] = "pads paddings mode value",
        ["Slice"] = "starts ends axes steps",
        ["Concat"] = "axis",
        ["Gather"] = "axis",
        ["LayerNormalization"] = "axis epsilon",
        ["LeakyRelu"] = "alpha",
        ["HardSigmoid"] = "alpha beta",
        ["Clip"] = "min max",
        ["Gelu"] = "approximate",
    };

    internal static readonly string[] Ops =
    [
        "Conv", "BatchNormalization", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "Relu", "Sigmoid", "Clip", "Softmax", "Identity",
        "Dropout", "Add", "Sub", "Mul", "Div", "Sum", "Max", "Min", "GreaterOrEqual", "Constant", "Cast", "Gemm", "MatMul", "ReduceSum", "ReduceMean",
        "ReduceMax", "Resize", "Shape", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Pad", "Slice", "Concat", "Expand", "Gather",
        "LayerNormalization", "LeakyRelu", "HardSigmoid", "Gelu", "Neg", "Tanh", "Loop", "Split", "LRN", "Upsample",
        "Abs", "Elu", "Selu", "PRelu", "Pow", "ImageScaler", "LogSoftmax",
    ];

    /// <inheritdoc/>
    public override string Name => "onnx";

    /// <inheritdoc/>
    public override byte[] Make(Choices choices) => (choices.OneIn(3) ? null : OnnxChanges.OfExported(choices)) ?? FromNothing(choices);

    private static byte[] FromNothing(Choices choices)
    {
        var graph = new GraphProto { Name = choices.Name("g") };
        graph.Input.Add(Info("input", [1, .. Enumerable.Range(0, choices.Wrong(6) ? choices.Below(6) : 3).Select(_ => Extent(choices))]));
        if (choices.Wrong(15)) graph.Input.Add(Info(choices.Name("second", "input"), [1, Extent(choices)]));
        List<string> names = ["input"];
        for (var i = choices.Between(1, 6); i > 0; i--)
        {
            var tensor = Tensor($"t{i}", choices);
            graph.Initializer.Add(tensor);
            names.Add(tensor.Name);
        }

        var last = "input";
        for (var i = choices.Between(1, 14); i > 0; i--)
        {
            graph.Node.Add(Node($"y{i}", last, names, choices));
            names.Add(last = $"y{i}");
        }

        graph.Output.Add(Info(choices.Wrong(20) ? choices.Of(names.ToArray()) : last, [1]));
        var model = new ModelProto
        {
            IrVersion = 8,
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Version = choices.Wrong(20) ? choices.Number() : choices.Between(1, 23) } },
        };
        return model.ToByteArray();
    }

    /// <inheritdoc/>
    public override void Read(byte[] file)
    {
        var model = OnnxFile.Read(new MemoryStream(file), "hostile.onnx", new OnnxReadOptions { Batch = 2, Height = 8, Width = 8 });
        Runs.Run(model.Graph);
    }

    /// <inheritdoc/>
    public override bool Refuses(Exception failure) => failure is ModelFormatException || Runs.Refuses(failure);

    internal static long Extent(Choices choices) => choices.Wrong(12) ? choices.Number() : choices.Extent();

    private static ValueInfoProto Info(string name, ReadOnlySpan<long> extents)
    {
        var shape = new TensorShapeProto();
        foreach (var extent in extents) shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = extent });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = shape } },
        };
    }

    private static TensorProto Tensor(string name, Choices choices)
    {
        var tensor = new TensorProto { Name = choices.Name(name) };
        if (choices.OneIn(2))
        {
            tensor.DataType = (int)DataType.Int64;
            for (var i = choices.Wrong(20) ? choices.Below(3000) : choices.Below(6); i > 0; i--)
                tensor.Int64Data.Add(choices.Wrong(6) ? choices.Number() : choices.Between(-1, 6));
            if (!choices.Wrong(10)) tensor.Dims.Add(tensor.Int64Data.Count);
            return tensor;
        }

        tensor.DataType = (int)(choices.Wrong(20) ? (DataType)choices.Below(24) : DataType.Float);
        var elements = 1;
        for (var rank = choices.Below(5); rank > 0; rank--)
        {
            tensor.Dims.Add(choices.Wrong(30) ? choices.Number() : choices.Between(1, 5));
            elements = (int)Math.Clamp(elements * tensor.Dims[^1], 0, 1000);
        }

        tensor.RawData = ByteString.CopyFrom(new byte[4 * elements]);
        if (choices.Wrong(40)) tensor.DataLocation = TensorProto.Types.DataLocation.External;
        return tensor;
    }

    private static NodeProto Node(string output, string last, List<string> names, Choices choices)
    {
        var node = new NodeProto { OpType = choices.Of(Ops), Output = { output } };
        for (var i = choices.Between(node.OpType == "Constant" ? 0 : 1, node.OpType == "BatchNormalization" ? 5 : 3); i > 0; i--)
            node.Input.Add(node.Input.Count == 0 && !choices.OneIn(3) ? last : choices.Wrong(20) ? "" : choices.Of(names.ToArray()));
        var own = choices.Wrong(20) ? choices.Of(s_attributes.Values.ToArray()) : s_attributes.GetValueOrDefault(node.OpType, "");
        foreach (var name in own.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (choices.OneIn(2) || name == "kernel_shape") node.Attribute.Add(Attribute(name, choices));
        return node;
    }

    private static AttributeProto Attribute(string name, Choices choices)
    {
        var attribute = new AttributeProto { Name = name };
        switch (attribute.Name)
        {
            case "alpha" or "beta" or "bias" or "epsilon" or "momentum" or "value_float" or "min" or "max":
                (attribute.Type, attribute.F) = (AttributeType.Float, choices.Wrong(3) ? (float)choices.Fraction() : 0.5f);
                break;
            case "mode" or "approximate" or "auto_pad" or "coordinate_transformation_mode" or "nearest_mode":
                attribute.Type = AttributeType.String;
                attribute.S = ByteString.CopyFromUtf8(
                    choices.Of(
                        "linear", "nearest", "asymmetric", "align_corners", "half_pixel", "floor", "SAME_UPPER", "SAME_LOWER", "VALID", "constant", "x"));
                break;
            case "value":
                (attribute.Type, attribute.T) = (AttributeType.Tensor, Tensor("value", choices));
                break;
            case "scales":
                attribute.Type = AttributeType.Floats;
                for (var i = choices.Wrong(10) ? choices.Below(9) : 4; i > 0; i--)
                    attribute.Floats.Add(choices.Wrong(5) ? (float)choices.Fraction() : i > 2 ? 1 : 2);
                break;
            case "axes" or "split" or "paddings" or "kernel_shape" or "strides" or "pads" or "dilations" or "perm" or "starts" or "ends" or "value_ints"
                or "shape" or "steps":
                attribute.Type = AttributeType.Ints;
                for (var i = attribute.Name is "pads" or "paddings" ? 4 : choices.Wrong(10) ? choices.Below(9) : 2; i > 0; i--)
                    attribute.Ints.Add(Integer(choices));
                break;
            default:
                (attribute.Type, attribute.I) = (AttributeType.Int, Integer(choices));
                break;
        }

        return attribute;
    }

    internal static long Integer(Choices choices) => choices.Wrong(5) ? choices.Number() : choices.Between(0, 4);
}
