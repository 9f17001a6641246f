using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx.Map;
using Fovea.Formats.Onnx.Nodes;
using Fovea.Formats.Onnx.Proto;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

using DataType = Fovea.Formats.Onnx.Proto.TensorProto.Types.DataType;

namespace Fovea.Formats.Onnx;

/// <summary>An ONNX graph as far as it has been read.</summary>
internal sealed class OnnxReader
{
    private readonly ModelProto _model;
    private readonly OnnxReadOptions _options;
    private readonly OnnxScope _scope;
    private readonly Dictionary<string, HostTensor> _weights = new(StringComparer.Ordinal);
    private int _counted;

    internal OnnxReader(ModelProto model, string file, OnnxReadOptions options)
    {
        (_model, _options) = (model, options);
        var opset = (int)Math.Clamp(model.OpsetImport.FirstOrDefault(set => IsStandard(set.Domain))?.Version ?? 0, 0, int.MaxValue);
        _scope = new(file, new Graph(model.Graph?.Name ?? ""), opset, new GraphBudget(options.Limits));
    }

    private Graph Graph => _scope.Graph;

    private int Opset => _scope.Opset;

    private GraphBudget Budget => _scope.Budget;

    internal OnnxModel Read()
    {
        Check();
        var initializers = _model.Graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var input in _model.Graph.Input)
            if (!initializers.Contains(input.Name)) ReadInput(input);
        if (Graph.Variables is [_, var second, ..]) throw Fail($"input '{second.Variable!.Label}'", "is a second input; wanted the images alone");
        ReadInitializers();
        for (var i = 0; i < _model.Graph.Node.Count; i++) ReadNode(i);
        foreach (var output in _model.Graph.Output) ReadOutput(output.Name);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in _model.MetadataProps) metadata[entry.Key] = entry.Value;
        return new(Rebatched(), _weights, metadata, Opset, $"{_model.ProducerName} {_model.ProducerVersion}".Trim()) { Card = Card(metadata) };
    }

    private ModelFormatException Fail(string where, string problem, Exception? inner = null) => _scope.Fail(where, problem, inner);

    private static bool IsStandard(string domain) => domain is "" or "ai.onnx";

    private void Check()
    {
        if (_model.Graph is null || _model.Graph.Output.Count == 0) throw Fail("", "is no ONNX model: it has no graph with an output");
        if (Opset is < OnnxFile.OldestOpset or > OnnxFile.NewestOpset)
            throw Fail("", $"is written in the operator set {Opset}; {OnnxFile.OldestOpset} to {OnnxFile.NewestOpset} can be read");
    }

    private void ReadInput(ValueInfoProto input)
    {
        var where = $"input '{Checked(input.Name, "input")}'";
        var tensor = input.Type?.TensorType ?? throw Fail(where, "is no tensor");
        if ((DataType)tensor.ElemType != DataType.Float) throw Fail(where, $"has elements of the type {(DataType)tensor.ElemType}; wanted Float");
        if (tensor.Shape is null || tensor.Shape.Dim.Count is 0 or > Shape.MaxRank)
            throw Fail(where, $"has {tensor.Shape?.Dim.Count ?? 0} axes; wanted 1 to {Shape.MaxRank}, the images outermost");
        var extents = new int[tensor.Shape.Dim.Count];
        for (var axis = 0; axis < extents.Length; axis++) extents[axis] = Extent(tensor.Shape.Dim[axis], axis, extents.Length, where);
        Guarded(where, () => _scope.Set(input.Name, new OnnxOperand { Value = Graph.Input(input.Name, TensorType.F32(extents)) }, where));
    }

    private int Extent(TensorShapeProto.Types.Dimension extent, int axis, int rank, string where)
    {
        if (extent.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue && extent.DimValue > 0)
            return extent.DimValue <= int.MaxValue ? (int)extent.DimValue : throw Fail(where, $"axis {axis} has the extent {extent.DimValue}");
        if (axis == 0) return 1;
        if (rank == 4 && axis >= 2 && (axis == 2 ? _options.Height : _options.Width) is > 0 and var chosen) return chosen;
        throw Fail(where, $"leaves axis {axis} open{(rank == 4 && axis >= 2 ? "; say the size of the image" : "; wanted a fixed extent")}");
    }

    /// <summary>Weights become variables in the order of the file; single numbers, settings and integers wait until a node reads them.</summary>
    private void ReadInitializers()
    {
        var (tensors, states) = Roles();
        foreach (var proto in _model.Graph.Initializer)
        {
            var where = $"initializer '{Checked(proto.Name, "initializer")}'";
            if (proto.Dims.Count == 0 || OnnxTensors.HoldsIntegers(proto) || !tensors.Contains(proto.Name))
            {
                _scope.Set(proto.Name, new OnnxOperand { Known = proto }, where);
                continue;
            }

            var tensor = OnnxTensors.Read(proto, problem => Fail(where, problem));
            if (tensor.Type.DType != DType.Float32) throw Fail(where, $"is {tensor.Type}; wanted floating-point numbers of 16, 32 or 64 bits (IEEE 754)");
            var kind = states.Contains(proto.Name) ? VariableKind.State : VariableKind.Parameter;
            Guarded(
                where, () => _scope.Set(proto.Name, new OnnxOperand { Value = Graph.Declare(new(proto.Name, kind, tensor.Type, Initializer.Zeros)) }, where));
            _weights.Add(proto.Name, tensor);
        }
    }

    /// <summary>The names that nodes compute with, and those among them that are running statistics.</summary>
    private (HashSet<string> Tensors, HashSet<string> States) Roles()
    {
        var (tensors, states) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var node in _model.Graph.Node)
        {
            tensors.UnionWith(node.Input.Take(OnnxMap.Reads.GetValueOrDefault(node.OpType)?.Tensors ?? int.MaxValue));
            if (node.OpType == Convolutions.Normalization) states.UnionWith(node.Input.Skip(3));
        }

        tensors.UnionWith(_model.Graph.Output.Select(output => output.Name));
        return (tensors, states);
    }

    private void ReadNode(int index)
    {
        var node = new OnnxNode(_scope, _model.Graph.Node[index], index);
        if (!IsStandard(node.Proto.Domain)) throw node.Fail($"is of the domain '{node.Proto.Domain}'; only the standard one can be read");
        if (!OnnxMap.Reads.TryGetValue(node.Proto.OpType, out var row))
        {
            var known = string.Join(", ", OnnxMap.Reads.Keys.Order(StringComparer.Ordinal));
            throw node.Fail($"the operation {node.Proto.OpType} cannot be read; wanted one of {known}");
        }

        try
        {
            row.Read(node);
            Count();
        }
        catch (Exception e) when (e is ShapeException or GraphException or ArgumentException or OverflowException)
        {
            throw node.Fail(e.Message, e);
        }
    }

    /// <summary>Counts the nodes that have come since it was called last.</summary>
    private void Count()
    {
        while (_counted < Graph.Nodes.Count) Budget.Take(Graph.Nodes[_counted++]);
    }

    private void ReadOutput(string name)
    {
        var where = $"output '{Checked(name, "output")}'";
        Guarded(where, Budget.TakeEnd);
        var operand = _scope.Operand(name, where);
        if (operand.Value is null && operand.Known is { } known)
            Guarded(where, () => operand.Value = Graph.Add(new Constant(OnnxTensors.Read(known, problem => Fail(where, problem)))));
        var value = operand.Value ?? throw Fail(where, "is a shape; wanted a tensor of numbers");
        if (Graph.FindOutput(name) is not null) throw Fail(where, "stands twice in the file");
        Graph.Output(name, value);
    }

    private Graph Rebatched()
    {
        var graph = new JoinActivations().Apply(Graph);
        if (graph.Variables.All(variable => variable.Variable!.Kind != VariableKind.Input)) return graph;
        try
        {
            return new Rebatch(_options.Batch).Apply(graph);
        }
        catch (Exception e) when (e is GraphException or ShapeException or OverflowException)
        {
            throw Fail("", $"does not treat each image alone: {e.Message}", e);
        }
    }

    private ModelCard? Card(Dictionary<string, string> metadata)
    {
        try
        {
            return metadata.ContainsKey(ModelCard.ModelEntry) ? ModelCard.Of(metadata) : null;
        }
        catch (FormatException e)
        {
            throw Fail("metadata_props", e.Message, e);
        }
    }

    /// <summary>Does a thing that adds to the graph; what the graph refuses is the file's fault.</summary>
    private void Guarded(string where, Action add)
    {
        try
        {
            add();
            Count();
        }
        catch (Exception e) when (e is ShapeException or GraphException)
        {
            throw Fail(where, e.Message, e);
        }
    }

    // Names stand between quotes in the text of a graph.
    private string Checked(string name, string what)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAny("\"\r\n")) throw Fail($"{what} '{name}'", "wanted a name without quotes and line breaks");
        if (name.Length > _options.Limits.NameLength) throw Fail(what, $"has a name of {name.Length} characters; wanted at most {_options.Limits.NameLength}");
        return name;
    }
}
