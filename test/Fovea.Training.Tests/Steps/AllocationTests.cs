using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;
using Fovea.Training.Batches;
using Fovea.Training.Optimizers;
using Fovea.Training.State;
using Fovea.Training.Steps;

namespace Fovea.Training.Tests.Steps;

public class AllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_step_allocates_nothing_beside_what_the_backend_does(int accumulate)
    {
        using var session = new IdleSession();
        var options = new TrainingGraphOptions
        {
            Optimizer = new AdamWOptions(), Average = new EmaOptions { Decay = 0.9 }, ClipGradientNorm = 1, GradientNorm = true,
        };
        using var step = new TrainingStep(session, batch => TinyModel.Net(batch, dropout: 0.5), options, batchSize: 2, accumulate);
        var batch = new Batch(2, new float[2 * TinyModel.ImageElements], new int[2]);
        var state = new RunState();
        step.Run(batch, state, rate: 0.1);
        step.Run(batch, state, rate: 0.1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) step.Run(batch, state, rate: 0.1);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(102 / accumulate, state.Step);
    }

    /// <summary>Has memory for inputs and outputs, and computes nothing.</summary>
    private sealed class IdleSession : ISession
    {
        public IReadOnlyList<string> Variables => [];

        public IExecutable Compile(Graph graph, ulong seed = 0) => new IdleExecutable(graph);

        public void Write(string variable, HostTensor value) => throw new NotSupportedException();

        public HostTensor Read(string variable) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private sealed class IdleExecutable(Graph graph) : IExecutable
    {
        private readonly Dictionary<string, byte[]> _memory = graph.Variables.Select(value => (value.Variable!.Label, value.Type))
            .Concat(graph.Outputs.Select(output => (output.Name, output.Value.Type)))
            .ToDictionary(entry => entry.Item1, entry => new byte[entry.Type.Bytes]);

        public Graph Graph => graph;

        public Span<byte> Input(string name) => _memory[name];

        public ReadOnlySpan<byte> Output(string name) => _memory[name];

        public void Run()
        {
        }

        public void Dispose()
        {
        }
    }
}
