using Fovea.Formats.Onnx.Nodes;
using Fovea.Formats.Onnx.Proto;
using Fovea.Tensors;
using Google.Protobuf;

using DataType = Fovea.Formats.Onnx.Proto.TensorProto.Types.DataType;

namespace Fovea.Cli.Tests;

/// <summary>
/// A small residual net in the form of ML.NET's featurizers: operator set 8 as CNTK wrote it, weights called by numbers and the last ones first, features in
/// place of logits; in a folder beside it another file that makes its input of pictures: blue, green, red, and a mean image taken off.
/// </summary>
internal sealed class CntkFiles
{
    internal const int Side = 32;
    internal const int Features = 8;

    private readonly GraphProto _graph = new() { Name = "resnet" };
    private readonly List<TensorProto> _weights = [];
    private int _numbers = 10;

    private CntkFiles()
    {
    }

    /// <summary>Writes both files.</summary>
    /// <param name="folder">Where their folders go.</param>
    /// <param name="spread">How far the mean image is from its mean at most, of 255.</param>
    /// <returns>The model and the other file.</returns>
    internal static (string Model, string Preprocess) Write(string folder, float spread = 0)
    {
        var (model, preprocess) = (Path.Combine(folder, "ResNetOnnx", "ResNet.onnx"), Path.Combine(folder, "ResNetPrepOnnx", "ResNetPreprocess.onnx"));
        foreach (var path in (string[])[model, preprocess]) Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(model, new CntkFiles().Net().ToByteArray());
        File.WriteAllBytes(preprocess, Preprocess(spread).ToByteArray());
        return (model, preprocess);
    }

    private ModelProto Net()
    {
        _graph.Input.Add(Info("Input247", 1, 3, Side, Side));
        var x = Unit("Input247", 3, 4, kernel: 7, stride: 2, [3, 3, 2, 2]);
        x = Add("MaxPool", [x], OnnxAttributes.Integers("kernel_shape", 3, 3), OnnxAttributes.Integers("strides", 2, 2),
            OnnxAttributes.Integers("pads", 1, 1, 0, 0), OnnxAttributes.Of("auto_pad", "NOTSET"), OnnxAttributes.Of("storage_order", 0));
        var y = Unit(x, 4, Features, kernel: 3, stride: 2, [1, 1, 0, 0]);
        y = Unit(y, Features, Features, kernel: 3, stride: 1, [1, 1, 1, 1], isLinear: true);
        x = Unit(x, 4, Features, kernel: 1, stride: 2, [0, 0, 0, 0], isLinear: true);
        x = Add("Relu", [Add("Add", [y, x])]);
        x = Add("AveragePool", [x], OnnxAttributes.Integers("kernel_shape", 4, 4), OnnxAttributes.Of("count_include_pad", 0),
            OnnxAttributes.Integers("strides", 1, 1), OnnxAttributes.Integers("pads", 0, 0, 0, 0), OnnxAttributes.Of("auto_pad", "NOTSET"));
        _graph.Output.Add(Info(x, 1, Features, 1, 1));
        _graph.Initializer.AddRange(((IEnumerable<TensorProto>)_weights).Reverse());
        return Model(_graph);
    }

    /// <summary>A convolution, a norm, and a rectifier unless it is linear.</summary>
    private string Unit(string x, int from, int to, int kernel, int stride, int[] pads, bool isLinear = false)
    {
        x = Add(
            "Conv", [x, Weight("Parameter", i => (float)(0.4 * Math.Sin(i * 1.7)), to, from, kernel, kernel)],
            OnnxAttributes.Integers("kernel_shape", kernel, kernel), OnnxAttributes.Integers("strides", stride, stride),
            OnnxAttributes.Of("auto_pad", "NOTSET"), OnnxAttributes.Of("group", 1), OnnxAttributes.Integers("dilations", 1, 1),
            OnnxAttributes.Integers("pads", pads));
        string[] operands =
        [
            x, Weight("Parameter", i => 1 + (0.1f * i), to), Weight("Parameter", i => 0.05f * i, to), Weight("Constant", i => 0.2f * i, to),
            Weight("Constant", i => kernel == 7 ? 9000 : 2 + i, to),
        ];
        x = Add(
            "BatchNormalization", operands, OnnxAttributes.Of("spatial", 1), OnnxAttributes.Of("epsilon", 1e-5),
            OnnxAttributes.Of("momentum", 0.9883496761322021));
        return isLinear ? x : Add("Relu", [x]);
    }

    private string Weight(string kind, Func<int, float> element, params int[] extents)
    {
        var tensor = new HostTensor(TensorType.F32(extents));
        for (var i = 0; i < tensor.Floats.Length; i++) tensor.Floats[i] = element(i);
        var proto = new TensorProto { Name = $"{kind}{_numbers += 4}", DataType = (int)DataType.Float, FloatData = { tensor.Floats.ToArray() } };
        proto.Dims.AddRange(extents.Select(extent => (long)extent));
        _weights.Add(proto);
        return proto.Name;
    }

    private string Add(string op, string[] inputs, params AttributeProto[] attributes)
    {
        var name = $"{op}{_numbers += 2}";
        _graph.Node.Add(new NodeProto { OpType = op, Name = name, Input = { inputs }, Output = { $"{name}_Output_0" }, Attribute = { attributes } });
        return $"{name}_Output_0";
    }

    private static ModelProto Preprocess(float spread)
    {
        var mean = new TensorProto { Name = "MeanImage", DataType = (int)DataType.Float, Dims = { 1, 3, Side, Side } };
        foreach (var channel in (float[])[103, 116, 123])
            for (var i = 0; i < Side * Side; i++) mean.FloatData.Add(channel + (i % 2 == 0 ? spread : -spread));
        var graph = new GraphProto { Name = "resnet_input_preprocess", Initializer = { mean } };
        graph.Input.Add(Info("OriginalInput", 1, 3, Side, Side));
        graph.Output.Add(Info("PreprocessedInput", 1, 3, Side, Side));
        graph.Node.Add(new NodeProto
        {
            OpType = "Split", Input = { "OriginalInput" }, Output = { "R", "G", "B" },
            Attribute = { OnnxAttributes.Of("axis", 1), OnnxAttributes.Integers("split", 1, 1, 1) },
        });
        graph.Node.Add(new NodeProto { OpType = "Concat", Input = { "B", "G", "R" }, Output = { "BGR" }, Attribute = { OnnxAttributes.Of("axis", 1) } });
        graph.Node.Add(new NodeProto { OpType = "Sub", Input = { "BGR", "MeanImage" }, Output = { "PreprocessedInput" } });
        return Model(graph);
    }

    private static ModelProto Model(GraphProto graph) => new()
    {
        IrVersion = 3, ProducerName = "CNTK", ProducerVersion = "2.6", Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 8 } },
    };

    private static ValueInfoProto Info(string name, params long[] extents)
    {
        var shape = new TensorShapeProto();
        foreach (var extent in extents) shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = extent });
        return new() { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = shape } } };
    }
}
