using System.Globalization;
using Fovea.Analysis;
using Fovea.Formats.Onnx.Map;
using Fovea.Formats.Onnx.Proto;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Formats.Onnx;

/// <summary>An ONNX graph as far as it has been written.</summary>
internal sealed class OnnxWriter
{
    /// <summary>The name of the open extent of images.</summary>
    internal const string BatchName = "batch";

    private readonly Graph _graph;
    private readonly bool _openImageSize;
    private readonly GraphProto _proto;
    private readonly Biases _biases;
    private readonly Dictionary<Value, string> _names = [];
    private readonly Dictionary<string, string> _numbers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly HashSet<Value> _outputs;

    internal OnnxWriter(Graph graph, BatchAxes axes, bool openImageSize)
    {
        (_graph, Axes, _openImageSize) = (graph, axes, openImageSize);
        _outputs = [.. graph.Outputs.Select(output => output.Value)];
        _proto = new GraphProto { Name = graph.Name.Length > 0 ? graph.Name : "model" };
        _biases = new Biases(graph, axes);
    }

    /// <summary>Where the images of a batch lie.</summary>
    internal BatchAxes Axes { get; }

    internal GraphProto Write(IReadOnlyDictionary<string, HostTensor> weights)
    {
        foreach (var (name, _) in _graph.Outputs) _taken.Add(name);
        foreach (var variable in _graph.Variables.Where(variable => variable.Uses > 0)) Declare(variable, weights);
        foreach (var (name, value) in _graph.Outputs)
            if (value.Variable is null) _names.TryAdd(value, name);
        foreach (var node in _graph.Nodes)
            if (node.Op is not Variable && !_biases.IsAbsorbed(node)) Write(node);
        foreach (var (name, value) in _graph.Outputs) Finish(name, value);
        return _proto;
    }

    /// <summary>The name that a value has in the file; a result gets one when it is first asked for.</summary>
    internal string Name(Value value)
    {
        if (_names.TryGetValue(value, out var name)) return name;
        name = Unique(value.Node.Path.Length > 0 ? $"{value.Node.Path}/{value.Node.Op.Name}" : value.Node.Op.Name);
        _names.Add(value, name);
        return name;
    }

    /// <summary>Adds a node that computes a value of the graph.</summary>
    internal void Node(string op, Value result, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes) =>
        Node(op, Name(result), inputs, attributes);

    /// <summary>Adds a node that computes something on the way.</summary>
    /// <returns>The name of its result.</returns>
    internal string Step(string op, Value toward, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var name = Unique($"{Name(toward)}.{op.ToLowerInvariant()}");
        Node(op, name, inputs, attributes);
        return name;
    }

    /// <summary>Says that a value is the same as another, which needs no node unless it is an output.</summary>
    internal void Same(Value result, Value as_)
    {
        if (_outputs.Contains(result)) Node("Identity", result, [Name(as_)]);
        else _names.Add(result, Name(as_));
    }

    /// <summary>A vector of integers, written once.</summary>
    internal string Integers(params ReadOnlySpan<long> numbers)
    {
        var text = string.Join('x', numbers.ToArray().Select(number => number.ToString(CultureInfo.InvariantCulture)));
        if (_numbers.TryGetValue($"i{text}", out var name)) return name;
        _proto.Initializer.Add(OnnxTensors.Write(name = Unique($"integers.{text}"), numbers));
        _numbers.Add($"i{text}", name);
        return name;
    }

    /// <summary>A single float32 number, written once.</summary>
    internal string Number(double number)
    {
        var text = ((float)number).ToString("R", CultureInfo.InvariantCulture);
        if (_numbers.TryGetValue($"f{text}", out var name)) return name;
        _proto.Initializer.Add(OnnxTensors.Write(name = Unique($"number.{text}"), HostTensor.Filled(Shape.Scalar, (float)number)));
        _numbers.Add($"f{text}", name);
        return name;
    }

    /// <summary>The name of an operand that has as many images as the result; a parameter is repeated for each.</summary>
    internal string PerImage(Node node, Value operand)
    {
        if (!Axes.MustRepeat(node, operand)) return Name(operand);
        var axis = Axes[node.Result]!.Value;
        var shape = operand.Shape.ToArray().Select(extent => (long)extent).ToArray();
        var image = _graph.Variables.First(variable => variable.Variable!.Kind == VariableKind.Input);
        var count = Step("Shape", node.Result, [Name(image)], OnnxAttributes.Of("start", 0), OnnxAttributes.Of("end", 1));
        string[] before = axis > 0 ? [Integers(shape.AsSpan(0, axis))] : [];
        string[] after = axis + 1 < shape.Length ? [Integers(shape.AsSpan(axis + 1))] : [];
        string[] parts = [.. before, count, .. after];
        var target = parts.Length == 1 ? count : Step("Concat", node.Result, parts, OnnxAttributes.Of("axis", 0));
        return Step("Expand", node.Result, [Name(operand), target]);
    }

    internal static ModelFormatException Fail(Node node, string problem) => new("ONNX", node.ToString(), $"cannot be written: {problem}");

    private void Node(string op, string result, ReadOnlySpan<string> inputs, ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { Name = result, OpType = op, Output = { result } };
        foreach (var input in inputs) node.Input.Add(input);
        foreach (var attribute in attributes) node.Attribute.Add(attribute);
        _proto.Node.Add(node);
    }

    private void Write(Node node)
    {
        foreach (var result in node.Results)
            if (result.Type.DType == DType.BFloat16)
                throw Fail(node, $"its result is {result.Type}; wanted the graph in float32, before its precision is lowered");
        if (_biases.Of(node) is { } biased) biased.Write(this);
        else if (OnnxMap.Writes.TryGetValue(node.Op.GetType(), out var write)) write(this, node);
        else throw Fail(node, OnnxMap.Exempt.GetValueOrDefault(node.Op.GetType()) ?? "ONNX has no such operation");
    }

    private void Declare(Value value, IReadOnlyDictionary<string, HostTensor> weights)
    {
        var variable = value.Variable!;
        _names.Add(value, Unique(variable.Label));
        if (variable.Kind == VariableKind.Input)
        {
            _proto.Input.Add(Info(variable.Label, value));
            return;
        }

        if (!weights.TryGetValue(variable.Label, out var tensor))
            throw new ModelFormatException("ONNX", variable.Label, $"the weight is missing; wanted {variable.Type}");
        if (tensor.Type != variable.Type) throw new ModelFormatException("ONNX", variable.Label, $"the weight is {tensor.Type}; wanted {variable.Type}");
        _proto.Initializer.Add(OnnxTensors.Write(variable.Label, tensor));
    }

    private void Finish(string name, Value value)
    {
        if (_names[value] != name) Node("Identity", name, [_names[value]], []);
        _proto.Output.Add(Info(name, value));
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
        if (axis == Axes[value]) return new() { DimParam = value.Shape[axis] == Axes.Batch ? BatchName : $"{BatchName}*{value.Shape[axis] / Axes.Batch}" };
        if (_openImageSize && value.Variable is not null && axis is 2 or 3) return new() { DimParam = axis == 2 ? "height" : "width" };
        return new() { DimValue = value.Shape[axis] };
    }

    private string Unique(string wanted)
    {
        var name = wanted;
        for (var i = 2; !_taken.Add(name); i++) name = string.Create(CultureInfo.InvariantCulture, $"{wanted}.{i}");
        return name;
    }
}
