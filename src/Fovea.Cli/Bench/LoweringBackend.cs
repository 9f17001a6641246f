using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;
using Fovea.Training.Recipes;
using Fovea.Training.Steps;

namespace Fovea.Cli.Bench;

/// <summary>A backend that computes every graph in a chosen precision.</summary>
internal sealed class LoweringBackend(IBackend backend, Precision precision) : IBackend
{
    public string Name => backend.Name;

    public ISession Open() => new Session(backend.Open(), precision);

    private sealed class Session(ISession session, Precision precision) : ISession
    {
        public IReadOnlyList<string> Variables => session.Variables;

        public IExecutable Compile(Graph graph, ulong seed = 0) => session.Compile(graph.In(precision), seed);

        public void Write(string variable, HostTensor value) => session.Write(variable, value);

        public HostTensor Read(string variable) => session.Read(variable);

        public void Dispose() => session.Dispose();
    }
}
