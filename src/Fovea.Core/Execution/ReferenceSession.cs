using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Execution;

/// <summary>The variables of the reference backend. They are held rounded to their type, so that reading and writing them loses nothing.</summary>
internal sealed class ReferenceSession : ISession
{
    private readonly List<string> _order = [];
    private readonly Dictionary<string, (TensorType Type, OracleTensor Value)> _variables = new(StringComparer.Ordinal);
    private volatile bool _isDisposed;

    public IReadOnlyList<string> Variables
    {
        get
        {
            lock (Turn)
            {
                ThrowIfDisposed();
                return [.. _order];
            }
        }
    }

    /// <summary>Held by whoever runs a plan or uses variables.</summary>
    internal Lock Turn { get; } = new();

    internal bool IsDisposed => _isDisposed;

    public IExecutable Compile(Graph graph, ulong seed = 0)
    {
        lock (Turn)
        {
            ThrowIfDisposed();
            foreach (var variable in graph.Variables.Select(value => value.Variable!))
            {
                if (variable.Kind == VariableKind.Input) continue;
                if (!_variables.TryGetValue(variable.Label, out var known)) Start(variable, seed);
                else if (known.Type != variable.Type)
                    throw new GraphException($"'{variable.Label}' is {variable.Type} in the graph '{graph.Name}'; the session has it as {known.Type}");
            }

            return new ReferenceExecutable(graph, this);
        }
    }

    public void Write(string variable, HostTensor value)
    {
        lock (Turn)
        {
            ThrowIfDisposed();
            var type = Known(variable).Type;
            if (value.Type != type) throw new GraphException($"'{variable}' is {type}; {value.Type} was given for it");
            _variables[variable] = (type, OracleTensor.From(value));
        }
    }

    public HostTensor Read(string variable)
    {
        lock (Turn)
        {
            ThrowIfDisposed();
            var (type, value) = Known(variable);
            return value.To(type.DType);
        }
    }

    public void Dispose()
    {
        lock (Turn) _isDisposed = true;
    }

    internal OracleTensor Value(string variable) => Known(variable).Value;

    internal void Replace(string variable, OracleTensor value)
    {
        var type = Known(variable).Type;
        _variables[variable] = (type, OracleTensor.From(value.To(type.DType)));
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    private void Start(Variable variable, ulong seed)
    {
        var start = OracleTensor.From(variable.Initial.Make(variable.Type.Shape, variable.Label, seed));
        _order.Add(variable.Label);
        _variables.Add(variable.Label, (variable.Type, OracleTensor.From(start.To(variable.Type.DType))));
    }

    private (TensorType Type, OracleTensor Value) Known(string variable) => _variables.TryGetValue(variable, out var known)
        ? known
        : throw new GraphException($"the session has no variable '{variable}'");
}
