using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Training.Deploying;

/// <summary>Plans over one set of weights.</summary>
internal sealed class WeightedPlans : IDisposable
{
    private readonly ISession _session;
    private readonly List<IExecutable> _plans = [];

    internal WeightedPlans(IBackend backend, IReadOnlyDictionary<string, HostTensor> weights, params ReadOnlySpan<Graph> graphs)
    {
        _session = backend.Open();
        try
        {
            foreach (var graph in graphs) _plans.Add(_session.Compile(graph));
            foreach (var name in _session.Variables)
                _session.Write(name, weights.TryGetValue(name, out var tensor) ? tensor : throw new GraphException($"the weight '{name}' is missing"));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The results of a plan for the first <paramref name="count"/> images of a batch.</summary>
    internal ReadOnlySpan<float> Rows(int plan, string output, int count, int batch)
    {
        var all = _plans[plan].Result(output);
        return all[..(all.Length / batch * count)];
    }

    /// <summary>Runs every plan on the same images, which may be fewer than the plans take; what is behind them stays from before.</summary>
    internal void Run(ReadOnlySpan<float> images, string input)
    {
        foreach (var plan in _plans)
        {
            images.CopyTo(plan.Floats(input));
            plan.Run();
        }
    }

    public void Dispose()
    {
        foreach (var plan in _plans) plan.Dispose();
        _session.Dispose();
    }
}
