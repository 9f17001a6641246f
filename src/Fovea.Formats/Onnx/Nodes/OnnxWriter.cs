using System.Globalization;
using Fovea.Analysis;
using Fovea.Formats.Onnx.Proto;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Formats.Onnx.Nodes;

/// <summary>An ONNX graph as far as it has been written: its nodes, numbers and names.</summary>
internal sealed class OnnxWriter
{
    /// <summary>The version of the operator set that is written.</summary>
    internal const int Opset = 17;

    private readonly Graph _graph;
    private readonly Dictionary<Value, string> _names = [];
    private readonly Dictionary<string, string> _numbers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly HashSet<Value> _outputs;

    internal OnnxWriter(Graph graph, BatchAxes axes)
    {
        (_graph, Axes) = (graph, axes);
        _outputs = [.. graph.Outputs.Select(output => output.Value)];
        Proto = new GraphProto { Name = graph.Name.Length > 0 ? graph.Name : "model" };
    }

    /// <summary>Where the images of a batch lie.</summary>
    internal BatchAxes Axes { get; }

    /// <summary>What has been written.</summary>
    internal GraphProto Proto { get; }

    /// <summary>Keeps a name for what is still to come.</summary>
    internal void Reserve(string name) => _taken.Add(name);

    /// <summary>Names a value that needs no node: <paramref name="wanted"/>, or like it where that is taken.</summary>
    internal void Declare(Value value, string wanted) => _names.Add(value, Unique(wanted));

    /// <summary>Gives a value a reserved name, unless it has one.</summary>
    internal void Call(Value value, string reserved) => _names.TryAdd(value, reserved);

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
        Proto.Initializer.Add(OnnxTensors.Write(name = Unique($"integers.{text}"), numbers));
        _numbers.Add($"i{text}", name);
        return name;
    }

    /// <summary>A single float32 number, written once.</summary>
    internal string Number(double number)
    {
        var text = ((float)number).ToString("R", CultureInfo.InvariantCulture);
        if (_numbers.TryGetValue($"f{text}", out var name)) return name;
        Proto.Initializer.Add(OnnxTensors.Write(name = Unique($"number.{text}"), HostTensor.Filled(Shape.Scalar, (float)number)));
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

    /// <summary>Adds a node whose result has a name already.</summary>
    internal void Node(string op, string result, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { Name = result, OpType = op, Output = { result } };
        foreach (var input in inputs) node.Input.Add(input);
        foreach (var attribute in attributes) node.Attribute.Add(attribute);
        Proto.Node.Add(node);
    }

    private string Unique(string wanted)
    {
        var name = wanted;
        for (var i = 2; !_taken.Add(name); i++) name = string.Create(CultureInfo.InvariantCulture, $"{wanted}.{i}");
        return name;
    }
}
