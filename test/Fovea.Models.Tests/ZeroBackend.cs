using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Models.Tests;

/// <summary>A backend whose results are all zero, and whose variables are what was last written.</summary>
internal sealed class ZeroBackend : IBackend
{
    public string Name => "zero";

    public ISession Open() => new Session();

    private sealed class Session : ISession
    {
        private readonly Dictionary<string, HostTensor> _variables = [];

        public IReadOnlyList<string> Variables => [.. _variables.Keys];

        public IExecutable Compile(Graph graph, ulong seed = 0) => new Executable(graph);

        public void Write(string variable, HostTensor value) => _variables[variable] = value;

        public HostTensor Read(string variable) => _variables[variable];

        public void Dispose()
        {
        }
    }

    private sealed class Executable(Graph graph) : IExecutable
    {
        private readonly Dictionary<string, byte[]> _inputs = [];

        public Graph Graph => graph;

        public Span<byte> Input(string name)
        {
            if (!_inputs.TryGetValue(name, out var bytes)) _inputs.Add(name, bytes = new byte[graph.Variable(name).Type.Bytes]);
            return bytes;
        }

        public ReadOnlySpan<byte> Output(string name) => new byte[graph.Output(name).Type.Bytes];

        public void Run()
        {
        }

        public void Dispose()
        {
        }
    }
}
