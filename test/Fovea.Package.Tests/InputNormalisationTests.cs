using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Sources;
using Fovea.Tensors;

namespace Fovea.Package.Tests;

/// <summary>What the beginning of a graph from a file does to images; files that are made to cost much are told at once.</summary>
public sealed class InputNormalisationTests
{
    private const long Little = 10 << 20;

    private static readonly Dictionary<string, HostTensor> s_none = [];

    [Fact]
    public void Images_of_very_many_channels_that_double_again_and_again_are_not_followed()
    {
        var graph = new Graph("wide");
        var x = graph.Input("x", TensorType.F32(1, 1 << 16, 1, 1));
        for (var i = 0; i < 8; i++) x = x.Concat(1, x);
        graph.Output("y", x);
        Assert.Null(Costing(Little, () => InputNormalisation.Of(graph, s_none)));
    }

    [Fact]
    public void Channels_that_double_again_and_again_are_not_followed()
    {
        var graph = new Graph("doubled");
        var x = graph.Input("x", TensorType.F32(1, 3, 1, 1));
        for (var i = 0; i < 22; i++) x = x.Concat(1, x);
        graph.Output("y", x);
        Assert.Null(Costing(Little, () => InputNormalisation.Of(graph, s_none)));
    }

    [Fact]
    public void A_long_chain_of_numbers_is_one_normalisation()
    {
        var graph = new Graph("long");
        var x = graph.Input("x", TensorType.F32(1, 3, 2, 2));
        for (var i = 0; i < 20_000; i++) x = x.Plus(-0.5 / 20_000);
        graph.Output("y", x);
        var found = InputNormalisation.Of(graph, s_none);
        Assert.NotNull(found);
        Assert.Equal((x, true), (found.End, found.IsInOrder));
        Assert.All(found.Preprocessing.Mean, mean => Assert.Equal(0.5, mean, 1e-6));
    }

    private static T Costing<T>(long bytes, Func<T> work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = work();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes);
        return result;
    }
}
