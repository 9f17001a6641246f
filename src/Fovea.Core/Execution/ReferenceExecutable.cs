using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Execution;

/// <summary>A graph with memory for its inputs and outputs.</summary>
internal sealed class ReferenceExecutable : IExecutable
{
    private readonly ReferenceSession _session;
    private readonly Dictionary<string, HostTensor> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostTensor> _outputs = new(StringComparer.Ordinal);
    private volatile bool _isDisposed;

    internal ReferenceExecutable(Graph graph, ReferenceSession session)
    {
        (Graph, _session) = (graph, session);
        foreach (var value in graph.Variables)
            if (value.Variable is { Kind: VariableKind.Input } input) _inputs.Add(input.Label, new HostTensor(input.Type));
        foreach (var (name, value) in graph.Outputs) _outputs.Add(name, new HostTensor(value.Type));
        foreach (var (variable, _) in graph.Updates)
            if (variable.Variable is { Kind: VariableKind.Input } input)
                throw new GraphException($"the input '{input.Label}' is updated; wanted a parameter, state or slot");
    }

    public Graph Graph { get; }

    public Span<byte> Input(string name)
    {
        ThrowIfDisposed();
        return _inputs.TryGetValue(name, out var input)
            ? input.Bytes
            : throw new GraphException($"the graph '{Graph.Name}' has no input '{name}'; it has {string.Join(", ", _inputs.Keys)}");
    }

    public ReadOnlySpan<byte> Output(string name)
    {
        ThrowIfDisposed();
        return _outputs.TryGetValue(name, out var output)
            ? output.Bytes
            : throw new GraphException($"the graph '{Graph.Name}' has no output '{name}'; it has {string.Join(", ", _outputs.Keys)}");
    }

    public void Run()
    {
        lock (_session.Turn)
        {
            ThrowIfDisposed();
            var values = Interpreter.Run(Graph, variable =>
                variable.Kind == VariableKind.Input ? OracleTensor.From(_inputs[variable.Label]) : _session.Value(variable.Label));
            foreach (var (name, value) in Graph.Outputs) values[value].To(value.Type.DType).Bytes.CopyTo(_outputs[name].Bytes);
            foreach (var (variable, next) in Graph.Updates) _session.Replace(variable.Variable!.Label, values[next]);
        }
    }

    public void Dispose()
    {
        lock (_session.Turn) _isDisposed = true;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed || _session.IsDisposed, this);
}
