using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Training.Tests.Deploying;

/// <summary>The reference backend, but the second session that is opened gets the first element of every weight wrong.</summary>
internal sealed class SkewedBackend : IBackend
{
    private readonly ReferenceBackend _sound = new();
    private int _opened;

    public string Name => "skewed";

    public ISession Open() => ++_opened == 2 ? new Skewed(_sound.Open()) : _sound.Open();

    private sealed class Skewed(ISession sound) : ISession
    {
        public IReadOnlyList<string> Variables => sound.Variables;

        public IExecutable Compile(Graph graph, ulong seed = 0) => sound.Compile(graph, seed);

        public void Write(string variable, HostTensor value)
        {
            var wrong = value.Copy();
            wrong.Floats[0] += 1;
            sound.Write(variable, wrong);
        }

        public HostTensor Read(string variable) => sound.Read(variable);

        public void Dispose() => sound.Dispose();
    }
}
