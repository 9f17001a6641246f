using Fovea.Tensors;

namespace Fovea.Graphs;

/// <summary>A computation in static single assignment: nodes in topological order, named outputs, and what variables become.</summary>
/// <remarks>A graph only grows. A pass never edits one; it builds another.</remarks>
public sealed class Graph(string name = "")
{
    private readonly List<Node> _nodes = [];
    private readonly List<Value> _variables = [];
    private readonly Dictionary<string, Value> _byLabel = new(StringComparer.Ordinal);
    private readonly List<(string Name, Value Value)> _outputs = [];
    private readonly Dictionary<string, Value> _outputsByName = new(StringComparer.Ordinal);
    private readonly List<(Value Variable, Value Next)> _updates = [];
    private readonly HashSet<Value> _updated = [];
    private readonly List<Auxiliary> _auxiliaries = [];
    private readonly HashSet<string> _auxiliaryNames = new(StringComparer.Ordinal);
    private int _values;

    /// <summary>The model's name; for print and messages.</summary>
    public string Name { get; } = name;

    /// <summary>The nodes; each comes after those that it reads.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>The variables in the order of their declaration, which is that of a PyTorch state dict.</summary>
    public IReadOnlyList<Value> Variables => _variables;

    /// <summary>The named results of a run.</summary>
    public IReadOnlyList<(string Name, Value Value)> Outputs => _outputs;

    /// <summary>What variables become at the end of a run; a variable that is not named keeps its value.</summary>
    public IReadOnlyList<(Value Variable, Value Next)> Updates => _updates;

    /// <summary>Logits that training alone computes.</summary>
    public IReadOnlyList<Auxiliary> Auxiliaries => _auxiliaries;

    /// <summary>Declares an input.</summary>
    public Value Input(string label, TensorType type) => Declare(new Variable(label, VariableKind.Input, type, Initializer.Zeros));

    /// <summary>Declares a float32 parameter.</summary>
    public Value Parameter(string label, Shape shape, Initializer initial) =>
        Declare(new Variable(label, VariableKind.Parameter, new TensorType(DType.Float32, shape), initial));

    /// <summary>Declares float32 state: kept with the model, not trained.</summary>
    public Value State(string label, Shape shape, Initializer initial) =>
        Declare(new Variable(label, VariableKind.State, new TensorType(DType.Float32, shape), initial));

    /// <summary>Declares a slot: kept with a training run.</summary>
    public Value Slot(string label, TensorType type, Initializer initial) => Declare(new Variable(label, VariableKind.Slot, type, initial));

    /// <summary>Adds a variable.</summary>
    /// <exception cref="GraphException">The label is taken.</exception>
    public Value Declare(Variable variable)
    {
        if (_byLabel.ContainsKey(variable.Label)) throw new GraphException($"the graph '{Name}' already has a variable '{variable.Label}'");
        var value = Append(variable, []).Result;
        _variables.Add(value);
        _byLabel.Add(variable.Label, value);
        return value;
    }

    /// <summary>The variable of that name.</summary>
    /// <exception cref="GraphException">There is none.</exception>
    public Value Variable(string label) =>
        Find(label) ?? throw new GraphException($"the graph '{Name}' has no variable '{label}'");

    /// <summary>The variable of that name, or null.</summary>
    public Value? Find(string label) => _byLabel.GetValueOrDefault(label);

    /// <summary>The output of that name.</summary>
    /// <exception cref="GraphException">There is none.</exception>
    public Value Output(string name) => FindOutput(name)
        ?? throw new GraphException($"the graph '{Name}' has no output '{name}'; it has {string.Join(", ", _outputs.Select(output => output.Name))}");

    /// <summary>The output of that name, or null.</summary>
    public Value? FindOutput(string name) => _outputsByName.GetValueOrDefault(name);

    /// <summary>Adds a node with one result, and returns that.</summary>
    /// <exception cref="ShapeException">The inputs do not fit.</exception>
    public Value Add(Op op, params ReadOnlySpan<Value> inputs) => AddNode(op, inputs).Result;

    /// <summary>Adds a node.</summary>
    /// <exception cref="ShapeException">The inputs do not fit.</exception>
    /// <exception cref="GraphException">An input belongs to another graph.</exception>
    public Node AddNode(Op op, params ReadOnlySpan<Value> inputs)
    {
        if (op is Variable) throw new GraphException("variables are declared, not added");
        foreach (var input in inputs)
            if (input.Graph != this) throw new GraphException($"{op.Name}: {input} belongs to another graph");
        return Append(op, inputs);
    }

    /// <summary>Names a result of the run.</summary>
    /// <exception cref="GraphException">The name is taken, or the value belongs to another graph.</exception>
    public void Output(string name, Value value)
    {
        if (value.Graph != this) throw new GraphException($"output '{name}': {value} belongs to another graph");
        if (!_outputsByName.TryAdd(name, value)) throw new GraphException($"the graph '{Name}' already has an output '{name}'");
        _outputs.Add((name, value));
        value.Uses++;
    }

    /// <summary>Names logits that training alone computes.</summary>
    /// <param name="name">The name of the output in the training form.</param>
    /// <param name="value">[N, classes].</param>
    /// <param name="lossWeight">What their loss is multiplied with before it is added to the model's, above 0.</param>
    /// <exception cref="GraphException">The name is taken, the weight is not above 0, or the value belongs to another graph.</exception>
    public void Auxiliary(string name, Value value, double lossWeight)
    {
        if (value.Graph != this) throw new GraphException($"auxiliary '{name}': {value} belongs to another graph");
        if (!(lossWeight > 0 && double.IsFinite(lossWeight)))
            throw new GraphException($"auxiliary '{name}': the weight of its loss is {lossWeight}; wanted above 0");
        if (!_auxiliaryNames.Add(name)) throw new GraphException($"the graph '{Name}' already has an auxiliary '{name}'");
        _auxiliaries.Add(new(name, value, lossWeight));
        value.Uses++;
    }

    /// <summary>Says what a variable becomes at the end of a run.</summary>
    /// <exception cref="GraphException">The first is no variable, has an update already, or the types differ.</exception>
    public void Update(Value variable, Value next)
    {
        if (variable.Graph != this || next.Graph != this) throw new GraphException($"update: {variable} or {next} belongs to another graph");
        if (variable.Variable is not { } v) throw new GraphException($"update: {variable} is no variable");
        if (variable.Type != next.Type) throw new GraphException($"update of '{v.Label}': it is {variable.Type}, what it should become is {next.Type}");
        if (!_updated.Add(variable)) throw new GraphException($"'{v.Label}' is updated twice");
        _updates.Add((variable, next));
        next.Uses++;
    }

    /// <summary>The text of <see cref="GraphPrinter"/>.</summary>
    public override string ToString() => GraphPrinter.Print(this);

    private Node Append(Op op, ReadOnlySpan<Value> inputs)
    {
        var types = new TensorType[inputs.Length];
        for (var i = 0; i < inputs.Length; i++) types[i] = inputs[i].Type;
        TensorType[] results;
        try
        {
            results = op.Infer(types);
        }
        catch (ShapeException e)
        {
            throw new ShapeException(Located(op, inputs, e.Message));
        }

        foreach (var result in results)
            if (result.Shape.Elements == 0) throw new ShapeException(Located(op, inputs, $"{op.Name}: it would give {result}; wanted at least one element"));

        var node = new Node(this, _nodes.Count, op, inputs.ToArray(), results, _values);
        foreach (var input in inputs) input.Uses++;
        _nodes.Add(node);
        _values += results.Length;
        return node;
    }

    private static string Located(Op op, ReadOnlySpan<Value> inputs, string message)
    {
        var problem = message.StartsWith($"{op.Name}: ", StringComparison.Ordinal) ? message[op.Name.Length..] : $": {message}";
        foreach (var input in inputs)
            if (input.Variable is { Kind: not VariableKind.Input } && input.Node.Path.Length > 0) return $"{input.Node.Path} ({op.Name}){problem}";
        foreach (var input in inputs)
            if (input.Node.Path.Length > 0) return $"after {input.Node.Path} ({op.Name}){problem}";
        return op.Name + problem;
    }
}
