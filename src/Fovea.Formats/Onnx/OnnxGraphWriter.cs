using Fovea.Analysis;
using Fovea.Formats.Onnx.Map;
using Fovea.Formats.Onnx.Nodes;
using Fovea.Formats.Onnx.Proto;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Formats.Onnx;

/// <summary>Writes a graph: inputs and weights, then node by node, then outputs.</summary>
internal sealed class OnnxGraphWriter
{
    /// <summary>The name of the open extent of images.</summary>
    private const string BatchName = "batch";

    private readonly Graph _graph;
    private readonly BatchAxes _axes;
    private readonly bool _openImageSize;
    private readonly Biases _biases;
    private readonly OnnxWriter _writer;

    internal OnnxGraphWriter(Graph graph, BatchAxes axes, bool openImageSize)
    {
        (_graph, _axes, _openImageSize) = (graph, axes, openImageSize);
        (_biases, _writer) = (new Biases(graph, axes), new OnnxWriter(graph, axes));
    }

    internal GraphProto Write(IReadOnlyDictionary<string, HostTensor> weights)
    {
        foreach (var (name, _) in _graph.Outputs) _writer.Reserve(name);
        foreach (var variable in _graph.Variables.Where(variable => variable.Uses > 0)) Declare(variable, weights);
        foreach (var (name, value) in _graph.Outputs)
            if (value.Variable is null) _writer.Call(value, name);
        foreach (var node in _graph.Nodes)
            if (node.Op is not Variable && !_biases.IsAbsorbed(node)) Write(node);
        foreach (var (name, value) in _graph.Outputs) Finish(name, value);
        return _writer.Proto;
    }

    private void Write(Node node)
    {
        foreach (var result in node.Results)
            if (result.Type.DType == DType.BFloat16)
                throw OnnxWriter.Fail(node, $"its result is {result.Type}; wanted the graph in float32, before its precision is lowered");
        if (_biases.Of(node) is { } biased) biased.Write(_writer);
        else if (OnnxMap.Writes.TryGetValue(node.Op.GetType(), out var write)) write(_writer, node);
        else throw OnnxWriter.Fail(node, OnnxMap.Exempt.GetValueOrDefault(node.Op.GetType()) ?? "ONNX has no such operation");
    }

    private void Declare(Value value, IReadOnlyDictionary<string, HostTensor> weights)
    {
        var variable = value.Variable!;
        _writer.Declare(value, variable.Label);
        if (variable.Kind == VariableKind.Input)
        {
            _writer.Proto.Input.Add(Info(variable.Label, value));
            return;
        }

        if (!weights.TryGetValue(variable.Label, out var tensor))
            throw new ModelFormatException("ONNX", variable.Label, $"the weight is missing; wanted {variable.Type}");
        if (tensor.Type != variable.Type) throw new ModelFormatException("ONNX", variable.Label, $"the weight is {tensor.Type}; wanted {variable.Type}");
        _writer.Proto.Initializer.Add(OnnxTensors.Write(variable.Label, tensor));
    }

    private void Finish(string name, Value value)
    {
        if (_writer.Name(value) is var own && own != name) _writer.Node("Identity", name, [own]);
        _writer.Proto.Output.Add(Info(name, value));
    }

    private ValueInfoProto Info(string name, Value value)
    {
        var shape = new TensorShapeProto();
        for (var axis = 0; axis < value.Shape.Rank; axis++) shape.Dim.Add(Extent(value, axis));
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)OnnxTensors.Type(value.Type.DType), Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private TensorShapeProto.Types.Dimension Extent(Value value, int axis)
    {
        if (axis == _axes[value]) return new() { DimParam = value.Shape[axis] == _axes.Batch ? BatchName : $"{BatchName}*{value.Shape[axis] / _axes.Batch}" };
        if (_openImageSize && value.Variable is not null && axis is 2 or 3) return new() { DimParam = axis == 2 ? "height" : "width" };
        return new() { DimValue = value.Shape[axis] };
    }
}
