using Fovea.Formats.Onnx;
using Fovea.Formats.Onnx.Nodes;
using Fovea.Formats.Onnx.Proto;
using Fovea.Tensors;
using Google.Protobuf;

using DataType = Fovea.Formats.Onnx.Proto.TensorProto.Types.DataType;

namespace Fovea.Formats.Tests.Onnx;

/// <summary>ONNX models as other programs write them.</summary>
internal static class ForeignFiles
{
    internal static OnnxModel Read(ModelProto model, OnnxReadOptions? options = null) => OnnxRoundTrip.Read(model.ToByteArray(), options);

    internal static NodeProto Node(string op, string output, string[] inputs, params AttributeProto[] attributes) =>
        new() { OpType = op, Name = output, Input = { inputs }, Output = { output }, Attribute = { attributes } };

    /// <summary>A model with the input f32 [N, 3, 8, 8] and the output <c>logits</c>.</summary>
    internal static ModelProto Model(params NodeProto[] nodes)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" } } };
        foreach (var extent in (int[])[3, 8, 8]) shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = extent });
        var type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = shape } };
        return new ModelProto
        {
            IrVersion = 8,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } },
            Graph = new GraphProto
            {
                Name = "g",
                Node = { nodes },
                Input = { new ValueInfoProto { Name = "input", Type = type } },
                Output = { new ValueInfoProto { Name = "logits" } },
            },
        };
    }

    internal static void Add(ModelProto model, params (string Name, int[] Extents)[] weights)
    {
        foreach (var (name, extents) in weights) model.Graph.Initializer.Add(OnnxTensors.Write(name, HostTensor.Filled(new Shape(extents), 0.5f)));
    }
}
