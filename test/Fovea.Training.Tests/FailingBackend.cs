using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;
using Fovea.Training.Steps;

namespace Fovea.Training.Tests;

/// <summary>The reference backend, whose updates of accumulated gradients fail from a number on, after they have changed the weights.</summary>
internal sealed class FailingBackend(int failsAt) : IBackend
{
    private readonly ReferenceBackend _below = new();

    public string Name => _below.Name;

    public ISession Open() => new Session(_below.Open(), failsAt);

    private sealed class Session(ISession below, int failsAt) : ISession
    {
        public IReadOnlyList<string> Variables => below.Variables;

        public IExecutable Compile(Graph graph, ulong seed = 0)
        {
            var plan = below.Compile(graph, seed);
            return graph.Find(TrainingGraph.GradientScale) is null ? plan : new Update(plan, failsAt);
        }

        public void Write(string variable, HostTensor value) => below.Write(variable, value);

        public HostTensor Read(string variable) => below.Read(variable);

        public void Dispose() => below.Dispose();
    }

    private sealed class Update(IExecutable below, int failsAt) : IExecutable
    {
        private int _runs;

        public Graph Graph => below.Graph;

        public Span<byte> Input(string name) => below.Input(name);

        public ReadOnlySpan<byte> Output(string name) => below.Output(name);

        public void Run()
        {
            below.Run();
            if (++_runs >= failsAt) throw new InvalidOperationException("the update has failed");
        }

        public void Dispose() => below.Dispose();
    }
}
