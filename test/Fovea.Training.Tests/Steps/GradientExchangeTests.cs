using System.Collections.Concurrent;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;
using Fovea.Training.Batches;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;
using Fovea.Training.State;
using Fovea.Training.Steps;
using Fovea.Training.Weights;

namespace Fovea.Training.Tests.Steps;

/// <summary>Steps whose phases are graphs of their own, because gradients are exchanged between them.</summary>
public class GradientExchangeTests
{
    private static readonly TrainingGraphOptions s_options = new()
    {
        Optimizer = new SgdOptions { Around = [new SamOptions { Rho = 0.5 }, new LookaheadOptions { Every = 2 }] },
        ClipGradientNorm = 0.5, GradientNorm = true, Average = new EmaOptions(),
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Two_who_exchange_make_the_steps_of_one_who_has_the_images_of_both(int accumulate)
    {
        using var meeting = new Meeting(2);
        var alone = Trained(s_options, Linear, batchSize: 8, accumulate, exchange: null);
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(rank => Task.Factory.StartNew(
            () => Trained(s_options, Linear, batchSize: 4, accumulate, meeting, batch => Half(batch, rank)), TaskCreationOptions.LongRunning)));
        AssertNear(alone, both[0], 1e-5);
        AssertNear(both[0], both[1], 0);
    }

    /// <summary>With a loss that remembers, dropout and statistics of batches: what later phases must see as the first did.</summary>
    [Fact]
    public void Phases_that_are_graphs_of_their_own_do_what_one_graph_does()
    {
        var options = s_options with { Loss = new EqlV2Options(), Optimizer = new SgdOptions { Around = WrapperOptions.Kinds } };
        Graph Model(int batch) => TinyModel.Net(batch, dropout: 0.3);
        var joined = Trained(options, Model, batchSize: 4, accumulate: 1, exchange: null);
        var apart = Trained(options, Model, batchSize: 4, accumulate: 1, new Alone());
        AssertNear(joined, apart, 1e-5);
    }

    [Fact]
    public void Accumulated_batches_look_around_one_by_one_in_either_arrangement()
    {
        var joined = Trained(s_options, Net, batchSize: 4, accumulate: 2, exchange: null);
        var apart = Trained(s_options, Net, batchSize: 4, accumulate: 2, new Alone());
        AssertNear(joined, apart, 1e-5);
    }

    private static Graph Linear(int batch) => TinyModel.LinearNet(batch);

    private static Graph Net(int batch) => TinyModel.Net(batch);

    private static Batch Half(Batch batch, int rank) =>
        new(4, batch.Images.Slice(rank * 4 * TinyModel.ImageElements, 4 * TinyModel.ImageElements), batch.Labels.Slice(rank * 4, 4));

    /// <summary>What stays after two epochs of 16 images in batches of 8, or of what <paramref name="own"/> makes of these.</summary>
    private static Dictionary<string, float[]> Trained(
        TrainingGraphOptions options, Func<int, Graph> model, int batchSize, int accumulate, IGradientExchange? exchange, Func<Batch, Batch>? own = null)
    {
        using var session = new ReferenceBackend().Open();
        using var step = new TrainingStep(session, model, options, batchSize, accumulate, exchange: exchange);
        var state = new RunState();
        for (var epoch = 0; epoch < 2; epoch++)
            foreach (var batch in new MemoryBatches(16, own is null ? batchSize : 8).Epoch(epoch)) step.Run(own?.Invoke(batch) ?? batch, state, rate: 0.2);
        return session.Kept().Where(name => !SlotNames.IsGradient(name)).ToDictionary(name => name, name => session.Read(name).Floats.ToArray());
    }

    private static void AssertNear(Dictionary<string, float[]> wanted, Dictionary<string, float[]> actual, double tolerance)
    {
        Assert.Equal(wanted.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, numbers) in wanted)
            for (var i = 0; i < numbers.Length; i++)
                Assert.True(Math.Abs(numbers[i] - actual[name][i]) <= tolerance, $"{name}[{i}] is {actual[name][i]}; wanted {numbers[i]}");
    }

    private sealed class Alone : IGradientExchange
    {
        public int Sum(ISession session, IReadOnlyList<string> slots, int samples) => samples;
    }

    /// <summary>Threads that meet, each with a session of its own.</summary>
    private sealed class Meeting(int count) : IGradientExchange, IDisposable
    {
        private readonly Barrier _barrier = new(count);
        private readonly ConcurrentDictionary<int, (ISession Session, int Samples)> _all = [];

        public int Sum(ISession session, IReadOnlyList<string> slots, int samples)
        {
            _all[Environment.CurrentManagedThreadId] = (session, samples);
            _barrier.SignalAndWait();
            var together = _all.OrderBy(entry => entry.Key).Select(entry => entry.Value).ToArray();
            var sums = slots.Select(slot => Total([.. together.Select(one => one.Session.Read(slot))])).ToArray();
            _barrier.SignalAndWait();
            for (var i = 0; i < sums.Length; i++) session.Write(slots[i], sums[i]);
            _barrier.SignalAndWait();
            return together.Sum(one => one.Samples);
        }

        public void Dispose() => _barrier.Dispose();

        private static HostTensor Total(HostTensor[] parts)
        {
            var sum = new float[parts[0].Shape.Elements];
            foreach (var part in parts)
                for (var i = 0; i < sum.Length; i++) sum[i] += part.Floats[i];
            return HostTensor.Of(parts[0].Shape, sum);
        }
    }
}
