using Fovea.Formats;
using Fovea.Formats.Onnx;
using Fovea.Formats.Onnx.Proto;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Google.Protobuf;
using AttributeType = Fovea.Formats.Onnx.Proto.AttributeProto.Types.AttributeType;
using DataType = Fovea.Formats.Onnx.Proto.TensorProto.Types.DataType;

namespace Fovea.Hostile.Subjects;

/// <summary>ONNX models that were exported, and then changed in a few places.</summary>
internal static class OnnxChanges
{
    /// <summary>A hostile graph as ONNX, changed or not; null where it cannot be written.</summary>
    internal static byte[]? OfExported(Choices choices)
    {
        try
        {
            var maker = new GraphMaker(choices);
            var graph = GraphParser.Parse(maker.Classifier($"f32[1, {choices.Extent()}, {choices.Extent()}, {choices.Extent()}]", choices.Extent()));
            using var stream = new MemoryStream();
            OnnxFile.Write(stream, graph, maker.Weights.ToDictionary(weight => weight.Label, weight => new HostTensor(weight.Type)));
            var model = ModelProto.Parser.ParseFrom(stream.ToArray());
            for (var i = choices.Below(4); i > 0; i--) Change(model.Graph, choices);
            return model.ToByteArray();
        }
        catch (Exception e) when (e is GraphException or ModelFormatException)
        {
            return null;
        }
    }

    private static void Change(GraphProto graph, Choices choices)
    {
        if (graph.Node.Count == 0) return;
        var node = choices.Of(graph.Node.ToArray());
        switch (choices.Below(8))
        {
            case 0 or 1 when node.Attribute.Count > 0: Change(choices.Of(node.Attribute.ToArray()), choices); break;
            case 2 or 3 when graph.Initializer.Count > 0: Change(choices.Of(graph.Initializer.ToArray()), choices); break;
            case 4 when graph.Input.Count > 0:
                graph.Input[0].Type.TensorType.Shape.Dim[choices.Below(graph.Input[0].Type.TensorType.Shape.Dim.Count)].DimValue = OnnxFiles.Extent(choices);
                break;
            case 5 when node.Input.Count > 0: node.Input[choices.Below(node.Input.Count)] = Name(graph, choices); break;
            case 6: node.OpType = choices.Of(OnnxFiles.Ops); break;
            default: node.Output[0] = choices.OneIn(2) ? Name(graph, choices) : choices.Name("new"); break;
        }
    }

    private static string Name(GraphProto graph, Choices choices) =>
        choices.Of([.. graph.Node.Select(node => node.Output[0]), .. graph.Initializer.Select(tensor => tensor.Name), "input", ""]);

    private static void Change(AttributeProto attribute, Choices choices)
    {
        switch (attribute.Type)
        {
            case AttributeType.Ints when attribute.Ints.Count > 0: attribute.Ints[choices.Below(attribute.Ints.Count)] = OnnxFiles.Integer(choices); break;
            case AttributeType.Int: attribute.I = OnnxFiles.Integer(choices); break;
            case AttributeType.Float: attribute.F = (float)choices.Fraction(); break;
            default: attribute.Type = (AttributeType)choices.Below(12); break;
        }
    }

    private static void Change(TensorProto tensor, Choices choices)
    {
        if (tensor.DataType == (int)DataType.Int64 && tensor.RawData.Length >= 8 && !choices.OneIn(4))
        {
            var bytes = tensor.RawData.ToByteArray();
            BitConverter.TryWriteBytes(bytes.AsSpan(8 * choices.Below(bytes.Length / 8)), OnnxFiles.Integer(choices));
            tensor.RawData = ByteString.CopyFrom(bytes);
        }
        else if (tensor.Dims.Count > 0)
        {
            tensor.Dims[choices.Below(tensor.Dims.Count)] = OnnxFiles.Extent(choices);
        }
    }
}
